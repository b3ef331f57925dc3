import { mean } from 'simple-statistics';
import { MODEL_NAMES, type ModelName } from './forecast-model.ts';
import { ORIGIN_STEP, type Origin } from './forecast-origin.ts';

/** Fewer past forecasts than these choose no model. */
export const LEAST_ORIGINS = 5;
/** A more elaborate model must be better than a plainer one by this much. */
const WORTH = 0.02;

export function meanMase(origins: readonly Origin[], name: ModelName): number {
  return origins.reduce((sum, { mase }) => sum + mase[name], 0) / origins.length;
}

/**
 * The model with the least error, of two that are as good the plainer; but the naive one unless that model gained more than may
 * be luck. The least of seven errors is small by luck as well, and the more so the fewer past forecasts there are: within
 * one standard error the plainest model stays (Breiman, Friedman, Olshen and Stone, Classification and Regression Trees,
 * 1984, 3.4.3).
 */
export function bestOf(origins: readonly Origin[], horizon: number): ModelName {
  let best: ModelName = 'naive';
  for (const name of MODEL_NAMES) {
    if (meanMase(origins, name) < meanMase(origins, best) * (1 - WORTH)) best = name;
  }
  const { gain, luck } = gainOf(origins, best, horizon);
  return gain > luck ? best : 'naive';
}

/**
 * By how much a model erred less than the naive one, in the mean over all origins, and what of that may be luck: a standard
 * error, or more of it where it is itself known from little. Only days further apart than the horizon tell of it each on
 * their own, so that it has as many degrees of freedom as horizons lie between the first and the last origin.
 */
export function gainOf(origins: readonly Origin[], name: ModelName, horizon: number): { gain: number; luck: number } {
  const gains = origins.map(({ mase }) => mase.naive - mase[name]);
  const days = origins.map(({ at }) => at);
  const freedom = ((days.at(-1) ?? 0) - (days[0] ?? 0)) / horizon;
  return { gain: mean(gains), luck: oneSigma(freedom) * overlappingError(gains, days, horizon) };
}

/**
 * What Student's t exceeds as often as a normal value exceeds 1, by its expansion in the degrees of freedom (Abramowitz and
 * Stegun 26.7.5, two terms): 1.75 for one (exactly 1.84), 1.04 for 12.
 */
export function oneSigma(freedom: number): number {
  return 1 + 1 / (2 * freedom) + 1 / (4 * freedom ** 2);
}

/**
 * The standard error of the mean of differences between two forecasts whose days overlap: forecasts less than a horizon apart
 * are judged on some of the same days, so that their differences go together and count for fewer (Diebold and Mariano 1995).
 * Their covariances weigh the less the farther apart they are (Newey and West 1987), and never for more than no overlap.
 * @param days on which the forecasts were made, ascending.
 */
export function overlappingError(values: readonly number[], days: readonly number[], horizon: number): number {
  const count = values.length;
  if (count < 2) return Infinity;
  const middle = mean([...values]);
  const reach = Math.floor((horizon - 1) / ORIGIN_STEP) + 1;
  let [own, shared] = [0, 0];
  for (const [later, value] of values.entries()) {
    own += (value - middle) ** 2;
    for (let before = later - 1; before >= 0; before--) {
      const apart = ((days[later] as number) - (days[before] as number)) / ORIGIN_STEP;
      if (apart >= reach) break;
      shared += 2 * (1 - apart / reach) * (value - middle) * ((values[before] as number) - middle);
    }
  }
  return Math.sqrt((own + Math.max(0, shared)) / (count - 1) / count);
}

/** The error of the model that was best by each origin, and of the naive one at the same origins. */
export function chooseThen(origins: readonly Origin[], horizon: number): { mase: number; naive: number } | null {
  let [mase, naive, count] = [0, 0, 0];
  for (const origin of origins) {
    const before = origins.filter(({ at }) => at + horizon <= origin.at);
    if (before.length < LEAST_ORIGINS) continue;
    mase += origin.mase[bestOf(before, horizon)];
    naive += origin.mase.naive;
    count++;
  }
  return count === 0 ? null : { mase: mase / count, naive: naive / count };
}
