import { sql, type Kysely, type RawBuilder } from 'kysely';
import { addDays, startOfDay, type Day } from '../core/time.ts';
import type { BasisSum } from '../insight/engagement.ts';
import { NOTHING_KNOWN, type Published } from '../insight/published.ts';
import type { Database } from '../store/schema.ts';
import type { LatestAccount } from './list-latest.ts';
import { groupByLastDay } from './list-series.ts';

/** From an instant to before another (ISO 8601, UTC). */
export interface Period {
  from: string;
  before: string;
}

/**
 * What accounts published in each of some periods, with the latest known numbers of these posts (lifetime, not what they
 * gained in the period). Posts of unknown date are in none. A period that ended before an account's oldest stored post is
 * not known: a fetch brings the latest posts alone.
 * @param periods in order, none overlapping another.
 * @returns a list as long as `periods`, by account id; accounts without a post of known date are left out.
 */
export async function listPublished(
  db: Kysely<Database>,
  accountIds: readonly number[],
  periods: readonly Period[],
): Promise<Map<number, Published[]>> {
  const [first, last] = [periods[0], periods.at(-1)];
  if (!first || !last || accountIds.length === 0) return new Map();
  const posts = selectPeriodPosts(db, accountIds, periods, { from: first.from, before: last.before });
  const sums = await db
    .selectFrom(posts.as('p'))
    .leftJoin('social_media_post_range as r', 'r.post_id', 'p.id')
    .select(['p.account_id', 'p.period'])
    .select(({ fn }) => [
      fn.countAll<number>().as('posts'),
      fn.sum<number | null>('r.views_count').as('views'),
      fn.sum<number | null>('r.likes_count').as('likes'),
      fn.sum<number | null>('r.comments_count').as('comments'),
      fn.sum<number | null>('r.shares_count').as('shares'),
    ])
    .where('p.period', 'is not', null)
    .groupBy(['p.account_id', 'p.period'])
    .execute();
  const published = new Map<number, Published[]>();
  for (const { account_id, oldest } of await listOldest(db, accountIds)) {
    published.set(
      account_id,
      periods.map(({ before }) => ({ ...NOTHING_KNOWN, posts: before > (oldest as string) ? 0 : null, byBasis: [] })),
    );
  }
  for (const { account_id, period, ...sum } of sums) {
    const list = published.get(account_id) as Published[];
    list[period as number] = { ...sum, byBasis: [] };
  }
  for (const { account_id, period, ...sum } of await listBases(db, posts)) {
    published.get(account_id)?.[period as number]?.byBasis.push(sum as BasisSum);
  }
  return published;
}

async function listOldest(db: Kysely<Database>, accountIds: readonly number[]) {
  return db
    .selectFrom('social_media_posts as p')
    .select(['p.account_id', ({ fn }) => fn.min('p.posted_at').as('oldest')])
    .where('p.account_id', 'in', accountIds)
    .where('p.posted_at', 'is not', null)
    .groupBy('p.account_id')
    .execute();
}

/** The posts' interactions and denominators, by what their rates are of. Each post is read on its latest day. */
async function listBases(db: Kysely<Database>, posts: PeriodPosts) {
  return db
    .selectFrom(posts.as('p'))
    .crossJoin('social_media_post_range as r')
    .crossJoin('social_media_post_analytics as l')
    .select(['p.account_id', 'p.period', 'l.engagement_basis as basis'])
    .select(({ fn }) => [
      fn.countAll<number>().as('posts'),
      INTERACTIONS.as('interactions'),
      DENOMINATOR.as('denominator'),
    ])
    .whereRef('r.post_id', '=', 'p.id')
    .whereRef('l.snapshot_date', '=', 'r.latest_date')
    .whereRef('l.post_id', '=', 'r.post_id')
    .where('p.period', 'is not', null)
    .where('l.engagement_basis', 'is not', null)
    .groupBy(['p.account_id', 'p.period', 'l.engagement_basis'])
    .orderBy('p.account_id')
    .orderBy('p.period')
    .orderBy('l.engagement_basis')
    .execute();
}

/** What each account published in the window of `days` that ends on its last day; days are those of the time zone. */
export async function listPublishedInWindow(
  db: Kysely<Database>,
  accounts: readonly LatestAccount[],
  days: number,
  timezone: string,
): Promise<Map<number, Published>> {
  const start = (day: Day) => startOfDay(timezone, day).toISOString();
  const all = new Map<number, Published>();
  for (const [lastDay, ids] of groupByLastDay(accounts)) {
    const period = { from: start(addDays(lastDay, 1 - days)), before: start(addDays(lastDay, 1)) };
    for (const [id, [published]] of await listPublished(db, ids, [period])) if (published) all.set(id, published);
  }
  return all;
}

type PeriodPosts = ReturnType<typeof selectPeriodPosts>;

function selectPeriodPosts(
  db: Kysely<Database>,
  accountIds: readonly number[],
  periods: readonly Period[],
  { from, before }: Period,
) {
  return db
    .selectFrom('social_media_posts as p')
    .select(['p.id', 'p.account_id', periodOf(periods).as('period')])
    .where('p.account_id', 'in', accountIds)
    .where('p.posted_at', '>=', from)
    .where('p.posted_at', '<', before);
}

const INTERACTIONS = sql<number>`sum(coalesce(l.likes_count, 0) + coalesce(l.comments_count, 0)
  + coalesce(l.shares_count, 0) + coalesce(l.saves_count, 0))`;
const DENOMINATOR = sql<number | null>`sum(case l.engagement_basis when 'reach' then l.reach_count
  when 'impressions' then l.impressions_count when 'views' then l.views_count end)`;

/** The position of the period that a post was published in. */
function periodOf(periods: readonly Period[]): RawBuilder<number | null> {
  const cases = periods.map(
    ({ from, before }, at) => sql`when p.posted_at >= ${from} and p.posted_at < ${before} then ${sql.lit(at)}`,
  );
  return sql<number | null>`case ${sql.join(cases, sql` `)} end`;
}
