import { accountFilter } from '../core/option.ts';
import { daysBetween, dayIn } from '../core/time.ts';
import { findOverview, type AccountGlance } from '../query/find-overview.ts';
import { listFailedJobs } from '../query/list-failed-jobs.ts';
import type { Section } from '../report/report.ts';
import { accountName, POST_COLUMNS, postRow, sampleNote, type Question } from './question.ts';

export const askOverview: Question = async (context, options) => {
  const { db } = await context.openStore();
  const overview = await findOverview(db, accountFilter(options));
  const failed = await listFailedJobs(db);
  const { timezone } = await context.config();
  const today = dayIn(timezone, context.now());
  const { accounts } = overview;
  return {
    command: 'report overview',
    data: { ...overview, failed_accounts: failed },
    warnings: [
      ...sampleNote(accounts),
      ...staleNotes(accounts, today),
      ...failed.map(
        ({ platform, username, error_message }) => `${platform} @${username}: the last fetch failed: ${error_message}`,
      ),
    ],
    sections: withoutEmptyRest([
      {
        title: 'Accounts',
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text', rank: 3 },
          { key: 'account', label: 'Account', kind: 'handle' },
          { key: 'followers_count', label: 'Followers', kind: 'count' },
          { key: 'followers_change', label: 'Change', kind: 'delta' },
          { key: 'followers_days', label: 'in days', kind: 'count', rank: 2 },
          { key: 'total_views', label: 'Views', kind: 'count' },
          { key: 'views_change', label: 'Change', kind: 'delta', rank: 4 },
          { key: 'total_likes', label: 'Likes', kind: 'count' },
          { key: 'total_comments', label: 'Comments', kind: 'count', rank: 7 },
          { key: 'total_shares', label: 'Shares', kind: 'count', rank: 8 },
          { key: 'posts_count', label: 'Posts', kind: 'count', rank: 6 },
          { key: 'engagement_rate', label: 'Engagement', kind: 'percent' },
          { key: 'engagement_basis', label: 'of', kind: 'text' },
          { key: 'followers_series', label: 'Followers, 30 days', kind: 'series', rank: 1 },
          { key: 'last_snapshot_date', label: 'Latest', kind: 'day', rank: 5 },
        ],
        rows: accounts.map((account) => ({
          ...account,
          account: accountName(account.username, account.provider_name),
          followers_change: account.followers_change.change,
          followers_days: account.followers_change.days,
          views_change: account.views_change.change,
        })),
        empty: 'no numbers yet; fetch some: smstats fetch',
      },
      {
        title: `Best posts by ${overview.top_posts_by}`,
        columns: POST_COLUMNS,
        rows: overview.top_posts.map((post) => postRow(post, timezone)),
      },
      {
        title: 'Hashtags, most used first',
        columns: [
          { key: 'written', label: 'Hashtag', kind: 'text' },
          { key: 'posts', label: 'Posts', kind: 'count' },
          { key: 'views', label: 'Views', kind: 'count' },
        ],
        rows: overview.top_hashtags.map((hashtag) => ({ ...hashtag, written: `#${hashtag.written}` })),
      },
    ]),
  };
};

/** Before the first fetch one table says so; the others would only repeat it. */
function withoutEmptyRest(sections: Section[]): Section[] {
  return sections.filter((section, index) => index === 0 || section.rows.length > 0);
}

/** Old numbers are not presented as fresh ones. */
function staleNotes(accounts: readonly AccountGlance[], today: string): string[] {
  return accounts
    .filter((account) => daysBetween(account.last_snapshot_date, today) > 1)
    .map(
      ({ platform, username, last_snapshot_date: day }) =>
        `${platform} @${username}: the latest numbers are of ${day}, ${daysBetween(day, today)} days old`,
    );
}
