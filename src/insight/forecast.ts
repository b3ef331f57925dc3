import { addDays, type Day } from '../core/time.ts';
import { dailyChanges, type Change, type ToldPoint } from './daily-change.ts';
import { bandsOf } from './forecast-band.ts';
import { bestOf, chooseThen, gainOf, LEAST_ORIGINS, meanMase } from './forecast-choice.ts';
import { MODEL_NAMES, modelsOf, type ForecastKind, type ModelName } from './forecast-model.ts';
import {
  backtest,
  clampFlow,
  LEAST_TRAINING,
  MOST_ORIGINS,
  MOST_TRAINING,
  ORIGIN_STEP,
  weeklyDifference,
} from './forecast-origin.ts';
import { standsOf } from './stale.ts';

export { MOST_ORIGINS, MOST_TRAINING, ORIGIN_STEP } from './forecast-origin.ts';

/** Of the days so many must have a value. */
const LEAST_COVERAGE = 0.7;

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
  /** By how much that is less than of the naive model, and what of it may be luck: of no more than that nothing is made. */
  gain: number;
  luck: number;
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
  /** False when no other model did better than the naive one by more than may be luck: the naive one is then used. */
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

/**
 * Forecasts a counter `horizon` days ahead by the candidate that did best on its own past: from origins a week apart each
 * candidate forecasts the days that followed, on nothing but the days before (rolling origin; Tashman 2000), and the mean of
 * its scaled errors decides (MASE; Hyndman and Koehler 2006), but the naive one stays where a gain over it may be luck. A
 * level is scored as a level, a flow by its daily values.
 *
 * The band holds the level. It lies as far from the forecast as past forecasts of the same distance did, in units of the
 * series' own weekly differences, with the room that few of them need (split conformal prediction; Lei et al. 2018),
 * corrected by how often bands drawn so had held before (adaptive conformal inference; Gibbs and Candès 2021).
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
  const model = bestOf(origins, horizon);
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
    scores: MODEL_NAMES.map((name) => ({
      model: name,
      mase: meanMase(origins, name),
      ...gainOf(origins, name, horizon),
    })).toSorted((a, b) => a.mase - b.mase),
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
