import { addDays, daysBetween, type Day } from '../../src/core/time.ts';
import { episodesOf, findAnomalies, type CounterKind } from '../../src/insight/anomaly.ts';
import { dailyChanges, roundingStep, type ToldPoint } from '../../src/insight/daily-change.ts';
import { forecastSeries, type Forecast } from '../../src/insight/forecast.ts';
import { seededRandom } from '../../src/insight/random.ts';
import type { Board } from './board.ts';
import { readRealHistory, type RealSeries } from './real-history.ts';

const HORIZON = 30;
/** Days between two forecasts that are judged. */
const EVERY = 14;
/** Days that a straight line is drawn through. */
const LINE_DAYS = 28;
const PLANTS = 40;
const SEED = 20_261_122;

/** How right forecasts and anomalies are on numbers of real accounts, which SMSTATS_BENCH_DATA names. */
export async function benchForecast(board: Board): Promise<void> {
  const series = readRealHistory(process.env['SMSTATS_BENCH_DATA']);
  if (!series) {
    board.note('real daily numbers', 'nothing to judge on: SMSTATS_BENCH_DATA names no directory');
    return;
  }
  benchForecasts(board, series);
  benchAnomalies(board, series);
}

/** The sums of absolute errors of one way to forecast, in units of the seasonal naive error in training. */
type Errors = Record<'chosen' | 'naive' | 'seasonal naive' | 'straight line', number>;

function benchForecasts(board: Board, all: readonly RealSeries[]): void {
  const total = { held: 0, drawn: 0, series: 0, better: 0, line: 0, season: 0, within: 0, ratio: 0 };
  for (const { name, metric, points: read } of all) {
    const kind = metric === 'followers' ? 'level' : 'flow';
    // What a counter did after it was last read is not known: such days judge nobody.
    const { stale } = findAnomalies(read, 'level', read.at(-1)?.day ?? '');
    const points = stale ? read.filter(({ day }) => day <= stale.since) : read;
    const errors: Errors = { chosen: 0, naive: 0, 'seasonal naive': 0, 'straight line': 0 };
    let [origins, held, drawn] = [0, 0, 0];
    // Each forecast sees the days up to its own alone: choosing the model and drawing the band too.
    for (let end = points.length - HORIZON; end > 0; end -= EVERY) {
      const past = points.slice(0, end);
      const forecast = forecastSeries(past, kind, HORIZON);
      if ('kind' in forecast) continue;
      const known = new Map(points.slice(end).map(({ day, value }) => [day, value]));
      const judged = judge(forecast, past, known, kind);
      if (!judged) continue;
      origins++;
      for (const way of Object.keys(errors) as (keyof Errors)[]) errors[way] += judged.errors[way];
      held += judged.held;
      drawn += judged.drawn;
    }
    const label = `${name} ${metric}`;
    if (origins === 0) {
      board.note(label, 'no forecast');
      continue;
    }
    const of = (way: keyof Errors) => (errors[way] / origins).toFixed(2);
    board.note(
      label,
      `MASE ${of('chosen')}, naive ${of('naive')}, seasonal naive ${of('seasonal naive')}, line ${of('straight line')}; ` +
        `band holds ${((held / drawn) * 100).toFixed(0)} %; ${origins} forecasts`,
    );
    total.series++;
    total.better += Number(errors.chosen <= errors.naive);
    total.season += Number(errors.chosen <= errors['seasonal naive']);
    total.line += Number(errors.chosen <= errors['straight line']);
    total.within += Number(held / drawn >= 0.75 && held / drawn <= 0.85);
    total.ratio += Math.log(errors.chosen / errors.naive);
    total.held += held;
    total.drawn += drawn;
  }
  board.note('series where the chosen model errs no more than the naive one', `${total.better} of ${total.series}`);
  board.note('no more than the seasonal naive one', `${total.season} of ${total.series}`);
  board.note('no more than a straight line', `${total.line} of ${total.series}`);
  board.note('series whose own band holds 75 to 85 %', `${total.within} of ${total.series}`);
  board.atMost(
    'error of the chosen model / naive (geometric mean over series)',
    1,
    Math.exp(total.ratio / total.series),
  );
  const coverage = (total.held / total.drawn) * 100;
  board.atLeast('values within the 80 % band', 75, coverage, ' %');
  board.atMost('values within the 80 % band, at most', 85, coverage, ' %');
}

function judge(forecast: Forecast, past: readonly ToldPoint[], known: ReadonlyMap<Day, number | null>, kind: string) {
  const { from, value } = forecast;
  const changes = dailyChanges(past).map(({ change, days }) => change / days);
  const training = changes.slice(-forecast.trainingDays);
  const scale = mean(weekly(training, kind).map(Math.abs));
  if (!scale) return null;
  const isLevel = kind === 'level';
  const slope = lineThrough(isLevel ? levels(changes.slice(-LINE_DAYS)) : changes.slice(-LINE_DAYS));
  const last = changes.at(-1) as number;
  const ways: Record<keyof Errors, (ahead: number) => number> = {
    chosen: (ahead) => forecast.days[ahead - 1]?.change as number,
    naive: () => (isLevel ? 0 : last),
    'seasonal naive': (ahead) => changes[changes.length - 7 + ((ahead - 1) % 7)] as number,
    'straight line': (ahead) => (isLevel ? slope.slope : Math.max(0, slope.end + slope.slope * ahead)),
  };
  const errors: Errors = { chosen: 0, naive: 0, 'seasonal naive': 0, 'straight line': 0 };
  let [held, drawn, count] = [0, 0, 0];
  for (let ahead = 1; ahead <= HORIZON; ahead++) {
    const day = addDays(from, ahead);
    const real = known.get(day) ?? null;
    const before = ahead === 1 ? value : (known.get(addDays(day, -1)) ?? null);
    if (real === null || before === null) continue;
    count++;
    for (const way of Object.keys(errors) as (keyof Errors)[]) {
      let foreseen = ways[way](ahead);
      if (isLevel)
        foreseen = Array.from({ length: ahead }, (_, at) => ways[way](at + 1)).reduce((sum, each) => sum + each, 0);
      errors[way] += Math.abs((isLevel ? real - value : real - before) - foreseen) / scale;
    }
    const { low = null, high = null } = forecast.days[ahead - 1] ?? {};
    if (low === null || high === null) continue;
    drawn++;
    if (real >= low && real <= high) held++;
  }
  if (count === 0) return null;
  for (const way of Object.keys(errors) as (keyof Errors)[]) errors[way] /= count;
  return { errors, held, drawn };
}

function weekly(changes: readonly number[], kind: string): number[] {
  if (kind !== 'level') return changes.slice(7).map((change, at) => change - (changes[at] as number));
  return changes.slice(6).map((_, at) => changes.slice(at, at + 7).reduce((sum, each) => sum + each, 0));
}

function levels(changes: readonly number[]): number[] {
  let level = 0;
  return changes.map((change) => (level += change));
}

/** Least squares through equally distant values. */
function lineThrough(values: readonly number[]): { slope: number; end: number } {
  const middle = (values.length - 1) / 2;
  const average = mean(values);
  const slope =
    values.reduce((sum, value, at) => sum + (at - middle) * (value - average), 0) /
    values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return { slope, end: average + slope * middle };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function benchAnomalies(board: Board, all: readonly RealSeries[]): void {
  const random = seededRandom(SEED);
  const total = { planted: 0, found: 0, stale: 0, within: 0, episodes: 0, judged: 0 };
  for (const { name, metric, points } of all) {
    const kind: CounterKind = metric === 'followers' ? 'level' : 'total';
    const first = points[0]?.day ?? '';
    const { anomalies, judgedDays, staleDays, stale } = findAnomalies(points, kind, first);
    const episodes = episodesOf(anomalies).length;
    const perYear = (count: number) => ((count / judgedDays) * 365).toFixed(1);
    if (stale) {
      total.stale++;
      total.within += anomalies.filter(({ day }) => day > stale.since).length;
    }
    const planted = plant(points, kind, new Set(anomalies.map(({ day }) => day)), stale?.since, random);
    total.planted += planted.planted;
    total.found += planted.found;
    total.episodes += episodes;
    total.judged += judgedDays;
    board.note(
      `${name} ${metric}, anomalies`,
      `${perYear(anomalies.length)} days and ${perYear(episodes)} episodes a year; planted ${planted.found} of ` +
        `${planted.planted} found; ${staleDays} days stale${stale ? `, since ${stale.since}` : ''}`,
    );
  }
  board.atLeast(`planted spikes that are found (seed ${SEED})`, 0.9, total.found / total.planted, '');
  board.atMost('episodes a year and series', 12, (total.episodes / total.judged) * 365, '');
  board.note('series that are stale at their end', String(total.stale));
  board.atMost('anomalies told of a stale stand', 0, total.within, '');
}

/**
 * Puts one spike at a time on days that had none: a day's gain five times the largest of the 28 days before, or of
 * followers, turn about, a loss of 1 %.
 */
function plant(
  points: readonly ToldPoint[],
  kind: CounterKind,
  flagged: ReadonlySet<Day>,
  staleSince: Day | undefined,
  random: () => number,
): { planted: number; found: number } {
  const end = staleSince === undefined ? points.length : points.findIndex(({ day }) => day === staleSince);
  const days = points.slice(90, end).filter(({ day }) => !flagged.has(day));
  let [planted, found] = [0, 0];
  for (let number = 0; number < PLANTS && days.length > 0; number++) {
    const { day } = days[Math.floor(random() * days.length)] as ToldPoint;
    const at = points.findIndex((point) => point.day === day);
    const recent = dailyChanges(points.slice(at - 29, at));
    const most = Math.max(...recent.map(({ change, days: of }) => change / of));
    const level = points[at]?.value as number;
    const isLoss = kind === 'level' && number % 2 === 1;
    // A platform that rounds would round this too.
    const step = roundingStep(points.slice(at - 29, at + 1).map(({ value }) => value ?? 0));
    const jump = Math.round((isLoss ? level * -0.01 : 4 * most) / step) * step;
    // Nothing moved for weeks: five times nothing is no spike.
    if (jump === 0) continue;
    const spiked = points.map((point) =>
      daysBetween(day, point.day) < 0 || point.value === null ? point : { ...point, value: point.value + jump },
    );
    planted++;
    const { anomalies } = findAnomalies(spiked.slice(0, at + 1), kind, day);
    if (anomalies.some((anomaly) => anomaly.day === day)) found++;
  }
  return { planted, found };
}
