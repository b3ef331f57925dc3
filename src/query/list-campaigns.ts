import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

export interface CampaignFilter {
  campaign?: string | undefined;
  platform?: string | undefined;
  username?: string | undefined;
  /** Only campaigns whose days reach into these; a side that is open reaches everywhere. */
  from?: string | undefined;
  to?: string | undefined;
}

/** Campaigns with all that is stored of them, the latest start first. */
export async function listCampaigns(db: Kysely<Database>, filter: CampaignFilter = {}) {
  const { campaign, platform, username, from, to } = filter;
  let query = db
    .selectFrom('campaign_social_metrics as c')
    .leftJoin('social_media_accounts as a', 'a.id', 'c.account_id')
    .leftJoin('videos as v', 'v.id', 'c.video_id')
    .select(['c.id', 'c.campaign_id', 'c.account_id', 'c.platform', 'a.username', 'c.video_id'])
    .select(['v.title as video_title', 'c.start_date', 'c.end_date', 'c.currency', 'c.cost', 'c.revenue_generated'])
    .select(['c.conversions', 'c.total_reach', 'c.total_impressions', 'c.total_engagement', 'c.engagement_rate'])
    .select(['c.conversion_rate', 'c.cost_per_conversion', 'c.cost_per_engagement', 'c.cost_per_reach'])
    .select(['c.roi', 'c.roas', 'c.created_at', 'c.updated_at']);
  if (campaign !== undefined) query = query.where('c.campaign_id', '=', campaign);
  if (platform !== undefined) query = query.where('c.platform', '=', platform);
  if (username !== undefined) query = query.where('a.username', '=', username);
  if (from !== undefined)
    query = query.where((eb) => eb.or([eb('c.end_date', 'is', null), eb('c.end_date', '>=', from)]));
  if (to !== undefined)
    query = query.where((eb) => eb.or([eb('c.start_date', 'is', null), eb('c.start_date', '<=', to)]));
  return query
    .orderBy('c.start_date', (by) => by.desc().nullsLast())
    .orderBy('c.campaign_id')
    .orderBy('c.id')
    .execute();
}

export type CampaignListing = Awaited<ReturnType<typeof listCampaigns>>[number];
