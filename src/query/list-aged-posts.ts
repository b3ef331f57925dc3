import { sql, type Kysely, type RawBuilder } from 'kysely';
import { groupBy } from '../core/group.ts';
import { longestGap, valueAtAge } from '../insight/value-at-age.ts';
import { engineOf } from '../store/engine.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { listLatest, type LatestAccount } from './list-latest.ts';

/** A post with what its counters showed at each age that was asked for; null where that is not known. */
export interface PostAtAges {
  id: number;
  account_id: number;
  posted_at: string;
  media_type: string | null;
  views: (number | null)[];
  likes: (number | null)[];
}

/** The posts of an account that were published in a window. */
export interface AccountAtAges {
  account: LatestAccount;
  posts: PostAtAges[];
}

/** Which posts, at which ages. */
export interface AgesFilter extends AccountFilter {
  /** Hours since publication, ascending. */
  ages: readonly number[];
  /** Only posts published at or after this instant (ISO 8601, UTC). */
  postedSince: string;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Rows of a day that are in memory at a time, about. */
const ROWS = 3_000;

/**
 * The posts of each active account with their views and likes at ages, interpolated between the days on which the account
 * was fetched. How old a post was on a day is counted to the instant of that day's last fetch.
 */
export async function listAgedPosts(db: Kysely<Database>, filter: AgesFilter): Promise<AccountAtAges[]> {
  const accounts = await listLatest(db, filter);
  const posts = accounts.length === 0 ? [] : await listDatedPosts(db, accounts, filter.postedSince);
  const window = daysAround(filter.ages);
  const size = Math.max(1, Math.floor(ROWS / (window.last - window.first + 1)));
  for (let start = 0; start < posts.length; start += size) {
    await addValues(db, posts.slice(start, start + size), filter.ages, window);
  }
  const postsOf = groupBy(posts, ({ account_id }) => account_id);
  return accounts.map((account) => ({ account, posts: postsOf.get(account.account_id) ?? [] }));
}

async function listDatedPosts(
  db: Kysely<Database>,
  accounts: readonly LatestAccount[],
  postedSince: string,
): Promise<PostAtAges[]> {
  const rows = await db
    .selectFrom('social_media_posts as p')
    .select(['p.id', 'p.account_id', 'p.posted_at', 'p.media_type'])
    .where(
      'p.account_id',
      'in',
      accounts.map(({ account_id }) => account_id),
    )
    .where('p.posted_at', '>=', postedSince)
    .orderBy('p.account_id')
    .orderBy('p.posted_at')
    .orderBy('p.id')
    .execute();
  return rows.map((row) => ({ ...row, posted_at: row.posted_at as string, views: [], likes: [] }));
}

/** The days after publication, of any time zone, whose numbers can stand for one of the ages. */
function daysAround(ages: readonly number[]): { first: number; last: number } {
  const hours = ages.flatMap((age) => [age - longestGap(age), age + longestGap(age)]);
  return { first: Math.max(0, Math.floor(Math.min(...hours) / 24)) - 1, last: Math.ceil(Math.max(...hours) / 24) + 1 };
}

async function addValues(
  db: Kysely<Database>,
  posts: readonly PostAtAges[],
  ages: readonly number[],
  window: { first: number; last: number },
): Promise<void> {
  const rows = await db
    .selectFrom('social_media_posts as p')
    .crossJoin('social_media_analytics_snapshots as s')
    .crossJoin('social_media_post_analytics as v')
    .select(['p.id', 's.captured_at', 'v.views_count', 'v.likes_count'])
    .where(
      'p.id',
      'in',
      posts.map(({ id }) => id),
    )
    .whereRef('s.account_id', '=', 'p.account_id')
    .where('s.snapshot_date', '>=', dayAfterPosting(db, window.first))
    .where('s.snapshot_date', '<=', dayAfterPosting(db, window.last))
    .whereRef('v.snapshot_date', '=', 's.snapshot_date')
    .whereRef('v.post_id', '=', 'p.id')
    .orderBy('p.id')
    .orderBy('s.snapshot_date')
    .execute();
  const rowsOf = groupBy(rows, ({ id }) => id);
  for (const post of posts) {
    const published = Date.parse(post.posted_at);
    const readings = (rowsOf.get(post.id) ?? []).map(({ captured_at, views_count, likes_count }) => ({
      hours: (Date.parse(captured_at) - published) / HOUR_MS,
      views: views_count,
      likes: likes_count,
    }));
    for (const metric of ['views', 'likes'] as const) {
      const ofMetric = readings.map((reading) => ({ hours: reading.hours, value: reading[metric] }));
      post[metric] = ages.map((age) => valueAtAge(ofMetric, age));
    }
  }
}

/** A day so many days after the one, in UTC, on which a post was published. */
function dayAfterPosting(db: Kysely<Database>, days: number): RawBuilder<string> {
  return engineOf(db) === 'sqlite'
    ? sql<string>`date(p.posted_at, ${`${days} days`})`
    : sql<string>`((p.posted_at at time zone 'UTC')::date + ${days}::integer)`;
}

/** The instant from which on a window of so many days is, ending at `now`. */
export function windowStart(now: Date, days: number): string {
  return new Date(now.getTime() - days * DAY_MS).toISOString();
}
