import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { listBestPosts } from './list-posts.ts';

/**
 * The best posts of an account with their latest numbers, best first: by views, or by likes where none of them has
 * views. The names are those of the view `content_performance`; the denominator of the rate and the rest follow.
 */
export async function listTopContent(
  db: Kysely<Database>,
  account: { id: number; platform: string; username: string },
  limit: number,
) {
  const { platform, username } = account;
  const { posts } = await listBestPosts(db, { platform, username, limit });
  const more = await findMore(
    db,
    posts.map(({ id }) => id),
  );
  return posts.map((post) => ({
    content_id: post.id,
    account_id: post.account_id,
    platform: post.platform,
    post_id: post.external_post_id,
    post_type: post.media_type,
    caption: post.caption,
    hashtags: more.get(post.id)?.hashtags ?? null,
    posted_at: post.posted_at,
    likes: post.likes_count,
    comments: post.comments_count,
    shares: post.shares_count,
    saves: post.saves_count,
    views: post.views_count,
    reach: post.reach_count,
    engagement_rate: post.engagement_rate,
    created_at: more.get(post.id)?.created_at ?? null,
    engagement_basis: post.engagement_basis,
    impressions: post.impressions_count,
    post_url: post.post_url,
    snapshot_date: post.snapshot_date,
  }));
}

/** When posts were first stored, and their hashtags between blanks, in alphabetical order as in the view. */
async function findMore(db: Kysely<Database>, ids: readonly number[]) {
  const rows =
    ids.length === 0
      ? []
      : await db
          .selectFrom('social_media_posts as p')
          .leftJoin('social_media_post_hashtags as x', 'x.post_id', 'p.id')
          .leftJoin('social_media_hashtags as h', 'h.id', 'x.hashtag_id')
          .select(['p.id', 'p.created_at', 'h.tag'])
          .where('p.id', 'in', ids)
          .execute();
  const more = new Map<number, { created_at: string; hashtags: string | null }>();
  for (const { id, created_at, tag } of rows.toSorted((a, b) => ((a.tag ?? '') < (b.tag ?? '') ? -1 : 1))) {
    const tags = [more.get(id)?.hashtags, tag].filter((each) => typeof each === 'string');
    more.set(id, { created_at, hashtags: tags.length === 0 ? null : tags.join(' ') });
  }
  return more;
}
