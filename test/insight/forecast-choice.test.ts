import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import { bestOf, gainOf, oneSigma, overlappingError } from '../../src/insight/forecast-choice.ts';
import { MODEL_NAMES, type ForecastKind, type ModelName } from '../../src/insight/forecast-model.ts';
import { backtest, type Origin } from '../../src/insight/forecast-origin.ts';
import { forecastSeries } from '../../src/insight/forecast.ts';
import { seededRandom } from '../../src/insight/random.ts';

const HORIZON = 30;
const weekly = (count: number) => Array.from({ length: count }, (_, index) => 100 + 7 * index);

// statsmodels 0.15.0: OLS(values, ones(10)).fit(cov_type='HAC', cov_kwds={'maxlags': 4, 'use_correction': True}).bse
test('the error of overlapping forecasts is that of statsmodels', () => {
  const values = [0.9, 0.7, 0.8, 0.2, -0.1, 0.1, 0.4, 0.6, 0.5, 0.3];
  expect(overlappingError(values, weekly(10), HORIZON)).toBeCloseTo(0.107455, 6);
});

test('forecasts that do not overlap have the plain standard error, and none has less', () => {
  // numpy 2: std([1, -1, 1, -1, 1, -1], ddof=1) / sqrt(6)
  const values = [1, -1, 1, -1, 1, -1];
  expect(overlappingError(values, weekly(6), 7)).toBeCloseTo(0.447214, 6);
  expect(overlappingError(values, weekly(6), HORIZON)).toBeCloseTo(0.447214, 6);
  expect(overlappingError([1], [100], HORIZON)).toBe(Infinity);
});

test('the error scales with its values, whatever is added to them', () => {
  const value = fc.double({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 52 }), value, (values, more) => {
      const error = overlappingError(values, weekly(values.length), HORIZON);
      const moved = values.map((each) => 2 * each + more);
      expect(overlappingError(moved, weekly(values.length), HORIZON)).toBeCloseTo(2 * error, 6);
    }),
  );
});

// scipy 1.17: scipy.stats.t.isf(scipy.stats.norm.sf(1), [2, 3, 12, 50])
test("one sigma of Student's t is that of scipy to 1 %", () => {
  for (const [freedom, exact] of [
    [2, 1.321],
    [3, 1.1969],
    [12, 1.0434],
    [50, 1.0101],
  ] as const) {
    expect(Math.abs(oneSigma(freedom) / exact - 1)).toBeLessThan(0.01);
  }
});

/** Origins a week apart; the naive model errs as told, the median of 28 days so much less, all others far more. */
function originsOf(naive: readonly number[], gains: readonly number[]): Origin[] {
  return naive.map((error, index) => {
    const mase = Object.fromEntries(MODEL_NAMES.map((name) => [name, 9])) as Record<ModelName, number>;
    Object.assign(mase, { naive: error, 'median 28': error - (gains[index] as number) });
    return { at: 100 + 7 * index, scale: 1, forecasts: {} as Origin['forecasts'], mase };
  });
}

test('a gain that varies more than it is worth is luck; the same gain each time is none', () => {
  const naive = [1, 1, 1, 1, 1, 1];
  expect(bestOf(originsOf(naive, [0.9, -0.3, 0.8, -0.5, 0.6, -0.6]), HORIZON)).toBe('naive');
  expect(bestOf(originsOf(naive, [0.15, 0.1, 0.2, 0.15, 0.1, 0.2]), HORIZON)).toBe('median 28');
  expect(gainOf(originsOf(naive, naive), 'naive', HORIZON)).toEqual({ gain: 0, luck: 0 });
});

/** The choice without regard to luck: the least mean error. */
function leastOf(origins: readonly Origin[]): ModelName {
  const errorOf = (name: ModelName) => origins.reduce((sum, { mase }) => sum + mase[name], 0);
  return MODEL_NAMES.reduce((best, name) => (errorOf(name) < errorOf(best) * 0.98 ? name : best), 'naive');
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

type Make = (random: () => number, days: number) => number[];
const walk: Make = (random, days) => {
  let level = Math.log(5000);
  return Array.from({ length: days }, () => Math.round(Math.exp((level += 0.06 * normal(random)))));
};
const wander: Make = (random, days) => Array.from({ length: days }, () => Math.round(100 * normal(random)));
const drift: Make = (random, days) => Array.from({ length: days }, () => Math.round(50 + 30 * normal(random)));
const rhythm: Make = (random, days) =>
  Array.from({ length: days }, (_, at) => Math.round((at % 7 < 2 ? 1600 : 800) * Math.exp(0.15 * normal(random))));
const bursts: Make = (random, days) => {
  let burst = 0;
  return Array.from({ length: days }, () => {
    burst = burst * 0.7 + (random() < 0.03 ? 5000 * random() : 0);
    return Math.round(800 * Math.exp(0.15 * normal(random)) + burst);
  });
};
/** The views of a video: t to the power of -0.6 to -1.4. */
const decay: Make = (random, days) => {
  const [power, start] = [0.6 + 0.8 * random(), 5 + 40 * random()];
  return Array.from({ length: days }, (_, at) =>
    Math.round(2e6 * (at + start) ** -power * Math.exp(0.1 * normal(random))),
  );
};

const SERIES = 60;
const SHORT = [90, 118, 146];

/** Of short histories: the share for which the rule, and the least error, take the naive model. */
function shareOfNaive(make: Make, kind: ForecastKind): { rule: number; least: number } {
  const random = seededRandom(20_261_122);
  const all = Array.from({ length: SERIES }, (_, index) => make(random, SHORT[index % 3] as number)).map((changes) =>
    backtest(
      changes,
      changes.map(() => true),
      kind,
      HORIZON,
    ),
  );
  const share = (choose: (origins: readonly Origin[]) => ModelName) =>
    all.filter((origins) => choose(origins) === 'naive').length / SERIES;
  return { rule: share((origins) => bestOf(origins, HORIZON)), least: share(leastOf) };
}

describe(`over ${SERIES} made series of 90 to 146 days`, { timeout: 60_000 }, () => {
  test.each([
    ['views that wander', walk, 'flow'],
    ['followers that wander', wander, 'level'],
  ] as const)(
    '%s are left to the naive model, and mistaken for more at most half as often as by the least error',
    (_, make, kind) => {
      const { rule, least } = shareOfNaive(make, kind);
      expect(rule).toBeGreaterThanOrEqual(0.85);
      expect(1 - rule).toBeLessThanOrEqual((1 - least) / 2);
    },
  );

  test.each([
    ['a direction', drift, 'level'],
    ['a rhythm of the week', rhythm, 'flow'],
  ] as const)('%s is still found', (_, make, kind) => {
    expect(shareOfNaive(make, kind).rule).toBeLessThanOrEqual(0.05);
  });

  test('the band holds 75 to 85 % of what comes', () => {
    const random = seededRandom(7);
    let [held, drawn] = [0, 0];
    for (const [make, kind] of [
      [walk, 'flow'],
      [wander, 'level'],
      [drift, 'level'],
      [rhythm, 'flow'],
      [bursts, 'flow'],
      [decay, 'flow'],
    ] as const) {
      for (let index = 0; index < SERIES; index++) {
        const days = SHORT[index % 3] as number;
        let value = 1_000_000;
        const points = [0, ...make(random, days + HORIZON)].map((change, at) => ({
          day: addDays('2025-01-01', at),
          value: (value += change),
          provider: null,
        }));
        const found = forecastSeries(points.slice(0, days + 1), kind, HORIZON);
        if ('kind' in found) continue;
        for (const [ahead, { low, high }] of found.days.entries()) {
          const real = points[days + 1 + ahead]?.value as number;
          if (low === null || high === null) continue;
          drawn++;
          held += Number(real >= low && real <= high);
        }
      }
    }
    expect(held / drawn).toBeGreaterThanOrEqual(0.75);
    expect(held / drawn).toBeLessThanOrEqual(0.85);
  });
});
