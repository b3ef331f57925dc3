import { sql, type Kysely, type RawBuilder } from 'kysely';
import { groupBy } from '../core/group.ts';
import { addDays, type Day } from '../core/time.ts';
import type { SeenPost, Sighting } from '../insight/outstanding-post.ts';
import { longestGap } from '../insight/value-at-age.ts';
import { engineOf } from '../store/engine.ts';
import type { Database } from '../store/schema.ts';

/** The posts of an account with what was seen of them. */
export interface SeenPosts {
  account_id: number;
  /** In the order in which they were published. */
  posts: SeenPost[];
  /** The days from `from` on of which numbers were fetched, with the instant of each day's last fetch. */
  fetches: { day: Day; at: number }[];
}

export interface SeenFilter {
  /** Posts are looked at on the days from this one on. */
  from: Day;
  /** The age up to which they are looked at. Days. */
  days: number;
  /** Of each media type, so many posts before these come along. */
  before: number;
}

/** Accounts whose posts are in memory at a time. */
const CHUNK = 5;
/** Posts whose readings are asked for at a time. */
const POSTS = 100;

/**
 * The dated posts of accounts that are up to `days` old on a day from `from` on, the posts before them, and every reading of
 * them up to that age.
 */
export async function* eachSeenPosts(
  db: Kysely<Database>,
  accountIds: readonly number[],
  { from, days, before }: SeenFilter,
): AsyncGenerator<SeenPosts> {
  // A day more, because a day begins at another instant elsewhere.
  const since = `${addDays(from, -days - 1)}T00:00:00.000Z`;
  const lastAge = days + Math.ceil(longestGap(days * 24) / 24) + 1;
  for (let start = 0; start < accountIds.length; start += CHUNK) {
    const ids = accountIds.slice(start, start + CHUNK);
    const posts = [...(await listBefore(db, ids, since, before)), ...(await listSince(db, ids, since))].map(
      (row): SeenPost & { account_id: number } => ({
        id: row.id,
        account_id: row.account_id,
        media_type: row.media_type,
        published: Date.parse(row.posted_at as string),
        sightings: [],
      }),
    );
    for (let first = 0; first < posts.length; first += POSTS) {
      await addSightings(db, posts.slice(first, first + POSTS), lastAge);
    }
    const fetches = groupBy(await listFetches(db, ids, from), ({ account_id }) => account_id);
    const postsOf = groupBy(posts, ({ account_id }) => account_id);
    for (const id of ids) {
      yield {
        account_id: id,
        posts: (postsOf.get(id) ?? []).toSorted((a, b) => a.published - b.published || a.id - b.id),
        fetches: (fetches.get(id) ?? []).map((row) => ({ day: row.snapshot_date, at: Date.parse(row.captured_at) })),
      };
    }
  }
}

function listSince(db: Kysely<Database>, ids: readonly number[], since: string) {
  return db
    .selectFrom('social_media_posts as p')
    .select(['p.id', 'p.account_id', 'p.posted_at', 'p.media_type'])
    .where('p.account_id', 'in', ids)
    .where('p.posted_at', '>=', since)
    .execute();
}

function listBefore(db: Kysely<Database>, ids: readonly number[], since: string, count: number) {
  return db
    .selectFrom(
      db
        .selectFrom('social_media_posts as p')
        .select(['p.id', 'p.account_id', 'p.posted_at', 'p.media_type'])
        .select((eb) =>
          eb.fn
            .agg<number>('row_number')
            .over((over) =>
              over.partitionBy(['p.account_id', 'p.media_type']).orderBy('p.posted_at', 'desc').orderBy('p.id', 'desc'),
            )
            .as('place'),
        )
        .where('p.account_id', 'in', ids)
        .where('p.posted_at', '<', since)
        .as('p'),
    )
    .select(['p.id', 'p.account_id', 'p.posted_at', 'p.media_type'])
    .where('p.place', '<=', count)
    .execute();
}

function listFetches(db: Kysely<Database>, ids: readonly number[], from: Day) {
  return db
    .selectFrom('social_media_analytics_snapshots')
    .select(['account_id', 'snapshot_date', 'captured_at'])
    .where('account_id', 'in', ids)
    .where('snapshot_date', '>=', from)
    .orderBy('account_id')
    .orderBy('snapshot_date')
    .execute();
}

async function addSightings(db: Kysely<Database>, posts: readonly SeenPost[], lastAge: number): Promise<void> {
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
    .where('s.snapshot_date', '>=', dayAfterPosting(db, -1))
    .where('s.snapshot_date', '<=', dayAfterPosting(db, lastAge))
    .whereRef('v.snapshot_date', '=', 's.snapshot_date')
    .whereRef('v.post_id', '=', 'p.id')
    .orderBy('p.id')
    .orderBy('s.snapshot_date')
    .execute();
  const sightings = groupBy(rows, ({ id }) => id);
  for (const post of posts) {
    post.sightings = (sightings.get(post.id) ?? []).map((row): Sighting => ({
      at: Date.parse(row.captured_at),
      views: row.views_count,
      likes: row.likes_count,
    }));
  }
}

/** A day so many days after the one, in UTC, on which a post was published. */
function dayAfterPosting(db: Kysely<Database>, days: number): RawBuilder<string> {
  return engineOf(db) === 'sqlite'
    ? sql<string>`date(p.posted_at, ${`${days} days`})`
    : sql<string>`((p.posted_at at time zone 'UTC')::date + ${days}::integer)`;
}

/** What names a few posts. */
export async function listPostNames(db: Kysely<Database>, ids: readonly number[]) {
  if (ids.length === 0) return [];
  return db
    .selectFrom('social_media_posts')
    .select(['id', 'external_post_id', 'post_url', 'caption', 'posted_at'])
    .where('id', 'in', ids)
    .execute();
}
