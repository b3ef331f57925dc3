import { mean, median } from 'simple-statistics';
import { smooth, type SmoothingState, type SmoothingWeights } from './smoothing.ts';

/** What is forecast: a `level` from its daily changes (followers), or a `flow`, the daily changes themselves (views a day). */
export type ForecastKind = 'level' | 'flow';

/** Forecasts the daily changes of the next `horizon` days from those of the days before. */
export type Forecaster = (changes: readonly number[], horizon: number) => number[];

/** Days of the week. */
const SEASON = 7;

/** From the plainest to the most elaborate. */
export const MODEL_NAMES = [
  'naive',
  'seasonal naive',
  'mean 7',
  'median 28',
  'drift',
  'damped Holt',
  'Holt-Winters',
] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

/** A model: what it learns once from the days so far, and may keep for the weeks to come, as weights. */
export interface Model {
  fit: (changes: readonly number[]) => Forecaster;
}

/**
 * The candidates. The naive one and the drift are those of the series that is shown: a level stays as it is, or goes on
 * by the mean of all its changes; a flow repeats its last day, or goes on along the line from its first to its last day.
 * The others forecast the changes, and a level adds them up.
 */
export function modelsOf(kind: ForecastKind): Record<ModelName, Model> {
  const plain = (forecaster: Forecaster): Model => ({ fit: () => forecaster });
  return {
    naive: plain((changes, horizon) => repeat(kind === 'level' ? 0 : (changes.at(-1) as number), horizon)),
    'seasonal naive': plain((changes, horizon) =>
      Array.from({ length: horizon }, (_, at) => changes[changes.length - SEASON + (at % SEASON)] as number),
    ),
    'mean 7': plain((changes, horizon) => repeat(mean(changes.slice(-7)), horizon)),
    'median 28': plain((changes, horizon) => repeat(median(changes.slice(-28)), horizon)),
    drift: plain((changes, horizon) => {
      if (kind === 'level') return repeat(mean([...changes]), horizon);
      const last = changes.at(-1) as number;
      const slope = (last - (changes[0] as number)) / (changes.length - 1);
      return Array.from({ length: horizon }, (_, at) => last + slope * (at + 1));
    }),
    'damped Holt': smoothing(false),
    'Holt-Winters': smoothing(true),
  };
}

function repeat(value: number, count: number): number[] {
  return Array.from({ length: count }, () => value);
}

const LEVELS = [0.05, 0.1, 0.2, 0.4, 0.7];
const TRENDS = [0.01, 0.05, 0.2];
const DAMPINGS = [0.9, 0.98];
const SEASONS = [0.01, 0.05, 0.2];

/** Takes the weights of a grid that forecast each day from those before it with the least mean absolute error. */
function smoothing(hasSeason: boolean): Model {
  return {
    fit: (changes) => {
      const start = startOf(changes, hasSeason);
      let best: { weights: SmoothingWeights; error: number } | undefined;
      for (const level of LEVELS) {
        for (const trend of TRENDS) {
          for (const damping of DAMPINGS) {
            for (const season of hasSeason ? SEASONS : [0]) {
              const weights = { level, trend, damping, season };
              const { error } = smooth(changes, weights, start, 0);
              if (!best || error < best.error) best = { weights, error };
            }
          }
        }
      }
      const { weights } = best as { weights: SmoothingWeights };
      return (later, horizon) => smooth(later, weights, startOf(later, hasSeason), horizon).forecast;
    },
  };
}

/** The level of the first two weeks, no trend, and what each weekday was above it. */
function startOf(changes: readonly number[], hasSeason: boolean): SmoothingState {
  const first = changes.slice(0, 2 * SEASON);
  const level = mean(first);
  const seasons = Array.from(
    { length: hasSeason ? SEASON : 0 },
    (_, at) => mean(first.filter((_value, index) => index % SEASON === at)) - level,
  );
  return { level, trend: 0, seasons };
}
