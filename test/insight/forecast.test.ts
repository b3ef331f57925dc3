import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import type { ToldPoint } from '../../src/insight/daily-change.ts';
import { forecastSeries, type Forecast, type NoForecast } from '../../src/insight/forecast.ts';
import { MODEL_NAMES, modelsOf } from '../../src/insight/forecast-model.ts';

const START = '2025-01-01';

function counter(gains: readonly number[], first = 10_000): ToldPoint[] {
  let value = first;
  return [0, ...gains].map((gain, at) => ({ day: addDays(START, at), value: (value += gain), provider: 'a' }));
}

const days = (count: number, gain: (at: number) => number) => Array.from({ length: count }, (_, at) => gain(at));
const isForecast = (outcome: Forecast | NoForecast): outcome is Forecast => !('kind' in outcome);

function forecast(points: readonly ToldPoint[], kind: 'level' | 'flow', horizon = 30): Forecast {
  const outcome = forecastSeries(points, kind, horizon);
  if (!isForecast(outcome)) throw new Error(`no forecast: ${JSON.stringify(outcome)}`);
  return outcome;
}

test('the candidates forecast as they are called', () => {
  const changes = days(30, (at) => at + 1);
  const of = (kind: 'level' | 'flow', name: (typeof MODEL_NAMES)[number], horizon: number) =>
    modelsOf(kind)[name].fit(changes)(changes, horizon);
  expect(of('flow', 'naive', 2)).toEqual([30, 30]);
  expect(of('level', 'naive', 2)).toEqual([0, 0]);
  expect(of('flow', 'seasonal naive', 8)).toEqual([24, 25, 26, 27, 28, 29, 30, 24]);
  expect(of('flow', 'mean 7', 2)).toEqual([27, 27]);
  expect(of('flow', 'median 28', 2)).toEqual([16.5, 16.5]);
  expect(of('flow', 'drift', 2)).toEqual([31, 32]);
  expect(of('level', 'drift', 2)).toEqual([15.5, 15.5]);
});

test('followers go on by their changes, from the last value, with a band and its coverage', () => {
  const noise = (at: number) => ((at * 37) % 23) - 11;
  const found = forecast(counter(days(300, (at) => 50 + noise(at))), 'level');
  const last = found.days.at(-1);
  expect(found.beatsNaive).toBe(true);
  expect(found.from).toBe(addDays(START, 300));
  expect(last?.day).toBe(addDays(START, 330));
  expect((last?.level as number) - found.value).toBeGreaterThan(1350);
  expect((last?.level as number) - found.value).toBeLessThan(1650);
  expect(last?.low as number).toBeLessThanOrEqual(last?.level as number);
  expect(last?.high as number).toBeGreaterThanOrEqual(last?.level as number);
  expect(found.coverageDays).toBeGreaterThan(300);
  expect(found.scores[0]?.mase).toBeLessThan(found.scores.find(({ model }) => model === 'naive')?.mase as number);
});

test('a rhythm of the week is found', () => {
  const found = forecast(counter(days(250, (at) => (at % 7 < 2 ? 900 : 100) + ((at * 13) % 29))), 'flow');
  expect(['seasonal naive', 'Holt-Winters']).toContain(found.model);
});

test('followers that wander without a direction are best left where they are, and that is said', () => {
  // +1000 and -1000 in turn by a rule that no candidate knows.
  let state = 7;
  const found = forecast(
    counter(
      days(300, () => {
        state = (state * 16_807) % 2_147_483_647;
        return state % 2 === 0 ? 100 : -100;
      }),
      1_000_000,
    ),
    'level',
  );
  expect(found).toMatchObject({ model: 'naive', beatsNaive: false });
  expect(found.days.at(-1)?.level).toBe(found.value);
});

test('too little, too many gaps and a stale counter have no forecast, and say why', () => {
  expect(forecastSeries([], 'level', 30)).toEqual({ kind: 'too_little', days: 0, needed: 86 });
  expect(forecastSeries(counter(days(85, (at) => 5 + (at % 3))), 'level', 30)).toEqual({
    kind: 'too_little',
    days: 85,
    needed: 86,
  });
  expect(isForecast(forecastSeries(counter(days(86, (at) => 5 + (at % 3))), 'level', 30))).toBe(true);
  const holes = counter(days(200, (at) => 5 + (at % 3))).filter((_, at) => at % 3 > 0);
  expect(forecastSeries(holes, 'level', 30)).toMatchObject({ kind: 'gaps' });
  const stale = counter(days(200, (at) => (at < 150 ? 5 + (at % 3) : 0)));
  expect(forecastSeries(stale, 'flow', 30)).toMatchObject({ kind: 'stale', since: addDays(START, 150), days: 50 });
});

test('days without a number are filled for the models and counted', () => {
  const points = counter(days(200, (at) => 40 + (at % 5))).map((point, at) =>
    at === 180 || at === 181 ? { ...point, value: null } : point,
  );
  expect(forecast(points, 'level').filledDays).toBe(3);
  const switched = counter(days(200, (at) => 40 + (at % 5))).map((point, at) =>
    at < 150 ? point : { ...point, provider: 'b' },
  );
  expect(forecast(switched, 'level').filledDays).toBe(1);
  const odd = forecastSeries(
    counter(days(200, (at) => (at === 190 ? 90_000 : 40 + (at % 5)))),
    'flow',
    30,
    new Set([addDays(START, 191)]),
  );
  expect(isForecast(odd) && odd.days.every(({ change }) => change < 60)).toBe(true);
});

const history = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 120, maxLength: 160 });

test('an unknown number is as good as no row', () => {
  fc.assert(
    fc.property(history, fc.array(fc.nat(110), { maxLength: 10 }), (gains, holes) => {
      const points = counter(gains);
      const unknown = points.map((point, at) => (holes.includes(at) ? { ...point, value: null } : point));
      const without = points.filter((_, at) => !holes.includes(at));
      expect(forecastSeries(unknown, 'level', 14)).toEqual(forecastSeries(without, 'level', 14));
    }),
    { numRuns: 15 },
  );
});

test('what only adds up never falls, and the forecast is within its band', () => {
  fc.assert(
    fc.property(history, (gains) => {
      const found = forecast(counter(gains), 'flow', 14);
      let before = found.value;
      for (const { change, level, low, high } of found.days) {
        expect(change).toBeGreaterThanOrEqual(0);
        expect(level).toBeCloseTo(before + change, 6);
        expect(low === null || (low <= level + 1e-6 && low >= found.value)).toBe(true);
        expect(high === null || high >= level - 1e-6).toBe(true);
        before = level;
      }
    }),
    { numRuns: 15 },
  );
});

test('more followers to begin with, or another unit, shift and scale the forecast', () => {
  fc.assert(
    fc.property(history, fc.nat(1_000_000), (gains, more) => {
      const plain = forecast(counter(gains, 1_000_000), 'level', 14);
      const shifted = forecast(counter(gains, 1_000_000 + more), 'level', 14);
      expect(shifted.model).toBe(plain.model);
      expect(shifted.days.at(-1)?.level).toBeCloseTo((plain.days.at(-1)?.level as number) + more, 4);
      const doubled = forecast(
        counter(
          gains.map((gain) => gain * 2),
          2_000_000,
        ),
        'level',
        14,
      );
      expect(doubled.scores[0]?.mase).toBeCloseTo(plain.scores[0]?.mase as number, 6);
      expect(doubled.days.at(-1)?.high).toBeCloseTo(2 * (plain.days.at(-1)?.high as number), 3);
    }),
    { numRuns: 15 },
  );
});
