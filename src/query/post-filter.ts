import { sql, type Kysely } from 'kysely';
import type { MediaType } from '../core/account.ts';
import { POST_METRICS, type PostMetric } from '../core/metric.ts';
import type { EngagementBasis } from '../insight/engagement.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { containsText } from './contains-text.ts';

/** The numbers that a post can be asked for at least: counts, and the engagement rate in percent. */
export const POST_MINIMUMS = [...POST_METRICS, 'engagement'] as const satisfies readonly (PostMetric | 'engagement')[];
export type PostMinimum = (typeof POST_MINIMUMS)[number];

/** Which posts a question is about; everything by default. All that is given must hold. */
export interface PostFilter extends AccountFilter {
  /** Only posts of accounts of this brand, as `accounts list` shows it; upper and lower case of ASCII are the same. */
  brand?: string | undefined;
  /** Only posts with this hashtag: lower case, composed (NFC), without `#`. */
  hashtag?: string | undefined;
  mediaType?: MediaType | undefined;
  /** Only posts published at or after this instant (ISO 8601, UTC). A post of unknown date is not among them. */
  postedSince?: string | undefined;
  /** Only posts published before this instant. */
  postedBefore?: string | undefined;
  /** Only posts whose caption has this text; upper and lower case are the same in every script. */
  search?: string | undefined;
  /** Only posts whose engagement rate has this denominator. */
  basis?: EngagementBasis | undefined;
  /** Only posts whose latest numbers are at least these. What is not known is not at least anything. */
  minimums?: Partial<Record<PostMinimum, number>> | undefined;
}

/** The ids of the posts that a filter lets through, as a subquery: `where('p.id', 'in', selectPostIds(db, filter))`. */
export function selectPostIds(db: Kysely<Database>, filter: PostFilter) {
  let posts = db
    .selectFrom('social_media_accounts as a')
    .crossJoin('social_media_posts as p')
    .select('p.id')
    .whereRef('p.account_id', '=', 'a.id');
  if (filter.platform !== undefined) posts = posts.where('a.platform', '=', filter.platform);
  if (filter.username !== undefined) posts = posts.where('a.username', '=', filter.username);
  if (filter.brand !== undefined) posts = posts.where(sql<boolean>`lower(a.brand) = lower(${filter.brand})`);
  if (filter.mediaType !== undefined) posts = posts.where('p.media_type', '=', filter.mediaType);
  if (filter.postedSince !== undefined) posts = posts.where('p.posted_at', '>=', filter.postedSince);
  if (filter.postedBefore !== undefined) posts = posts.where('p.posted_at', '<', filter.postedBefore);
  if (filter.search !== undefined) posts = posts.where(containsText(db, 'p.caption', filter.search));
  if (filter.hashtag !== undefined) posts = posts.where('p.id', 'in', selectTagged(db, filter.hashtag));
  if (hasNumbers(filter)) posts = posts.where('p.id', 'in', selectByNumbers(db, filter));
  return posts;
}

/** True when a filter leaves anything out. */
export function isFiltering(filter: PostFilter): boolean {
  const { minimums: _, ...rest } = filter;
  return hasNumbers(filter) || Object.values(rest).some((value) => value !== undefined);
}

function hasNumbers({ basis, minimums }: PostFilter): boolean {
  return basis !== undefined || Object.values(minimums ?? {}).some((value) => value !== undefined);
}

function selectTagged(db: Kysely<Database>, tag: string) {
  return db
    .selectFrom('social_media_hashtags as h')
    .crossJoin('social_media_post_hashtags as x')
    .select('x.post_id')
    .where('h.tag', '=', tag)
    .whereRef('x.hashtag_id', '=', 'h.id');
}

/** Posts by their latest day, which is read by its key: as a join, PostgreSQL would rather read every day of every post. */
function selectByNumbers(db: Kysely<Database>, { basis, minimums = {} }: PostFilter) {
  const conditions = POST_MINIMUMS.flatMap((name) => {
    const minimum = minimums[name];
    const column = name === 'engagement' ? 'l.engagement_rate' : `l.${name}_count`;
    // Named as its type: SQLite would compare a number with text, PostgreSQL a bigint with a fraction.
    return minimum === undefined ? [] : [sql`${sql.ref(column)} >= cast(${minimum} as double precision)`];
  });
  if (basis !== undefined) conditions.push(sql`l.engagement_basis = ${basis}`);
  return db
    .selectFrom('social_media_post_range as r')
    .select('r.post_id')
    .where(
      sql<number>`(select case when ${sql.join(conditions, sql` and `)} then 1 else 0 end
        from social_media_post_analytics as l where l.snapshot_date = r.latest_date and l.post_id = r.post_id)`,
      '=',
      1,
    );
}
