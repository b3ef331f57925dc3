import { accountFilter } from '../core/option.ts';
import { listRisingPosts } from '../query/list-rising-posts.ts';
import { listTrends, type AccountTrends } from '../query/list-trends.ts';
import type { Cell, Column, Section } from '../report/report.ts';
import { METRIC_LABELS } from './account.ts';
import { foundLaterNotes } from './found-later.ts';
import { accountName, sampleNote, type Question } from './question.ts';

const WINDOWS = [7, 30];

export const askTrends: Question = async (context, options) => {
  const { db } = await context.openStore();
  const filter = accountFilter(options);
  const accounts = await listTrends(db, WINDOWS, filter);
  const longest = accounts.flatMap(({ account, trends }) =>
    trends
      .filter(({ metric, days }) => metric === 'total_views' && days === Math.max(...WINDOWS))
      .map(({ current }) => ({ account, views: current })),
  );
  const found = await foundLaterNotes(context, longest);
  const rising = [];
  for (const days of WINDOWS) rising.push({ days, posts: await listRisingPosts(db, days, options.limit ?? 5, filter) });
  return {
    command: 'report trends',
    title: `Trends over ${WINDOWS.join(' and ')} days`,
    data: {
      period: 'reporting period',
      accounts: accounts.map(({ account, trends }) => ({
        platform: account.platform,
        username: account.username,
        is_sample: account.provider_name === 'sample',
        trends,
      })),
      rising_posts: rising,
    },
    warnings: [...sampleNote(accounts.map(({ account }) => account)), ...found],
    sections: [
      {
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text', rank: 3 },
          { key: 'account', label: 'Account', kind: 'handle' },
          { key: 'metric', label: 'Metric', kind: 'text' },
          ...WINDOWS.flatMap((days): Column[] => [
            { key: `gain_${days}`, label: `${days} days`, kind: 'delta' },
            { key: `covered_${days}`, label: 'covered', kind: 'count', rank: 2 },
            { key: `per_day_${days}`, label: 'a day', kind: 'decimal' },
            { key: `before_${days}`, label: 'before', kind: 'decimal', rank: 1 },
            { key: `on_before_${days}`, label: 'more', kind: 'delta-percent', rank: 5 },
            { key: `year_before_${days}`, label: 'year before', kind: 'decimal', rank: 6 },
            { key: `coverage_${days}`, label: 'seen', kind: 'percent', rank: 4 },
          ]),
        ],
        rows: accounts.flatMap((each) => trendRows(each)),
        empty: 'a second day of numbers is needed; fetch again tomorrow',
      },
      ...rising.map(({ days, posts }): Section => ({
        title: `Posts that gained the most views in ${days} days`,
        columns: [
          { key: 'account', label: 'Account', kind: 'handle', rank: 3 },
          { key: 'start_date', label: 'From', kind: 'day' },
          { key: 'end_date', label: 'To', kind: 'day' },
          { key: 'views_gained', label: 'Views', kind: 'delta' },
          { key: 'likes_gained', label: 'Likes', kind: 'delta' },
          { key: 'external_post_id', label: 'Id', kind: 'id', rank: 2 },
          { key: 'caption', label: 'Caption', kind: 'text', isElastic: true },
        ],
        rows: posts.map((post) => ({ ...post, account: post.username })),
        empty: 'a second day of numbers is needed; fetch again tomorrow',
      })),
    ],
  };
};

/** A row per metric that has a gain, its windows side by side. */
function trendRows({ account, trends }: AccountTrends): Record<string, Cell>[] {
  const metrics = [...new Set(trends.map(({ metric }) => metric))];
  return metrics.flatMap((metric) => {
    const ofMetric = trends.filter((trend) => trend.metric === metric);
    if (ofMetric.every(({ current }) => current.change === null)) return [];
    const cells = ofMetric.flatMap(({ days, current, ...trend }): [string, Cell][] => [
      [`gain_${days}`, current.change],
      [`covered_${days}`, current.days],
      [`per_day_${days}`, trend.perDay],
      [`before_${days}`, trend.previousPerDay],
      [`on_before_${days}`, trend.onPrevious.rate],
      [`year_before_${days}`, trend.yearBeforePerDay],
      [`coverage_${days}`, current.coverage],
    ]);
    const name = accountName(account.username, account.provider_name);
    return [{ platform: account.platform, account: name, metric: METRIC_LABELS[metric], ...Object.fromEntries(cells) }];
  });
}
