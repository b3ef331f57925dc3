import { accountFilter } from '../../core/option.ts';
import { listGrowth } from '../../query/list-growth.ts';
import { accountName, sampleNote, type Question } from './question.ts';

export const askGrowth: Question = async (context, options) => {
  const { db } = await context.openStore();
  const days = options.days ?? 30;
  const rows = await listGrowth(db, days, accountFilter(options));
  const isYoung = rows.some(({ growth }) => growth.followers_count.days === null);
  return {
    command: 'report growth',
    title: `Growth over ${days} days`,
    data: rows.map(({ account, growth, series }) => ({
      platform: account.platform,
      username: account.username,
      is_sample: account.provider_name === 'sample',
      window_days: days,
      growth,
      series,
    })),
    warnings: [
      ...sampleNote(rows.map(({ account }) => account)),
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
    ],
  };
};
