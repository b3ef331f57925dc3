import { accountFilter } from '../core/option.ts';
import { listGrowth } from '../query/list-growth.ts';
import { listPublishedInWindow } from '../query/list-published.ts';
import { listTrends, type Trend } from '../query/list-trends.ts';
import { METRIC_LABELS } from './account.ts';
import type { Section } from '../report/report.ts';
import { foundLaterNotes } from './found-later.ts';
import { accountName, sampleNote, type Question } from './question.ts';

export const askGrowth: Question = async (context, options) => {
  const { db } = await context.openStore();
  const days = options.days ?? 30;
  const filter = accountFilter(options);
  const { timezone } = await context.config();
  const rows = await listGrowth(db, days, filter);
  const trendsOf = new Map(
    (await listTrends(db, [days], filter)).map((each) => [each.account.account_id, each.trends]),
  );
  const accounts = rows.map(({ account }) => account);
  const published = await listPublishedInWindow(db, accounts, days, timezone);
  const found = await foundLaterNotes(
    context,
    rows.map(({ account, growth }) => ({ account, views: growth.total_views })),
  );
  const isYoung = rows.some(({ growth }) => growth.followers_count.days === null);
  return {
    command: 'report growth',
    title: `Growth over ${days} days`,
    data: rows.map(({ account, growth, series }) => ({
      platform: account.platform,
      username: account.username,
      is_sample: account.provider_name === 'sample',
      window_days: days,
      period: 'reporting period',
      growth,
      previous: byMetric(trendsOf.get(account.account_id), ({ previous, onPrevious }) => ({ ...previous, onPrevious })),
      year_before: byMetric(trendsOf.get(account.account_id), ({ yearBefore, onYearBefore }) => ({
        ...yearBefore,
        onYearBefore,
      })),
      published: { period: 'lifetime of the posts published in the window', ...published.get(account.account_id) },
      series,
    })),
    warnings: [
      ...sampleNote(accounts),
      ...found,
      ...(isYoung ? ['an account with one day of numbers has no growth yet; fetch again tomorrow'] : []),
    ],
    sections: [
      {
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text', rank: 5 },
          { key: 'account', label: 'Account', kind: 'handle' },
          { key: 'start_day', label: 'From', kind: 'day', rank: 2 },
          { key: 'end_day', label: 'To', kind: 'day', rank: 4 },
          { key: 'days_covered', label: 'Days', kind: 'count' },
          { key: 'coverage', label: 'seen', kind: 'percent', rank: 9 },
          { key: 'followers_start', label: 'Followers then', kind: 'count', rank: 3 },
          { key: 'followers_end', label: 'now', kind: 'count' },
          { key: 'followers_change', label: 'Change', kind: 'delta' },
          { key: 'followers_rate', label: 'Rate', kind: 'delta-percent' },
          { key: 'views_change', label: 'Views', kind: 'delta', rank: 6 },
          { key: 'likes_change', label: 'Likes', kind: 'delta', rank: 7 },
          { key: 'posts_change', label: 'Posts', kind: 'delta', rank: 8 },
          { key: 'series', label: 'Followers', kind: 'series', rank: 1 },
        ],
        rows: rows.map(({ account, growth, series }) => ({
          platform: account.platform,
          account: accountName(account.username, account.provider_name),
          start_day: growth.followers_count.startDay,
          end_day: growth.followers_count.endDay,
          days_covered: growth.followers_count.days,
          coverage: growth.followers_count.coverage,
          followers_start: growth.followers_count.start,
          followers_end: growth.followers_count.end,
          followers_change: growth.followers_count.change,
          followers_rate: growth.followers_count.rate,
          views_change: growth.total_views.change,
          likes_change: growth.total_likes.change,
          posts_change: growth.posts_count.change,
          series: series.map((row) => row.followers_count),
        })),
        empty: 'no numbers yet; fetch some: smstats fetch',
      },
      ...comparisonOf(rows, trendsOf, days),
    ],
  };
};

type Rows = Awaited<ReturnType<typeof listGrowth>>;

/** The window beside the one before and the one a year before, where there is one to compare with. */
function comparisonOf(rows: Rows, trendsOf: ReadonlyMap<number, readonly Trend[]>, days: number): Section[] {
  const compared = rows.flatMap(({ account }) =>
    (trendsOf.get(account.account_id) ?? [])
      .filter(({ previous, yearBefore }) => previous.change !== null || yearBefore.change !== null)
      .map((trend) => ({
        platform: account.platform,
        account: accountName(account.username, account.provider_name),
        metric: METRIC_LABELS[trend.metric],
        change: trend.current.change,
        previous: trend.previous.change,
        previous_seen: trend.previous.coverage,
        on_previous: trend.onPrevious.rate,
        year_before: trend.yearBefore.change,
        year_before_seen: trend.yearBefore.coverage,
        on_year_before: trend.onYearBefore.rate,
      })),
  );
  if (compared.length === 0) return [];
  return [
    {
      title: `Beside the ${days} days before, and the same days a year before (reporting period)`,
      columns: [
        { key: 'platform', label: 'Platform', kind: 'text', rank: 3 },
        { key: 'account', label: 'Account', kind: 'handle' },
        { key: 'metric', label: 'Metric', kind: 'text' },
        { key: 'change', label: 'Change', kind: 'delta' },
        { key: 'previous', label: 'before', kind: 'delta' },
        { key: 'previous_seen', label: 'seen', kind: 'percent', rank: 1 },
        { key: 'on_previous', label: 'more a day', kind: 'delta-percent' },
        { key: 'year_before', label: 'a year before', kind: 'delta' },
        { key: 'year_before_seen', label: 'seen', kind: 'percent', rank: 2 },
        { key: 'on_year_before', label: 'more a day', kind: 'delta-percent' },
      ],
      rows: compared,
    },
  ];
}

function byMetric<Value>(trends: readonly Trend[] | undefined, value: (trend: Trend) => Value): Record<string, Value> {
  return Object.fromEntries((trends ?? []).map((trend) => [trend.metric, value(trend)]));
}
