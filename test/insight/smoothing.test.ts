import { expect, test } from 'vitest';
import { smooth } from '../../src/insight/smoothing.ts';

const VALUES = [
  30, 21, 29, 31, 40, 48, 53, 47, 37, 39, 31, 29, 17, 9, 20, 24, 27, 35, 41, 38, 27, 31, 27, 26, 21, 13, 21, 18, 33, 35,
  40, 36, 22, 24, 21, 20, 17, 14, 17, 19,
];
const WEIGHTS = { level: 0.4, trend: 0.2, season: 0.05, damping: 0.9 };

// statsmodels 0.15.0: ETSModel(values, error='add', trend='add', damped_trend=True, seasonal='add', seasonal_periods=7,
// initialization_method='known', initial_level=33, initial_trend=0.5, initial_seasonal=[-3, -8, -1, 2, 4, 5, 1])
// .smooth([0.4, 0.08, 0.05, 0.9]).forecast(9); its weight of the trend is level x trend. Error: mean(abs(resid)).
test('Holt-Winters is that of statsmodels', () => {
  const { forecast, error } = smooth(VALUES, WEIGHTS, { level: 33, trend: 0.5, seasons: [-3, -8, -1, 2, 4, 5, 1] }, 9);
  const expected = [19.282513, 14.98783, 12.584025, 6.783022, 11.154948, 12.688232, 13.716202, 14.94567, 11.084672];
  for (const [at, value] of expected.entries()) expect(forecast[at]).toBeCloseTo(value, 5);
  expect(error).toBeCloseTo(8.268294, 5);
});

// ExponentialSmoothing(values, trend='add', damped_trend=True, initialization_method='known', initial_level=33,
// initial_trend=0.5).fit(smoothing_level=0.4, smoothing_trend=0.2, damping_trend=0.9, optimized=False).forecast(4).
test('without seasons it is damped Holt', () => {
  const { forecast, error } = smooth(VALUES, WEIGHTS, { level: 33, trend: 0.5, seasons: [] }, 4);
  for (const [at, value] of [15.734826, 15.053431, 14.440176, 13.888246].entries())
    expect(forecast[at]).toBeCloseTo(value, 5);
  expect(error).toBeCloseTo(8.053057, 5);
});
