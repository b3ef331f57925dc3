import { SmstatsError, UsageError } from '../core/errors.ts';
import { parseHandle, parsePlatform, parseUsername, PLATFORMS, type Handle } from '../core/platform.ts';
import type { Context } from '../context.ts';
import { findAccountReport, type AccountReport } from '../query/find-account-report.ts';
import { listAccounts } from '../query/list-accounts.ts';
import { DAY_METRICS } from '../query/list-daily-metrics.ts';
import { SERIES_METRICS, type SeriesMetric } from '../query/list-series.ts';
import type { Section } from '../report/report.ts';
import { POST_COLUMNS, postRow, sampleNote, type Question, type ReportOptions } from './question.ts';

export const askAccount: Question = async (context, options, target) => {
  const { db } = await context.openStore();
  const handle = await chooseAccount(context, options, target);
  const found = await findAccountReport(db, handle);
  if (!found) {
    throw new SmstatsError('not_found', `${handle.platform} @${handle.username} is not tracked.`, {
      hint: `smstats accounts list, or smstats fetch ${handle.platform} ${handle.username}`,
    });
  }
  const { is_sample: isSample, top_hashtags: hashtags } = found;
  const { timezone } = await context.config();
  const hashtagText = hashtags.map(({ written, posts }) => `#${written} ${posts}`).join('  ');
  return {
    command: 'report account',
    title: `${handle.platform} @${handle.username}${isSample ? ' (sample)' : ''}`,
    data: found,
    warnings: sampleNote(found.latest ? [found.latest] : []),
    sections: [
      factsOf(found, hashtagText),
      changesOf(found),
      ...reportedDaysOf(found),
      {
        title: `Best posts by ${found.top_posts_by}`,
        columns: POST_COLUMNS.slice(1),
        rows: found.top_posts.map((post) => postRow(post, timezone)),
        empty: 'no posts yet',
      },
      {
        title: 'Newest posts',
        columns: POST_COLUMNS.slice(1),
        rows: found.newest_posts.map((post) => postRow(post, timezone)),
        empty: 'no posts yet',
      },
    ],
  };
};

/** The named account, or the only one there is. */
async function chooseAccount(
  context: Context,
  options: ReportOptions,
  [platform, username]: readonly string[],
): Promise<Handle> {
  if (options.account !== undefined) return parseHandle(options.account);
  if (platform !== undefined && username === undefined) return parseHandle(platform);
  if (platform !== undefined && username !== undefined) {
    const name = parsePlatform(platform, [...PLATFORMS, platform.toLowerCase()]);
    return { platform: name, username: parseUsername(name, username) };
  }
  const { db } = await context.openStore();
  const accounts = await listAccounts(db);
  const [only] = accounts;
  if (only && accounts.length === 1) return only;
  throw new UsageError(
    accounts.length === 0 ? 'No account is tracked yet.' : `There are ${accounts.length} accounts: say which one.`,
    accounts.length === 0 ? 'smstats fetch tiktok <username>' : 'smstats report account <platform> <username>',
  );
}

function factsOf({ account, latest }: AccountReport, hashtags: string): Section {
  const facts: [string, string | number | boolean | null, string][] = [
    ['Name', account.display_name, 'text'],
    ['Bio', account.bio, 'text'],
    ['Verified', account.is_verified === null ? null : Boolean(account.is_verified), 'flag'],
    ['Followers', latest?.followers_count ?? null, 'count'],
    ['Following', latest?.following_count ?? null, 'count'],
    ['Posts', latest?.posts_count ?? null, 'count'],
    ['Views', latest?.total_views ?? null, 'count'],
    ['Likes', latest?.total_likes ?? null, 'count'],
    ['Comments', latest?.total_comments ?? null, 'count'],
    ['Shares', latest?.total_shares ?? null, 'count'],
    ['Engagement', latest?.engagement_rate ?? null, 'percent'],
    ['Engagement is of', latest?.engagement_basis ?? null, 'text'],
    ['Likes a post', latest?.avg_likes_per_post ?? null, 'decimal'],
    ['Comments a post', latest?.avg_comments_per_post ?? null, 'decimal'],
    ['Hashtags', hashtags === '' ? null : hashtags, 'text'],
    ['Latest numbers', latest?.last_snapshot_date ?? null, 'day'],
    ['From', latest?.provider_name ?? null, 'text'],
  ];
  return {
    isFacts: true,
    columns: [
      { key: 'name', label: '', kind: 'text' },
      { key: 'value', label: '', kind: 'text', isElastic: true },
    ],
    rows: facts.map(([name, value, kind]) => ({ name, value, kind })),
  };
}

/** Names of the account-level numbers, for people. */
export const METRIC_LABELS: Record<SeriesMetric, string> = {
  followers_count: 'Followers',
  posts_count: 'Posts',
  total_likes: 'Likes',
  total_comments: 'Comments',
  total_views: 'Views',
  total_shares: 'Shares',
};

function changesOf({ growth, series }: AccountReport): Section {
  return {
    title: 'Changes',
    columns: [
      { key: 'metric', label: '', kind: 'text' },
      ...growth.flatMap(({ days }) => [
        { key: `change_${days}`, label: `${days} days`, kind: 'delta' as const },
        { key: `days_${days}`, label: 'covered', kind: 'count' as const },
      ]),
      { key: 'series', label: 'Last 90 days', kind: 'series' },
    ],
    rows: SERIES_METRICS.map((metric) => ({
      metric: METRIC_LABELS[metric],
      series: series.map((row) => row[metric]),
      ...Object.fromEntries(
        growth.flatMap(({ days, metrics }) => [
          [`change_${days}`, metrics[metric].change],
          [`days_${days}`, metrics[metric].days],
        ]),
      ),
    })),
  };
}

/** What the platform itself or a person reports of days, as far as anything is known. */
function reportedDaysOf({ reported_days: days }: AccountReport): Section[] {
  const known = DAY_METRICS.filter((name) => days.some((day) => day[name] !== null));
  if (known.length === 0) return [];
  const columns = known.map((name) => ({
    key: name,
    label: DAY_LABELS[name],
    kind: name === 'engagement_rate' ? ('percent' as const) : ('count' as const),
  }));
  return [{ title: 'Reported days', columns: [{ key: 'date', label: 'Day', kind: 'day' }, ...columns], rows: days }];
}

const DAY_LABELS: Record<(typeof DAY_METRICS)[number], string> = {
  followers: 'Followers',
  reach: 'Reach',
  impressions: 'Impressions',
  video_views: 'Views',
  likes: 'Likes',
  comments: 'Comments',
  shares: 'Shares',
  saves: 'Saves',
  clicks: 'Clicks',
  profile_visits: 'Profile visits',
  mentions: 'Mentions',
  engagement_rate: 'Engagement',
};
