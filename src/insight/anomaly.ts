import { median } from 'simple-statistics';
import { addDays, daysBetween, type Day } from '../core/time.ts';
import { dailyChanges, roundingStep, type Change, type ToldPoint } from './daily-change.ts';
import { robustScale, type RobustScale } from './robust-scale.ts';
import { standsOf, type Stand } from './stale.ts';

/** A change is compared with the eight weeks before it. */
export const REFERENCE_DAYS = 56;
/** And not with fewer daily changes than these. */
const LEAST_REFERENCE = 21;
/** Of the days since the first of them so many must have a value. */
const LEAST_COVERAGE = 0.7;
/** Weekdays say what is expected when each is known so many times; all days together do otherwise. */
const LEAST_WEEKDAYS = 3;
/** Iglewicz and Hoaglin 1993: a modified z-score beyond this is an outlier. */
const LIMIT = 3.5;
/** No change is worth a word that is not this far from what is expected. */
const FLOOR = 10;
const FLOOR_OF_FOLLOWERS = 0.001;
const FLOOR_OF_EXPECTED = 0.25;
/** A counter that moves on a smaller share of days is judged by its moves; by their spread from so many on. */
const MOVES_MOSTLY = 0.9;
const LEAST_MOVES = 5;
/** Flags that are no further apart are one episode. */
const COOL_DOWN_DAYS = 7;
/** A counter that moves on so many days and did not was not read. */
const MOVES_DAILY = 0.8;

/** `level` goes both ways (followers); `total` only adds up (views, likes). */
export type CounterKind = 'level' | 'total';

/** What may explain a change other than the audience. */
export type Doubt =
  | { kind: 'gap'; days: number }
  | { kind: 'stalled'; days: number }
  | { kind: 'provider'; from: string; to: string }
  | { kind: 'posts_added'; posts: number }
  | { kind: 'total_fell' };

/** A day whose change is not what the weeks before it lead to expect. */
export interface Anomaly {
  day: Day;
  /** The change since the known value before, and the days that it is of. */
  change: number;
  days: number;
  /** The change a day: what is judged. */
  observed: number;
  expected: number;
  low: number;
  high: number;
  /** The modified z-score; null when the weeks before do not differ at all, or when a total fell. */
  score: number | null;
  method: string;
  /** Daily changes that it was compared with. */
  n: number;
  doubts: Doubt[];
}

/** Flagged days in one direction with at most a week between: told once, by the day that is furthest off. */
export interface Episode {
  peak: Anomaly;
  from: Day;
  until: Day;
  flaggedDays: number;
}

/** What was found in a window of a series. */
export interface AnomalyFindings {
  anomalies: Anomaly[];
  /** Days of the window whose change could be judged. */
  judgedDays: number;
  /** Judged days on which it stood still; of these, those on which it was stale. */
  staleDays: number;
  /** Set when it stands still now, for too long. */
  stale: Stand | null;
}

/**
 * The days from `from` on whose change is an outlier.
 *
 * What is expected of a day is the median change of the same weekday in the 56 days before (of all days, until each weekday
 * is known three times); how far off it is, is the modified
 * z-score on the scale of all changes of these days about their own weekdays. Totals and rises are compared as
 * log(1 + change), because they grow by factors. A loss of followers is compared as it is and one-sided: that fewer came
 * than usual is no anomaly. A counter that moves on fewer than nine days of ten (rounded, or small) is judged by its moves alone. In each case
 * the change must also be off by 10, by 0.1 % of the followers or 25 % of what is expected of a total, and by two of the
 * units that the platform rounds to.
 *
 * A change of 0 is never an anomaly; a counter that stands too long is stale. The change after a gap or a stand is judged
 * by its mean a day (after a stand, also as it is: one of the two must fit), and none of these days is used to judge others.
 * @param points in order of their days.
 * @param addedPosts by day, how many posts came into a total that were published days before.
 */
export function findAnomalies(
  points: readonly ToldPoint[],
  kind: CounterKind,
  from: Day,
  addedPosts: ReadonlyMap<Day, number> = new Map(),
): AnomalyFindings {
  const changes = dailyChanges(points);
  const stands = standsOf(changes);
  const moments = changes.map((change, index): Moment => {
    const stalled = stalledDays(stands[index - 1]);
    const isOdd = change.days > 1 || change.switched !== null || addedPosts.has(change.day);
    const isPlain = !isOdd && stalled === 0 && stalledDays(stands[index]) === 0;
    // Written out: a spread of each day takes longer than all that follows.
    const { day, days, value, previous, switched } = change;
    return {
      day,
      days,
      change: change.change,
      value,
      previous,
      switched,
      stalled,
      isPlain,
      weekday: weekdayOf(day),
      log: Math.log1p(Math.max(0, change.change)),
    };
  });
  const findings: AnomalyFindings = { anomalies: [], judgedDays: 0, staleDays: 0, stale: null };
  let start = 0;
  for (const [index, moment] of moments.entries()) {
    if (moment.day < from) continue;
    if (stands[index]?.isStale) findings.staleDays++;
    const earliest = addDays(moment.day, -REFERENCE_DAYS);
    while ((moments[start] as Moment).day < earliest) start++;
    const known = moments.slice(start, index);
    const reference = known.filter(({ isPlain }) => isPlain);
    if (!isEnough(known, reference, moment.day)) continue;
    findings.judgedDays++;
    const anomaly = judgeBoth(moment, reference, kind);
    if (anomaly) findings.anomalies.push({ ...anomaly, doubts: doubtsOf(moment, kind, addedPosts) });
  }
  const last = stands.at(-1);
  if (last?.isStale) findings.stale = last;
  return findings;
}

/** Tells flags of one direction that follow each other within a week as one. */
export function episodesOf(anomalies: readonly Anomaly[]): Episode[] {
  const episodes: Episode[] = [];
  const distance = ({ observed, expected }: Anomaly) => observed - expected;
  for (const anomaly of anomalies) {
    const open = episodes.findLast(({ peak }) => distance(peak) > 0 === distance(anomaly) > 0);
    if (!open || daysBetween(open.until, anomaly.day) > COOL_DOWN_DAYS) {
      episodes.push({ peak: anomaly, from: anomaly.day, until: anomaly.day, flaggedDays: 1 });
      continue;
    }
    open.until = anomaly.day;
    open.flaggedDays++;
    if (Math.abs(distance(anomaly)) > Math.abs(distance(open.peak))) open.peak = anomaly;
  }
  return episodes.toSorted((a, b) => (a.from < b.from ? -1 : 1));
}

/** A change, and how it finds its counter. */
interface Moment extends Change {
  /** Days before it on which the counter was not read although values came. */
  stalled: number;
  /** True when it may be used to judge others. */
  isPlain: boolean;
  weekday: number;
  /** log(1 + change); a loss is 0. */
  log: number;
}

/** Days that a counter stands although it is stale by now or always moves. */
function stalledDays(stand: Stand | undefined): number {
  return stand && (stand.isStale || (stand.share ?? 0) >= MOVES_DAILY) ? stand.days : 0;
}

function isEnough(known: readonly Moment[], reference: readonly Moment[], day: Day): boolean {
  const first = known[0];
  if (!first || reference.length < LEAST_REFERENCE) return false;
  return known.length / daysBetween(first.day, day) >= LEAST_COVERAGE;
}

/** What is usual: the middle, how far it reaches down and up, and the scores of a value. */
interface Usual {
  expected: number;
  low: number;
  high: number;
  method: string;
  scoreOf: ((observed: number) => number) | null;
}

type Verdict = Omit<Anomaly, 'doubts'>;

/** A stand may be a late reading or days without a change: what fits one of the two is no anomaly. */
function judgeBoth(moment: Moment, reference: readonly Moment[], kind: CounterKind): Verdict | null {
  if (moment.change === 0) return null;
  const verdict = judge(moment, moment.days, reference, kind);
  return verdict && moment.stalled > 0 ? judge(moment, moment.days + moment.stalled, reference, kind) : verdict;
}

function judge(moment: Moment, days: number, reference: readonly Moment[], kind: CounterKind): Verdict | null {
  const observed = moment.change / days;
  const moves = reference.filter(({ change }) => change !== 0);
  // An average over several days belongs to no weekday.
  const weekday = days === 1 ? moment.weekday : null;
  const isSparse = moves.length < reference.length * MOVES_MOSTLY;
  const isLoss = observed < 0 && kind === 'level';
  const usual = isSparse
    ? usualMove(moves)
    : isLoss
      ? usualChange(reference, weekday)
      : usualFactor(reference, weekday);
  const floor = floorOf(moment, reference, kind, usual.expected);
  // Of followers, only a loss can be too little.
  const least = Math.min(usual.low, usual.expected - floor);
  const low = kind === 'total' ? Math.max(0, least) : Math.min(least, -floor);
  const high = Math.max(usual.high, usual.expected + floor);
  if (observed >= low && observed <= high) return null;
  const fell = kind === 'total' && observed < 0;
  return {
    day: moment.day,
    change: moment.change,
    days,
    observed,
    expected: usual.expected,
    low,
    high,
    score: fell || !usual.scoreOf ? null : usual.scoreOf(observed),
    method: fell ? 'a total that fell' : usual.method + (isLoss ? ', one-sided' : ''),
    n: isSparse ? moves.length : reference.length,
  };
}

/** By factors: on the scale of log(1 + change). */
function usualFactor(reference: readonly Moment[], weekday: number | null): Usual {
  const { middle, scale } = aboutWeekdays(reference, weekday, ({ log }) => log);
  const reach = LIMIT * (scale?.scale ?? 0);
  return {
    expected: Math.expm1(middle),
    low: Math.expm1(Math.max(0, middle - reach)),
    high: Math.expm1(middle + reach),
    method: `log(1 + change), ${scale?.basis ?? NO_SPREAD}`,
    scoreOf: scale && ((observed) => (Math.log1p(Math.max(0, observed)) - middle) / scale.scale),
  };
}

/** By the change as it is. */
function usualChange(reference: readonly Moment[], weekday: number | null): Usual {
  return usualOf(
    aboutWeekdays(reference, weekday, ({ change }) => change),
    'change',
  );
}

/** By the moves of a counter that seldom moves: by their spread, or by the largest of a few. */
function usualMove(moves: readonly Moment[]): Usual {
  const sizes = moves.map(({ change }) => change);
  if (sizes.length >= LEAST_MOVES) return usualOf({ middle: median(sizes), scale: robustScale(sizes) }, 'moves');
  const method = sizes.length === 0 ? NO_SPREAD : 'twice the largest of few moves';
  return { expected: 0, low: 2 * Math.min(0, ...sizes), high: 2 * Math.max(0, ...sizes), method, scoreOf: null };
}

const NO_SPREAD = 'the least change; the weeks before do not differ';

function usualOf({ middle, scale }: { middle: number; scale: RobustScale | null }, name: string): Usual {
  const reach = LIMIT * (scale?.scale ?? 0);
  return {
    expected: middle,
    low: middle - reach,
    high: middle + reach,
    method: `${name}, ${scale?.basis ?? NO_SPREAD}`,
    scoreOf: scale && ((observed) => (observed - middle) / scale.scale),
  };
}

/**
 * The median of a weekday, and the scale of all values about the medians of their own weekdays. Without a weekday, or where
 * one of them is known too few times, both are of all days alike.
 */
function aboutWeekdays(reference: readonly Moment[], weekday: number | null, valueOf: (moment: Moment) => number) {
  const byWeekday = Array.from({ length: 7 }, (): number[] => []);
  for (const moment of reference) byWeekday[moment.weekday]?.push(valueOf(moment));
  if (weekday === null || byWeekday.some(({ length }) => length < LEAST_WEEKDAYS)) {
    const values = reference.map(valueOf);
    return { middle: median(values), scale: robustScale(values) };
  }
  const middles = byWeekday.map((values) => median(values));
  const scale = robustScale(reference.map((moment) => valueOf(moment) - (middles[moment.weekday] as number)));
  return { middle: middles[weekday] as number, scale };
}

function floorOf(moment: Moment, reference: readonly Moment[], kind: CounterKind, expected: number): number {
  const step = roundingStep([moment.value, moment.previous, ...reference.map(({ value }) => value)]);
  const share = kind === 'level' ? FLOOR_OF_FOLLOWERS * moment.previous : FLOOR_OF_EXPECTED * Math.abs(expected);
  return Math.max(FLOOR, share, step > 1 ? 2 * step : 0);
}

function doubtsOf(moment: Moment, kind: CounterKind, addedPosts: ReadonlyMap<Day, number>): Doubt[] {
  const doubts: Doubt[] = [];
  if (moment.days > 1) doubts.push({ kind: 'gap', days: moment.days - 1 });
  if (moment.stalled > 0) doubts.push({ kind: 'stalled', days: moment.stalled });
  if (moment.switched) doubts.push({ kind: 'provider', ...moment.switched });
  const posts = addedPosts.get(moment.day);
  if (posts !== undefined && kind === 'total') doubts.push({ kind: 'posts_added', posts });
  if (moment.change < 0 && kind === 'total') doubts.push({ kind: 'total_fell' });
  return doubts;
}

/** 0 to 6; a calendar day's weekday is the same in every time zone. */
function weekdayOf(day: Day): number {
  return ((daysBetween('1970-01-01', day) % 7) + 7) % 7;
}
