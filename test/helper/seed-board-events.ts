import type { Kysely } from 'kysely';
import { addDays, type Day } from '../../src/core/time.ts';
import type { Database } from '../../src/store/schema.ts';

/** A week of fetches; those of one account fail since four days. */
export async function insertFailures(db: Kysely<Database>, today: Day): Promise<void> {
  const accounts = await db.selectFrom('social_media_accounts').select(['id', 'platform']).execute();
  for (const { id, platform } of accounts) {
    for (let ago = 6; ago >= 0; ago--) {
      const date = addDays(today, -ago);
      const isFailed = platform === 'threads' && ago < 4;
      await db
        .insertInto('analytics_fetch_jobs')
        .values({
          account_id: id,
          status: isFailed ? 'failed' : 'completed',
          provider_name: `${platform}-example`,
          started_at: `${date}T03:00:10.000Z`,
          completed_at: `${date}T03:00:12.000Z`,
          posts_fetched: isFailed ? null : 20,
          error_message: isFailed ? 'The token was refused (HTTP 401): it has expired' : null,
          date,
        })
        .execute();
      await db
        .insertInto('api_usage_tracking')
        .values({
          provider_name: `${platform}-example`,
          platform,
          endpoint: 'posts',
          request_count: 3,
          success: isFailed ? 0 : 1,
          latency_ms: 220 + platform.length * 11,
          error_message: isFailed ? 'HTTP 401' : null,
          requested_at: `${date}T03:00:11.000Z`,
          date,
        })
        .execute();
    }
  }
}

/** What a rule told. */
export async function insertAlerts(db: Kysely<Database>, today: Day): Promise<void> {
  const { id } = await db
    .insertInto('alert_rules')
    .values({ kind: 'milestone', cooldown_days: 1, channels: '[]' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const account = await db
    .selectFrom('social_media_accounts')
    .select('id')
    .where('platform', '=', 'tiktok')
    .executeTakeFirstOrThrow();
  const titles = [
    '47,000 followers reached',
    'Views did better than the weeks before lead to expect',
    '48,000 followers reached',
  ];
  for (const [index, title] of titles.entries()) {
    const date = addDays(today, -6 * (titles.length - 1 - index));
    await db
      .insertInto('alert_events')
      .values({
        rule_id: id,
        event_key: `example-${index}`,
        subject: 'tiktok @northcoastbakery',
        account_id: account.id,
        date,
        title,
        details: JSON.stringify({ facts: [], doubts: [], url: null }),
        fired_at: `${date}T03:00:20.000Z`,
      })
      .execute();
  }
}

/** Their own videos, of which some posts are known to show one, and some may. */
export async function insertContent(db: Kysely<Database>, today: Day): Promise<void> {
  const videos = ['The long rise: a day in the bakery', 'Forty layers: croissants from scratch', 'Rye, explained'];
  for (const [index, title] of videos.entries()) {
    await db
      .insertInto('videos')
      .values({
        id: `video-${index + 1}`,
        title,
        duration: 600 + index * 95,
        published_at: `${addDays(today, -40 * index - 20)}T10:00:00.000Z`,
      })
      .execute();
  }
  const posts = await db
    .selectFrom('social_media_posts')
    .select('id')
    .where('platform', 'in', ['tiktok', 'youtube'])
    .orderBy('id')
    .limit(16)
    .execute();
  for (const [index, { id }] of posts.entries()) {
    const isSure = index % 3 === 0;
    await db
      .insertInto('social_media_content_mapping')
      .values({
        post_id: id,
        video_id: `video-${(index % 3) + 1}`,
        confidence_score: isSure ? 0.98 : 0.71,
        matched_by: isSure ? 'url' : 'caption_match',
        status: isSure ? 'confirmed' : 'suggested',
        decided_by: 'rule',
        runner_up_score: isSure ? null : 0.44,
      })
      .execute();
  }
}

/** Who sees them, and what their money brought. */
export async function insertOutcome(db: Kysely<Database>, today: Day): Promise<void> {
  const accounts = await db
    .selectFrom('social_media_accounts')
    .select(['id', 'platform'])
    .where('is_competitor', '=', 0)
    .where('platform', 'in', ['instagram', 'tiktok'])
    .execute();
  for (const { id, platform } of accounts) {
    await db
      .insertInto('audience_demographics')
      .values({
        account_id: id,
        platform,
        date: addDays(today, -2),
        age_13_17: 6.2,
        age_18_24: 28.4,
        age_25_34: 33.9,
        age_35_44: 18.1,
        age_45_54: 8.7,
        age_55_64: 3.2,
        age_65_plus: 1.5,
        male_percentage: 38.5,
        female_percentage: 59.1,
        top_countries: '["Ireland","United Kingdom","Germany","USA"]',
        top_cities: '["Galway","Dublin","London"]',
      })
      .execute();
    await db
      .insertInto('campaign_social_metrics')
      .values({
        campaign_id: `spring-${platform}`,
        account_id: id,
        platform,
        start_date: addDays(today, -60),
        end_date: addDays(today, -30),
        total_reach: 150_000,
        total_impressions: 500_000,
        total_engagement: 12_400,
        cost: 5_000,
        conversions: 150,
        revenue_generated: 25_000,
        conversion_rate: 0.03,
        cost_per_conversion: 33.33,
        cost_per_reach: 0.0333,
        cost_per_engagement: 0.4,
        roi: 400,
        roas: 5,
        currency: 'EUR',
      })
      .execute();
  }
}
