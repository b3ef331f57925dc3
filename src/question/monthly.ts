import { accountFilter } from '../core/option.ts';
import { dayIn } from '../core/time.ts';
import { listMonthly, type AccountMonth } from '../query/list-monthly.ts';
import type { Column } from '../report/report.ts';
import { accountName, sampleNote, type Question } from './question.ts';

export const askMonthly: Question = async (context, options) => {
  const { timezone } = await context.config();
  const { db } = await context.openStore();
  const today = dayIn(timezone, context.now());
  const accounts = await listMonthly(db, { ...accountFilter(options), today, timezone, months: options.months ?? 12 });
  return {
    command: 'report monthly',
    title: 'Months',
    data: {
      timezone,
      periods: {
        followers: 'reporting period',
        gains: 'reporting period',
        published: 'lifetime of the posts published in the month',
        engagement: 'lifetime of the posts published in the month',
      },
      accounts: accounts.map(({ account, months }) => ({
        platform: account.platform,
        username: account.username,
        is_sample: account.provider_name === 'sample',
        months,
      })),
    },
    warnings: [...sampleNote(accounts.map(({ account }) => account)), ...foundNotes(accounts)],
    sections: [
      {
        title: 'Gains inside each month (reporting period)',
        columns: GAIN_COLUMNS,
        rows: accounts.flatMap(({ account, months }) =>
          months.map((each) => ({
            platform: account.platform,
            account: accountName(account.username, account.provider_name),
            ...gainRow(each),
          })),
        ),
        empty: 'no numbers yet; fetch some: smstats fetch',
      },
      {
        title: 'Posts published in each month, with all that they have got until now (lifetime)',
        columns: POSTS_COLUMNS,
        rows: accounts.flatMap(({ account, months }) =>
          months
            .filter(({ published }) => (published.posts ?? 0) > 0)
            .map(({ month, published, engagement }) => ({
              platform: account.platform,
              account: accountName(account.username, account.provider_name),
              month: month.name,
              ...published,
              engagement_rate: engagement.rate,
              engagement_basis: engagement.basis,
              engagement_posts: engagement.posts,
            })),
        ),
        empty: 'no post with a date in these months',
      },
    ],
  };
};

const GAIN_COLUMNS: readonly Column[] = [
  { key: 'platform', label: 'Platform', kind: 'text', rank: 6 },
  { key: 'account', label: 'Account', kind: 'handle' },
  { key: 'month', label: 'Month', kind: 'text' },
  { key: 'followers_start', label: 'Followers then', kind: 'count', rank: 7 },
  { key: 'followers_end', label: 'at its end', kind: 'count', rank: 4 },
  { key: 'followers_change', label: 'Change', kind: 'delta' },
  { key: 'followers_rate', label: 'Rate', kind: 'delta-percent' },
  { key: 'previous_change', label: 'Month before', kind: 'delta', rank: 3 },
  { key: 'year_before_change', label: 'Year before', kind: 'delta', rank: 2 },
  { key: 'views_gain', label: 'Views', kind: 'delta' },
  { key: 'likes_gain', label: 'Likes', kind: 'delta', rank: 8 },
  { key: 'comments_gain', label: 'Comments', kind: 'delta', rank: 9 },
  { key: 'shares_gain', label: 'Shares', kind: 'delta', rank: 10 },
  { key: 'posts_published', label: 'Posts', kind: 'count', rank: 5 },
  { key: 'days_known', label: 'Days', kind: 'count' },
  { key: 'coverage', label: 'seen', kind: 'percent', rank: 1 },
  { key: 'published_views', label: 'Lifetime views', kind: 'count', isForFiles: true },
  { key: 'published_likes', label: 'Lifetime likes', kind: 'count', isForFiles: true },
  { key: 'published_engagement_rate', label: 'Lifetime engagement', kind: 'percent', isForFiles: true },
  { key: 'published_engagement_basis', label: 'of', kind: 'text', isForFiles: true },
];

const POSTS_COLUMNS: readonly Column[] = [
  { key: 'platform', label: 'Platform', kind: 'text', rank: 3 },
  { key: 'account', label: 'Account', kind: 'handle' },
  { key: 'month', label: 'Month', kind: 'text' },
  { key: 'posts', label: 'Posts', kind: 'count' },
  { key: 'views', label: 'Views', kind: 'count' },
  { key: 'likes', label: 'Likes', kind: 'count' },
  { key: 'comments', label: 'Comments', kind: 'count', rank: 4 },
  { key: 'shares', label: 'Shares', kind: 'count', rank: 5 },
  { key: 'engagement_rate', label: 'Engagement', kind: 'percent' },
  { key: 'engagement_basis', label: 'of', kind: 'text', rank: 1 },
  { key: 'engagement_posts', label: 'over posts', kind: 'count', rank: 2 },
];

function gainRow(each: AccountMonth) {
  const { month, followers, gains, published, engagement } = each;
  return {
    month: month.isWhole ? month.name : `${month.name} so far`,
    followers_start: followers.start,
    followers_end: followers.end,
    followers_change: followers.change,
    followers_rate: followers.rate,
    previous_change: each.previousFollowersChange,
    year_before_change: each.yearBeforeFollowersChange,
    views_gain: gains.views.gain,
    likes_gain: gains.likes.gain,
    comments_gain: gains.comments.gain,
    shares_gain: gains.shares.gain,
    posts_published: published.posts,
    days_known: followers.observed,
    coverage: followers.coverage,
    published_views: published.views,
    published_likes: published.likes,
    published_engagement_rate: engagement.rate,
    published_engagement_basis: engagement.basis,
  };
}

/** Says where a total rose by posts that were only found, so that nobody wonders why the gain is smaller. */
function foundNotes(accounts: Awaited<ReturnType<typeof listMonthly>>): string[] {
  return accounts.flatMap(({ account, months }) => {
    const views = months.reduce((sum, { gains }) => sum + gains.views.foundLater, 0);
    const name = `${account.platform} @${account.username}`;
    return views === 0
      ? []
      : [`${name}: ${views} views of older posts that were first seen in these months are no gain`];
  });
}
