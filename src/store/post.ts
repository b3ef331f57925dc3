import { sql, type Kysely } from 'kysely';
import type { Post } from '../core/account.ts';
import { parseHashtags, storedText } from '../core/text.ts';
import { createMultiRowWriter } from './multi-row.ts';
import type { Database } from './schema.ts';

/** A post's rate and what it is a rate of, computed before saving. */
export interface PostRate {
  rate: number | null;
  basis: string | null;
}

/** The row ids of saved posts, by the platform's ids. */
export type PostIds = Map<string, number>;

const blankPost = {
  account_id: 0,
  platform: '',
  external_post_id: '',
  post_url: '',
  caption: '',
  media_type: null,
  thumbnail_url: '',
  media_url: '',
  duration: 0,
  posted_at: '',
};

// The publication time is left out of the update: naming it would rewrite two indexes for every post every day.
const upsertPosts = createMultiRowWriter<{ id: number; external_post_id: string; posted_at: string | null }>(
  (db, count) =>
    db
      .insertInto('social_media_posts')
      .values(Array.from({ length: count }, () => blankPost))
      .onConflict((conflict) =>
        conflict.columns(['platform', 'external_post_id']).doUpdateSet((eb) => ({
          post_url: sql<string>`coalesce(${eb.ref('excluded.post_url')}, ${eb.ref('social_media_posts.post_url')})`,
          caption: sql<string>`coalesce(${eb.ref('excluded.caption')}, ${eb.ref('social_media_posts.caption')})`,
          media_type: sql`coalesce(${eb.ref('excluded.media_type')}, ${eb.ref('social_media_posts.media_type')})`,
          thumbnail_url: sql<string>`coalesce(${eb.ref('excluded.thumbnail_url')}, ${eb.ref('social_media_posts.thumbnail_url')})`,
          media_url: sql<string>`coalesce(${eb.ref('excluded.media_url')}, ${eb.ref('social_media_posts.media_url')})`,
          duration: sql<number>`coalesce(${eb.ref('excluded.duration')}, ${eb.ref('social_media_posts.duration')})`,
        })),
      )
      .returning(['id', 'external_post_id', 'posted_at'])
      .compile(),
);

/** Writes posts; a known one is updated, and what the provider left unknown stays as it was. */
export async function savePosts(
  db: Kysely<Database>,
  account: { id: number; platform: string },
  posts: readonly Post[],
): Promise<PostIds> {
  const rows = posts.map((post) => [
    account.id,
    account.platform,
    post.externalId,
    post.url,
    post.caption === null ? null : storedText(post.caption),
    post.mediaType,
    post.thumbnailUrl,
    post.mediaUrl,
    post.duration,
    post.postedAt?.toISOString() ?? null,
  ]);
  const saved = new Map((await upsertPosts(db, rows)).map((row) => [row.external_post_id, row]));
  for (const { externalId, postedAt } of posts) {
    const row = saved.get(externalId);
    const posted_at = postedAt?.toISOString();
    if (!row || posted_at === undefined || posted_at === row.posted_at) continue;
    await db.updateTable('social_media_posts').set({ posted_at }).where('id', '=', row.id).execute();
  }
  return new Map([...saved].map(([externalId, { id }]) => [externalId, id]));
}

const blankAnalytics = {
  snapshot_date: '',
  post_id: 0,
  likes_count: 0,
  comments_count: 0,
  views_count: 0,
  shares_count: 0,
  saves_count: 0,
  reach_count: 0,
  impressions_count: 0,
  engagement_rate: 0,
  engagement_basis: '',
  provider_name: '',
};

const keep = (column: string) =>
  sql`coalesce(excluded.${sql.ref(column)}, social_media_post_analytics.${sql.ref(column)})`;

// A number never becomes NULL. The rate is computed from the merged counts, so it replaces the earlier one.
const upsertAnalytics = createMultiRowWriter((db, count) =>
  db
    .insertInto('social_media_post_analytics')
    .values(Array.from({ length: count }, () => blankAnalytics))
    .onConflict((conflict) =>
      conflict.columns(['snapshot_date', 'post_id']).doUpdateSet({
        likes_count: keep('likes_count') as never,
        comments_count: keep('comments_count') as never,
        views_count: keep('views_count') as never,
        shares_count: keep('shares_count') as never,
        saves_count: keep('saves_count') as never,
        reach_count: keep('reach_count') as never,
        impressions_count: keep('impressions_count') as never,
        engagement_rate: sql.ref('excluded.engagement_rate') as never,
        engagement_basis: sql.ref('excluded.engagement_basis') as never,
        provider_name: keep('provider_name') as never,
      }),
    )
    .compile(),
);

/** Writes what each post looked like on a day. The same day again keeps the newest known values. */
export async function savePostAnalytics(
  db: Kysely<Database>,
  day: string,
  providerName: string,
  posts: readonly { id: number; metrics: Post['metrics']; engagement: PostRate }[],
): Promise<void> {
  const rows = posts.map(({ id, metrics, engagement }) => [
    day,
    id,
    metrics.likes,
    metrics.comments,
    metrics.views,
    metrics.shares,
    metrics.saves,
    metrics.reach,
    metrics.impressions,
    engagement.rate,
    engagement.basis,
    providerName,
  ]);
  await upsertAnalytics(db, rows);
}

const upsertHashtags = createMultiRowWriter<{ id: number; tag: string }>((db, count) =>
  db
    .insertInto('social_media_hashtags')
    .values(Array.from({ length: count }, () => ({ tag: '', written: '' })))
    // Setting a tag to itself makes RETURNING give the rows that were there already.
    .onConflict((conflict) => conflict.column('tag').doUpdateSet((eb) => ({ tag: eb.ref('excluded.tag') })))
    .returning(['id', 'tag'])
    .compile(),
);

const insertPostHashtags = createMultiRowWriter((db, count) =>
  db
    .insertInto('social_media_post_hashtags')
    .values(Array.from({ length: count }, () => ({ hashtag_id: 0, post_id: 0 })))
    .onConflict((conflict) => conflict.doNothing())
    .compile(),
);

/** Links posts to the hashtags in their captions; links of an earlier caption go. */
export async function saveHashtags(
  db: Kysely<Database>,
  posts: readonly { id: number; caption: string }[],
): Promise<void> {
  if (posts.length === 0) return;
  const ids = posts.map(({ id }) => id);
  await db.deleteFrom('social_media_post_hashtags').where('post_id', 'in', ids).execute();
  const found = posts.map(({ id, caption }) => ({ id, hashtags: parseHashtags(storedText(caption)) }));
  const unique = new Map(found.flatMap(({ hashtags }) => hashtags.map(({ tag, written }) => [tag, written])));
  const saved = await upsertHashtags(db, [...unique]);
  const idOf = new Map(saved.map(({ id, tag }) => [tag, id]));
  const links = found.flatMap(({ id, hashtags }) => hashtags.map(({ tag }) => [idOf.get(tag) as number, id]));
  await insertPostHashtags(db, links);
}
