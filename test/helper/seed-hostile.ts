import { addDays, type Day } from '../../src/core/time.ts';
import type { Store } from '../../src/store/open.ts';

/** What a stranger may write, in every place that takes text. `window.__xss` tells when any of it ran. */
const HOSTILE = [
  '<script>window.__xss=1</script>',
  '"><img src=x onerror=window.__xss=1>',
  "'-window.__xss=1-'",
  '<svg onload=window.__xss=1>',
  '</textarea><iframe srcdoc="<script>parent.__xss=1</script>">',
  '{{constructor.constructor("window.__xss=1")()}}',
  '<a href="javascript:window.__xss=1">click</a>',
  '\u202Egnp.exe <b style="position:fixed;inset:0">',
];

/** Puts an account whose every text is an attack into a database that `seedBoard` filled. */
export async function seedHostile({ db }: Store, today: Day): Promise<void> {
  const { id } = await db
    .insertInto('social_media_accounts')
    .values({
      platform: 'tiktok',
      username: '<img src=x onerror=window.__xss=1>',
      display_name: HOSTILE.join(' '),
      brand: HOSTILE[0] as string,
      last_fetched_at: `${today}T03:00:10.000Z`,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const ago of [1, 0]) {
    await db
      .insertInto('social_media_analytics_snapshots')
      .values({
        account_id: id,
        snapshot_date: addDays(today, -ago),
        followers_count: 10 - ago,
        provider_name: HOSTILE[1] as string,
      })
      .execute();
  }
  for (const [index, text] of HOSTILE.entries()) {
    const post = await db
      .insertInto('social_media_posts')
      .values({
        account_id: id,
        platform: 'tiktok',
        external_post_id: `9${index}${'0'.repeat(16)}`,
        post_url: index % 2 ? 'javascript:window.__xss=1' : `https://example.com/"onmouseover="window.__xss=1`,
        caption: `${text} #${index % 2 ? 'bread' : 'x"onload=1'}`,
        media_type: 'video',
        posted_at: `${addDays(today, -1)}T10:00:00.000Z`,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db
      .insertInto('social_media_post_analytics')
      .values({ post_id: post.id, snapshot_date: today, views_count: 900_000_000 + index, likes_count: 1 })
      .execute();
    await db.insertInto('social_media_hashtags').values({ tag: text, written: text }).execute();
    const tag = await db
      .selectFrom('social_media_hashtags')
      .select('id')
      .where('tag', '=', text)
      .executeTakeFirstOrThrow();
    await db.insertInto('social_media_post_hashtags').values({ hashtag_id: tag.id, post_id: post.id }).execute();
    await db
      .insertInto('social_media_content_mapping')
      .values({ post_id: post.id, video_id: 'video-1', confidence_score: 0.6, matched_by: text, status: 'suggested' })
      .execute();
  }
  await db
    .insertInto('analytics_fetch_jobs')
    .values({
      account_id: id,
      status: 'failed',
      started_at: `${today}T03:00:10.000Z`,
      completed_at: `${today}T03:00:12.000Z`,
      error_message: HOSTILE.join(' '),
      date: today,
    })
    .execute();
}
