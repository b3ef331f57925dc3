import { MODEL_NAMES, modelsOf, type ForecastKind, type Forecaster, type ModelName } from './forecast-model.ts';

/** Models learn from so many days at most, and at least. */
export const MOST_TRAINING = 182;
export const LEAST_TRAINING = 28;
/** Past forecasts are made a week apart, for a year at most. */
export const ORIGIN_STEP = 7;
export const MOST_ORIGINS = 52;
/** The weights of smoothing are learnt again after so many past forecasts: each learning costs a hundred passes. */
const REFIT_EVERY = 4;

/** A past forecast and what became of it. */
export interface Origin {
  at: number;
  scale: number;
  forecasts: Record<ModelName, number[]>;
  mase: Record<ModelName, number>;
}

/** Each past forecast of every candidate, oldest first. */
export function backtest(
  changes: readonly number[],
  isKnown: readonly boolean[],
  kind: ForecastKind,
  horizon: number,
): Origin[] {
  const models = modelsOf(kind);
  const fitted = {} as Record<ModelName, Forecaster>;
  const origins: Origin[] = [];
  const last = changes.length - horizon;
  const count = Math.min(MOST_ORIGINS, Math.floor((last - LEAST_TRAINING) / ORIGIN_STEP) + 1);
  for (let number = count - 1, made = 0; number >= 0; number--, made++) {
    const at = last - number * ORIGIN_STEP;
    const training = changes.slice(Math.max(0, at - MOST_TRAINING), at);
    const scale = weeklyDifference(training, kind);
    const forecasts = {} as Record<ModelName, number[]>;
    const mase = {} as Record<ModelName, number>;
    for (const name of MODEL_NAMES) {
      if (made % REFIT_EVERY === 0) fitted[name] = models[name].fit(training);
      forecasts[name] = clampFlow(fitted[name](training, horizon), kind);
      mase[name] = errorOf(forecasts[name], changes, isKnown, at, kind) / (scale ?? 0);
    }
    // A series that did not change in training has no scale, and nothing known after it no error.
    if (scale && Object.values(mase).every(Number.isFinite)) origins.push({ at, scale, forecasts, mase });
  }
  return origins;
}

/** What only adds up has no negative day. */
export function clampFlow(forecast: number[], kind: ForecastKind): number[] {
  return kind === 'flow' ? forecast.map((value) => Math.max(0, value)) : forecast;
}

/** The mean absolute error on the known days after an origin; NaN where none is. */
function errorOf(
  forecast: readonly number[],
  changes: readonly number[],
  isKnown: readonly boolean[],
  at: number,
  kind: ForecastKind,
): number {
  let [sum, count, off] = [0, 0, 0];
  for (const [ahead, value] of forecast.entries()) {
    const error = (changes[at + ahead] as number) - value;
    off = kind === 'level' ? off + error : error;
    if (!isKnown[at + ahead]) continue;
    sum += Math.abs(off);
    count++;
  }
  return sum / count;
}

/** The mean absolute difference to the value a week before: the error of the seasonal naive forecast in training. Null when 0. */
export function weeklyDifference(training: readonly number[], kind: ForecastKind): number | null {
  let [sum, week] = [0, 0];
  let count = 0;
  for (const [at, change] of training.entries()) {
    week += change - (training[at - ORIGIN_STEP] ?? 0);
    if (at < ORIGIN_STEP) continue;
    sum += Math.abs(kind === 'level' ? week : change - (training[at - ORIGIN_STEP] as number));
    count++;
  }
  return sum === 0 ? null : sum / count;
}
