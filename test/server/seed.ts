import { addDays } from '../../src/core/time.ts';
import { saveHashtags } from '../../src/store/post.ts';
import type { Store } from '../../src/store/open.ts';
import { seedAccount } from '../helper/temp-store.ts';

const DAYS = 60;
const POSTS = 36;
const LAST = '2026-11-22';

/**
 * Two accounts of a brand and a competitor, over 60 days without a gap, with 36 posts each at any hour, some with a hashtag;
 * a video with its clip and links, an audience, a campaign, requests and a reported day. All follows from small sums.
 */
export async function seedMonths(store: Store): Promise<void> {
  const { db } = store;
  const accounts = [
    { username: 'anna', platform: 'tiktok', brand: 'studio', is_competitor: 0, start: 1000 },
    { username: 'anna.art', platform: 'instagram', brand: 'studio', is_competitor: 0, start: 500 },
    { username: 'rival', platform: 'tiktok', brand: 'rival', is_competitor: 1, start: 9000 },
  ];
  const days = Array.from({ length: DAYS }, (_, at) => addDays(LAST, at - DAYS + 1));
  await db
    .insertInto('videos')
    .values({ id: 'v1', title: 'Paint a door', published_at: `${days[5]}T08:00:00.000Z`, duration: 300 })
    .execute();
  for (const [which, { start, ...columns }] of accounts.entries()) {
    const id = await seedAccount(store, columns.username, { ...columns, last_fetched_at: `${LAST}T03:00:00.000Z` });
    await db
      .insertInto('social_media_analytics_snapshots')
      .values(
        days.map((snapshot_date, at) => ({
          account_id: id,
          snapshot_date,
          provider_name: 'test',
          followers_count: start + at * 7 + (at % 5) + (at === 50 ? 900 : 0),
          following_count: 10,
          posts_count: at,
          total_likes: 100 * at + (at % 7),
          total_comments: 5 * at,
          total_views: 2000 * at + 13 * (at % 9),
          total_shares: at,
          engagement_rate: 5,
          engagement_basis: 'views',
        })),
      )
      .execute();
    for (let at = 0; at < POSTS; at++) {
      const first = at + 2;
      const caption = `Post ${at} of ${columns.username}${at % 3 === 0 ? ' #diy' : ''}${at % 4 === 0 ? ' #art' : ''}`;
      const { id: postId } = await db
        .insertInto('social_media_posts')
        .values({
          account_id: id,
          platform: columns.platform,
          external_post_id: `73${which}00000000000${100 + at}`,
          post_url: `https://example.org/${which}/${at}`,
          caption,
          media_type: at % 2 ? 'video' : 'image',
          duration: 30,
          posted_at: `${days[first]}T${String((at * 5) % 24).padStart(2, '0')}:00:00.000Z`,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await saveHashtags(db, [{ id: postId, caption }]);
      const seen = days.slice(first, first + 15);
      await db
        .insertInto('social_media_post_analytics')
        .values(
          seen.map((snapshot_date, age) => {
            const views = Math.round((900 + at * 17 + (at % 3 === 0 ? 400 : 0)) * (1 - 0.6 ** (age + 1)));
            return {
              post_id: postId,
              snapshot_date,
              provider_name: 'test',
              views_count: views,
              likes_count: Math.round(views / 11),
              comments_count: age,
              shares_count: at % 5,
              engagement_rate: 9.5,
              engagement_basis: 'views',
            };
          }),
        )
        .execute();
      if (at < 3 && which === 0) {
        await db
          .insertInto('social_media_content_mapping')
          .values({ post_id: postId, video_id: 'v1', confidence_score: 1, matched_by: 'manual', status: 'confirmed' })
          .execute();
      }
    }
    if (which > 0) continue;
    const whose = { account_id: id, platform: columns.platform };
    await db
      .insertInto('audience_demographics')
      .values({ ...whose, date: LAST, age_18_24: 60, age_25_34: 40, top_countries: '["DE","AT"]' })
      .execute();
    await db
      .insertInto('social_media_daily_metrics')
      .values({ ...whose, date: LAST, followers: 1415, reach: 700, engagement_rate: 4.5 })
      .execute();
    await db
      .insertInto('campaign_social_metrics')
      .values({
        ...whose,
        campaign_id: 'autumn',
        start_date: days[10],
        end_date: days[40],
        cost: 100,
        revenue_generated: 300,
        roi: 200,
        roas: 3,
      })
      .execute();
    await db
      .insertInto('api_usage_tracking')
      .values({
        provider_name: 'tiktok-api23',
        platform: 'tiktok',
        endpoint: 'user',
        request_count: 3,
        success: 1,
        latency_ms: 120,
        requested_at: `${LAST}T03:00:00.000Z`,
        date: LAST,
      })
      .execute();
  }
}
