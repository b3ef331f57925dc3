import { quantile } from 'simple-statistics';
import { addDays, type Day } from '../core/time.ts';
import { dailyChanges, type Change, type ToldPoint } from './daily-change.ts';
import { MODEL_NAMES, modelsOf, type ForecastKind, type Forecaster, type ModelName } from './forecast-model.ts';
import { standsOf } from './stale.ts';

/** Models learn from so many days at most, and at least. */
export const MOST_TRAINING = 182;
const LEAST_TRAINING = 28;
/** Past forecasts are made a week apart, for a year at most. */
export const ORIGIN_STEP = 7;
export const MOST_ORIGINS = 52;
/** Fewer past forecasts than these choose no model. */
const LEAST_ORIGINS = 5;
/** Of the days so many must have a value. */
const LEAST_COVERAGE = 0.7;
/** What a band promises to hold. */
const BAND = 0.8;
/** The weights of smoothing are learnt again after so many past forecasts: each learning costs a hundred passes. */
const REFIT_EVERY = 4;
/** A more elaborate model must be better than a plainer one by this much. */
const WORTH = 0.02;
/** A band rests on so many past errors of about the same distance. */
const LEAST_ERRORS = 10;
/** Errors of so many days more or less ahead are like. */
const NEAR = 2;
/** How fast a band that held too little or too much is corrected. */
const CORRECTION = 0.05;

/** Why there is no forecast. */
export type NoForecast =
  | { kind: 'too_little'; days: number; needed: number }
  | { kind: 'gaps'; coverage: number; needed: number }
  /** `isOpen`: it may have stood for longer than the days that were looked at. */
  | { kind: 'stale'; since: Day; days: number; isOpen: boolean };

/** How a model did on the past forecasts. */
export interface ModelScore {
  model: ModelName;
  /** Mean absolute error / mean absolute difference to the same weekday a week before, in training; the mean over all origins. */
  mase: number;
}

/** One day ahead. */
export interface ForecastDay {
  day: Day;
  /** The change of that day. */
  change: number;
  /** The level on that day, with its band; null where too few past errors are known. */
  level: number;
  low: number | null;
  high: number | null;
}

/** What is to come, and what that is worth. */
export interface Forecast {
  model: ModelName;
  /** False when no other model did better than the naive one, which is then the one used. */
  beatsNaive: boolean;
  /** Every candidate, the best first. */
  scores: ModelScore[];
  /** The error of always taking the model that was best by then: what choosing is worth. Null without enough of a past. */
  chosenMase: number | null;
  naiveMaseThen: number | null;
  origins: number;
  /** Days that the models learn from; of these, those that were filled because their own change is not known; they are never scored. */
  trainingDays: number;
  filledDays: number;
  /** The last known day and its value. */
  from: Day;
  value: number;
  days: ForecastDay[];
  /** Of the values on past days ahead, the share that lay within the band that was drawn before; null without any. */
  coverage: number | null;
  /** Values that this was counted on. */
  coverageDays: number;
}

/** A past forecast and what became of it. */
interface Origin {
  at: number;
  scale: number;
  forecasts: Record<ModelName, number[]>;
  mase: Record<ModelName, number>;
}

/**
 * Forecasts a counter `horizon` days ahead by the candidate that did best on its own past: from origins a week apart each
 * candidate forecasts the days that followed, on nothing but the days before (rolling origin; Tashman 2000), and the mean of
 * its scaled errors decides (MASE; Hyndman and Koehler 2006). A level is scored as a level, a flow by its daily values.
 *
 * The band holds the level. It lies as far from the forecast as past forecasts of the same distance did, in units of the series' own weekly
 * differences, corrected by how often bands drawn so had held before (adaptive conformal inference; Gibbs and Candès 2021).
 * Its coverage is counted on bands that knew nothing of the days that they were drawn for.
 * @param points in order of their days.
 * @param oddDays whose change is not the audience's: taken as the day before, and never scored; so are changes of provider.
 */
export function forecastSeries(
  points: readonly ToldPoint[],
  kind: ForecastKind,
  horizon: number,
  oddDays: ReadonlySet<Day> = new Set(),
): Forecast | NoForecast {
  const all = dailyChanges(points);
  const recent = all.slice(-(MOST_TRAINING + horizon + MOST_ORIGINS * ORIGIN_STEP));
  const series = fillGaps(recent, oddDays);
  const stand = standsOf(all).at(-1);
  if (stand?.isStale) return { kind: 'stale', since: stand.since, days: stand.days, isOpen: stand.isOpen };
  const needed = LEAST_TRAINING + horizon + (LEAST_ORIGINS - 1) * ORIGIN_STEP;
  if (series.changes.length < needed) return { kind: 'too_little', days: series.changes.length, needed };
  const coverage = series.isKnown.filter(Boolean).length / series.changes.length;
  if (coverage < LEAST_COVERAGE) return { kind: 'gaps', coverage, needed: LEAST_COVERAGE };

  const { changes, isKnown } = series;
  const origins = backtest(changes, isKnown, kind, horizon);
  if (origins.length < LEAST_ORIGINS) return { kind: 'too_little', days: changes.length, needed };
  const model = bestOf(origins);
  const chosen = chooseThen(origins, horizon);
  const training = changes.slice(-MOST_TRAINING);
  const ahead = clampFlow(modelsOf(kind)[model].fit(training)(training, horizon), kind);
  const bands = bandsOf(origins, model, changes, isKnown, horizon);
  const reach = bands.next(weeklyDifference(training, kind) ?? 0);
  const last = recent.at(-1) as { day: Day; value: number };
  let level = last.value;
  return {
    model,
    beatsNaive: model !== 'naive',
    scores: MODEL_NAMES.map((name) => ({ model: name, mase: meanMase(origins, name) })).toSorted(
      (a, b) => a.mase - b.mase,
    ),
    chosenMase: chosen?.mase ?? null,
    naiveMaseThen: chosen?.naive ?? null,
    origins: origins.length,
    trainingDays: training.length,
    filledDays: isKnown.slice(-MOST_TRAINING).filter((known) => !known).length,
    from: last.day,
    value: last.value,
    days: ahead.map((change, at): ForecastDay => {
      level += change;
      const band = reach[at];
      // What only adds up does not fall, nor does a count below 0.
      const least = kind === 'flow' ? last.value : 0;
      const low = band ? Math.max(least, level + band.low) : null;
      const high = band ? Math.max(least, level + band.high) : null;
      return { day: addDays(last.day, at + 1), change, level: Math.max(0, level), low, high };
    }),
    coverage: bands.coverage,
    coverageDays: bands.count,
  };
}

/** Daily changes without holes; a change over several days is spread evenly over them, and none of these is known. */
function fillGaps(recent: readonly Change[], oddDays: ReadonlySet<Day>): { changes: number[]; isKnown: boolean[] } {
  const changes: number[] = [];
  const isKnown: boolean[] = [];
  for (const { day, days, change, switched } of recent) {
    const isOdd = switched !== null || oddDays.has(day);
    const each = isOdd ? (changes.at(-1) ?? 0) : change / days;
    for (let at = 0; at < days; at++) {
      changes.push(each);
      isKnown.push(days === 1 && !isOdd);
    }
  }
  return { changes, isKnown };
}

/** Each past forecast of every candidate, oldest first. */
function backtest(
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
function clampFlow(forecast: number[], kind: ForecastKind): number[] {
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
function weeklyDifference(training: readonly number[], kind: ForecastKind): number | null {
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

function meanMase(origins: readonly Origin[], name: ModelName): number {
  return origins.reduce((sum, { mase }) => sum + mase[name], 0) / origins.length;
}

/** The model with the least error; of two that are as good, the plainer. */
function bestOf(origins: readonly Origin[]): ModelName {
  let best: ModelName = 'naive';
  for (const name of MODEL_NAMES) {
    if (meanMase(origins, name) < meanMase(origins, best) * (1 - WORTH)) best = name;
  }
  return best;
}

/** The error of the model that was best by each origin, and of the naive one at the same origins. */
function chooseThen(origins: readonly Origin[], horizon: number): { mase: number; naive: number } | null {
  let [mase, naive, count] = [0, 0, 0];
  for (const origin of origins) {
    const before = origins.filter(({ at }) => at + horizon <= origin.at);
    if (before.length < LEAST_ORIGINS) continue;
    mase += origin.mase[bestOf(before)];
    naive += origin.mase.naive;
    count++;
  }
  return count === 0 ? null : { mase: mase / count, naive: naive / count };
}

interface Band {
  low: number;
  high: number;
}

/** Bands about the forecasts of a model, one origin after the other, each from the errors that were known by then. */
function bandsOf(
  origins: readonly Origin[],
  model: ModelName,
  changes: readonly number[],
  isKnown: readonly boolean[],
  horizon: number,
): { next: (scale: number) => (Band | undefined)[]; coverage: number | null; count: number } {
  /** The error of the level at each distance, in units of the origin's scale; null on days not known. */
  const errors = origins.map(({ at, scale, forecasts }) => {
    let off = 0;
    return forecasts[model].map((value, ahead) => {
      off += (changes[at + ahead] as number) - value;
      return isKnown[at + ahead] ? off / scale : null;
    });
  });
  const misses: (number | null)[] = [];
  let [held, count] = [0, 0];
  const bandAt = (now: number, scale: number): (Band | undefined)[] => {
    let outside = 1 - BAND;
    for (const [index, miss] of misses.entries()) {
      const isOver = (origins[index] as Origin).at + horizon <= now;
      if (isOver && miss !== null) outside += CORRECTION * (1 - BAND - miss);
    }
    outside = Math.min(0.6, Math.max(0.02, outside));
    return Array.from({ length: horizon }, (_, ahead) => {
      const known: number[] = [];
      for (const [index, { at }] of origins.entries()) {
        for (let near = Math.max(0, ahead - NEAR); near <= Math.min(horizon - 1, ahead + NEAR); near++) {
          const error = errors[index]?.[near];
          if (at + near < now && error !== null && error !== undefined) known.push(error);
        }
      }
      if (known.length < LEAST_ERRORS) return undefined;
      // The forecast itself is within its band, also where past ones erred to one side.
      const [low, high] = [quantile(known, outside / 2), quantile(known, 1 - outside / 2)];
      return { low: scale * Math.min(0, low), high: scale * Math.max(0, high) };
    });
  };
  for (const [index, { at, scale }] of origins.entries()) {
    const band = bandAt(at, scale);
    let [inside, seen] = [0, 0];
    for (const [ahead, error] of (errors[index] as (number | null)[]).entries()) {
      const reach = band[ahead];
      if (error === null || !reach) continue;
      seen++;
      if (error * scale >= reach.low && error * scale <= reach.high) inside++;
    }
    misses.push(seen === 0 ? null : 1 - inside / seen);
    held += inside;
    count += seen;
  }
  return { next: (scale) => bandAt(changes.length, scale), coverage: count === 0 ? null : held / count, count };
}
