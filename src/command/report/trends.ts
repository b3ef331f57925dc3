import { accountFilter } from '../../core/option.ts';
import { listRisingPosts } from '../../query/list-rising-posts.ts';
import { listTrends } from '../../query/list-trends.ts';
import type { Section } from '../../report/report.ts';
import { METRIC_LABELS } from './account.ts';
import { sampleNote, type Question } from './question.ts';

const WINDOWS = [7, 30];

export const askTrends: Question = async (context, options) => {
  const { db } = await context.openStore();
  const filter = accountFilter(options);
  const accounts = await listTrends(db, WINDOWS, filter);
  const rising = [];
  for (const days of WINDOWS) rising.push({ days, posts: await listRisingPosts(db, days, options.limit ?? 5, filter) });
  return {
    command: 'report trends',
    title: `Trends over ${WINDOWS.join(' and ')} days`,
    data: {
      accounts: accounts.map(({ account, trends }) => ({
        platform: account.platform,
        username: account.username,
        is_sample: account.provider_name === 'sample',
        trends,
      })),
      rising_posts: rising,
    },
    warnings: sampleNote(accounts.some(({ account }) => account.provider_name === 'sample')),
    sections: [
      {
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text' },
          { key: 'account', label: 'Account', kind: 'text' },
          { key: 'metric', label: 'Metric', kind: 'text' },
          { key: 'window_days', label: 'Window', kind: 'count' },
          { key: 'gain', label: 'Gain', kind: 'delta' },
          { key: 'days_covered', label: 'Days', kind: 'count' },
          { key: 'per_day', label: 'a day', kind: 'decimal' },
          { key: 'previous_gain', label: 'Gain before', kind: 'delta' },
          { key: 'previous_days', label: 'Days', kind: 'count' },
        ],
        rows: accounts.flatMap(({ account, trends }) =>
          trends.map(({ metric, days, current, previous, perDay }) => ({
            platform: account.platform,
            account: `@${account.username}`,
            metric: METRIC_LABELS[metric],
            window_days: days,
            gain: current.change,
            days_covered: current.days,
            per_day: perDay,
            previous_gain: previous.change,
            previous_days: previous.days,
          })),
        ),
        empty: 'no numbers yet; fetch some: smstats fetch',
      },
      ...rising.map(({ days, posts }): Section => ({
        title: `Posts that gained the most views in ${days} days`,
        columns: [
          { key: 'account', label: 'Account', kind: 'text' },
          { key: 'start_date', label: 'From', kind: 'day' },
          { key: 'end_date', label: 'To', kind: 'day' },
          { key: 'views_gained', label: 'Views', kind: 'delta' },
          { key: 'likes_gained', label: 'Likes', kind: 'delta' },
          { key: 'external_post_id', label: 'Id', kind: 'id' },
          { key: 'caption', label: 'Caption', kind: 'text', isElastic: true },
        ],
        rows: posts.map((post) => ({ ...post, account: `@${post.username}` })),
        empty: 'a second day of numbers is needed; fetch again tomorrow',
      })),
    ],
  };
};
