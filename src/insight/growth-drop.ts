import { addDays, type Day } from '../core/time.ts';
import type { Doubt } from './anomaly.ts';
import { growthBetween, LEAST_COVERAGE, START_SLACK_DAYS, type CoveredGrowth } from './coverage.ts';
import { dailyChanges, roundingStep, type Change, type ToldPoint } from './daily-change.ts';
import { robustScale } from './robust-scale.ts';
import { standsOf } from './stale.ts';

/** What comes before the two windows says whether a counter that stands is read at all: 8 weeks, and a stand before. */
const HISTORY = 120;
/** A drop of fewer followers is no news, whatever the percentage. */
const FLOOR = 10;
const FLOOR_OF_LEVEL = 0.001;
/** Two windows differ by chance: by more than so many of its standard deviations rarely. */
const CHANCE = 2.5;
/** The days before the window that say how much days differ; and how many of their changes have to be known. */
const REFERENCE_DAYS = 56;
const LEAST_REFERENCE = 7;
/** A counter that moves on so many days and did not was not read. */
const MOVES_DAILY = 0.8;

/** How far back a day's drop depends on what was known. Days. */
export function dropHistory(days: number): number {
  return 2 * days + START_SLACK_DAYS + HISTORY;
}

/** Fewer new followers in a window than in the one before it. */
export interface GrowthDrop {
  day: Day;
  now: CoveredGrowth;
  before: CoveredGrowth;
  /** Followers gained in as many days as a window has, at the pace of each; a gap makes their days unequal. */
  gain: number;
  gainBefore: number;
  /** Percent of the gain before; over 100 when followers were lost. Null when nothing was gained before. */
  drop: number | null;
  /** The difference that was needed. */
  least: number;
  doubts: Doubt[];
}

/**
 * Compares the followers gained in the `days` days that end on the last known day with those of the `days` days before.
 * A drop is at least `threshold` percent of what was gained before (of what was lost, where followers were lost before; any
 * loss is one, where they stood), and no less than 10 followers, 0.1 % of the level, two of the units that the platform
 * rounds to, and what two windows differ by when days go up and down as they did in the 56 days before. Null too where fewer than 70 % of the days of either window are known, or the counter stands for so long that it is
 * stale. What is known of days longer ago than `dropHistory` changes nothing.
 * @param points in order of their days.
 */
export function findGrowthDrop(
  points: readonly ToldPoint[],
  { days, threshold }: { days: number; threshold: number },
): GrowthDrop | null {
  const day = points.findLast(({ value }) => value !== null)?.day;
  if (day === undefined) return null;
  const after = addDays(day, -dropHistory(days));
  const recent = points.filter((point) => point.day > after && point.day <= day);
  const now = growthBetween(recent, addDays(day, 1 - days), day);
  const before = growthBetween(recent, addDays(day, 1 - 2 * days), addDays(day, -days));
  const [gain, gainBefore] = [gainOf(now), gainOf(before)];
  if (gain === null || gainBefore === null) return null;
  const changes = dailyChanges(recent);
  const least = Math.max(leastDifference(recent, now, before), CHANCE * differenceByChance(changes, now, days));
  const difference = gainBefore - gain;
  if (difference < least || difference * 100 < threshold * Math.abs(gainBefore)) return null;
  const stand = standsOf(changes).at(-1);
  if (stand?.isStale) return null;
  const doubts: Doubt[] = [];
  if (stand && stand.days > 1 && (stand.share ?? 0) >= MOVES_DAILY) doubts.push({ kind: 'stalled', days: stand.days });
  const switched = changes.findLast(
    (change) => change.switched !== null && change.day > (before.startDay ?? ''),
  )?.switched;
  if (switched) doubts.push({ kind: 'provider', ...switched });
  const drop = gainBefore > 0 ? (difference / gainBefore) * 100 : null;
  return { day, now, before, gain, gainBefore, drop, least, doubts };
}

function gainOf({ change, days, coverage, window }: CoveredGrowth): number | null {
  if (change === null || !days || coverage < LEAST_COVERAGE) return null;
  return days === window ? change : (change / days) * window;
}

function leastDifference(points: readonly ToldPoint[], now: CoveredGrowth, before: CoveredGrowth): number {
  const values = points.flatMap(({ day, value }) => (value !== null && day >= (before.startDay ?? '') ? [value] : []));
  const step = roundingStep(values);
  return Math.max(FLOOR, FLOOR_OF_LEVEL * (now.start as number), step > 1 ? 2 * step : 0);
}

/** The standard deviation of the difference of two windows whose days differ as those before the present one did. */
function differenceByChance(changes: readonly Change[], { startDay }: CoveredGrowth, days: number): number {
  const until = startDay as Day;
  const from = addDays(until, -REFERENCE_DAYS);
  const gains = changes
    .filter(({ day, days: length, switched }) => day > from && day <= until && length === 1 && switched === null)
    .map(({ change }) => change);
  const scale = gains.length < LEAST_REFERENCE ? 0 : (robustScale(gains)?.scale ?? 0);
  return scale * Math.sqrt(2 * days);
}
