import { accountFilter } from '../core/option.ts';
import { describeDoubt } from '../insight/describe-doubt.ts';
import { listAnomalies, type AccountAnomalies, type SeriesAnomalies } from '../query/list-anomalies.ts';
import type { Cell, Section } from '../report/report.ts';
import { METRIC_LABELS } from './account.ts';
import { accountName, sampleNote, type Question } from './question.ts';

const WINDOW = 30;
const BACKTEST_WINDOW = 365;

export const askAnomalies: Question = async (context, options) => {
  const { db } = await context.openStore();
  const days = options.days ?? (options.backtest ? BACKTEST_WINDOW : WINDOW);
  const accounts = await listAnomalies(db, days, accountFilter(options));
  const known = accounts.map(({ account, series }) => ({
    account,
    series: series.filter(({ from }) => from !== null),
  }));
  const unjudged = known.flatMap(({ series }) => series).filter(({ judgedDays, stale }) => judgedDays === 0 && !stale);
  return {
    command: 'report anomalies',
    title: `Anomalies of ${days} days`,
    data: accounts.map(({ account, series }) => ({
      platform: account.platform,
      username: account.username,
      is_sample: account.provider_name === 'sample',
      window_days: days,
      series,
    })),
    warnings: [
      ...sampleNote(accounts.map(({ account }) => account)),
      ...(unjudged.length > 0
        ? [`${unjudged.length} series could not be judged: 21 daily changes within the 8 weeks before a day are needed`]
        : []),
    ],
    sections: [
      ...(options.backtest ? [howOften(known)] : []),
      episodesIn(known),
      ...(known.some(({ series }) => series.some(({ stale }) => stale)) ? [staleIn(known)] : []),
    ],
  };
};

function episodesIn(accounts: readonly AccountAnomalies[]): Section {
  return {
    columns: [
      { key: 'platform', label: 'Platform', kind: 'text', rank: 6 },
      { key: 'account', label: 'Account', kind: 'handle' },
      { key: 'metric', label: 'Metric', kind: 'text' },
      { key: 'day', label: 'Day', kind: 'day' },
      { key: 'from', label: 'First', kind: 'day', rank: 8 },
      { key: 'until', label: 'last', kind: 'day', rank: 8 },
      { key: 'flagged_days', label: 'flagged', kind: 'count', rank: 5 },
      { key: 'observed', label: 'A day', kind: 'delta' },
      { key: 'expected', label: 'expected', kind: 'delta' },
      { key: 'low', label: 'at least', kind: 'delta', rank: 2 },
      { key: 'high', label: 'at most', kind: 'delta', rank: 2 },
      { key: 'score', label: 'Score', kind: 'decimal', rank: 3 },
      { key: 'n', label: 'n', kind: 'count', rank: 4 },
      { key: 'doubt', label: 'May be', kind: 'text' },
      { key: 'method', label: 'By', kind: 'text', rank: 7 },
    ],
    rows: accounts.flatMap((each) =>
      each.series.flatMap(({ metric, episodes }) =>
        episodes.map(({ peak, from, until, flaggedDays }): Record<string, Cell> => ({
          ...nameOf(each, metric),
          day: peak.day,
          from,
          until,
          flagged_days: flaggedDays,
          observed: peak.observed,
          expected: peak.expected,
          low: peak.low,
          high: peak.high,
          score: peak.score,
          n: peak.n,
          doubt: peak.doubts.length === 0 ? null : peak.doubts.map(describeDoubt).join('; '),
          method: peak.method,
        })),
      ),
    ),
    empty: accounts.some(({ series }) => series.some(({ judgedDays }) => judgedDays > 0))
      ? 'no day was out of the ordinary'
      : 'no day could be judged yet',
  };
}

function staleIn(accounts: readonly AccountAnomalies[]): Section {
  return {
    title: 'Stale: these numbers stopped moving, so nothing is said of them',
    columns: [
      { key: 'platform', label: 'Platform', kind: 'text', rank: 1 },
      { key: 'account', label: 'Account', kind: 'handle' },
      { key: 'metric', label: 'Metric', kind: 'text' },
      { key: 'since', label: 'Since', kind: 'day' },
      { key: 'days', label: 'Days', kind: 'count' },
      { key: 'at_least', label: 'or longer', kind: 'flag' },
    ],
    rows: accounts.flatMap((each) =>
      each.series.flatMap(({ metric, stale }) =>
        stale ? [{ ...nameOf(each, metric), since: stale.since, days: stale.days, at_least: stale.isOpen }] : [],
      ),
    ),
  };
}

/** How often it would have fired. */
function howOften(accounts: readonly AccountAnomalies[]): Section {
  return {
    title: 'How often this would have told you something',
    columns: [
      { key: 'platform', label: 'Platform', kind: 'text', rank: 2 },
      { key: 'account', label: 'Account', kind: 'handle' },
      { key: 'metric', label: 'Metric', kind: 'text' },
      { key: 'days', label: 'Days', kind: 'count', rank: 1 },
      { key: 'judged', label: 'judged', kind: 'count' },
      { key: 'flagged', label: 'flagged', kind: 'count' },
      { key: 'episodes', label: 'Episodes', kind: 'count' },
      { key: 'days_per_year', label: 'Days a year', kind: 'decimal' },
      { key: 'episodes_per_year', label: 'Episodes a year', kind: 'decimal' },
      { key: 'stale_days', label: 'Stale days', kind: 'count' },
    ],
    rows: accounts.flatMap((each) =>
      each.series.map((series) => ({
        ...nameOf(each, series.metric),
        days: series.days,
        judged: series.judgedDays,
        flagged: series.anomalies.length,
        episodes: series.episodes.length,
        days_per_year: series.daysPerYear,
        episodes_per_year: series.episodesPerYear,
        stale_days: series.staleDays,
      })),
    ),
    empty: 'no numbers yet; fetch some: smstats fetch',
  };
}

function nameOf({ account }: AccountAnomalies, metric: SeriesAnomalies['metric']): Record<string, Cell> {
  const name = accountName(account.username, account.provider_name);
  return { platform: account.platform, account: name, metric: METRIC_LABELS[metric] };
}
