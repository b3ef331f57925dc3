import type { Kysely } from 'kysely';
import type { Post } from '../core/account.ts';
import { parseHashtags, storedText } from '../core/text.ts';
import { createBulkWriter } from './bulk.ts';
import type { Database } from './schema.ts';

/** A post's rate and what it is a rate of, computed before saving. */
export interface PostRate {
  rate: number | null;
  basis: string | null;
}

/** The row ids of saved posts, by the platform's ids. */
export type PostIds = Map<string, number>;

// The publication time has no rule: naming it would rewrite two indexes for every post every day.
const upsertPosts = createBulkWriter<{ id: number; external_post_id: string; posted_at: string | null }>({
  table: 'social_media_posts',
  columns: {
    account_id: 'integer',
    platform: 'text',
    external_post_id: 'text',
    post_url: 'text',
    caption: 'text',
    media_type: 'text',
    thumbnail_url: 'text',
    media_url: 'text',
    duration: 'integer',
    posted_at: 'timestamptz',
  },
  key: ['platform', 'external_post_id'],
  merge: {
    post_url: 'known',
    caption: 'known',
    media_type: 'known',
    thumbnail_url: 'known',
    media_url: 'known',
    duration: 'known',
  },
  returning: ['id', 'external_post_id', 'posted_at'],
});

/** A stored post, and the id that it is to have. */
export interface RenamedPost {
  id: number;
  to: string;
}

/** Gives posts the ids under which they will be found again. One whose new id is taken stays as it is. */
export async function adoptPosts(
  db: Kysely<Database>,
  accountId: number,
  posts: readonly RenamedPost[],
): Promise<void> {
  for (const { id, to } of posts) {
    await db
      .updateTable('social_media_posts')
      .set({ external_post_id: to })
      .where('id', '=', id)
      .where('account_id', '=', accountId)
      .execute();
  }
}

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
  return new Map(posts.map(({ externalId }) => [externalId, saved.get(externalId)?.id as number]));
}

// A number never becomes NULL. The rate is computed from the merged counts, so it replaces the earlier one.
const upsertAnalytics = createBulkWriter({
  table: 'social_media_post_analytics',
  columns: {
    snapshot_date: 'date',
    post_id: 'integer',
    likes_count: 'bigint',
    comments_count: 'bigint',
    views_count: 'bigint',
    shares_count: 'bigint',
    saves_count: 'bigint',
    reach_count: 'bigint',
    impressions_count: 'bigint',
    engagement_rate: 'double precision',
    engagement_basis: 'text',
    provider_name: 'text',
  },
  key: ['snapshot_date', 'post_id'],
  merge: {
    likes_count: 'known',
    comments_count: 'known',
    views_count: 'known',
    shares_count: 'known',
    saves_count: 'known',
    reach_count: 'known',
    impressions_count: 'known',
    engagement_rate: 'newest',
    engagement_basis: 'newest',
    provider_name: 'known',
  },
});

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

const upsertHashtags = createBulkWriter<{ id: number; tag: string }>({
  table: 'social_media_hashtags',
  columns: { tag: 'text', written: 'text' },
  key: ['tag'],
  returning: ['id', 'tag'],
});

const insertPostHashtags = createBulkWriter({
  table: 'social_media_post_hashtags',
  columns: { hashtag_id: 'integer', post_id: 'integer' },
  key: ['hashtag_id', 'post_id'],
});

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
