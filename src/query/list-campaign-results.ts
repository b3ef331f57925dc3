import type { Kysely } from 'kysely';
import { campaignRatios, RATIO_NAMES, type RatioName } from '../insight/roi.ts';
import type { Database } from '../store/schema.ts';
import { listCampaigns, type CampaignFilter, type CampaignListing } from './list-campaigns.ts';

/** A campaign with its ratios, worked out anew: a row that was written by hand may lack them. */
export interface CampaignResult extends CampaignListing {
  cpm: number | null;
  /** Why a ratio is null, by its name. */
  reasons: Partial<Record<RatioName, string>>;
}

/** Every campaign and what came of it, the latest start first. */
export async function listCampaignResults(
  db: Kysely<Database>,
  filter: CampaignFilter = {},
): Promise<CampaignResult[]> {
  const campaigns = await listCampaigns(db, filter);
  return campaigns.map((row) => {
    const ratios = campaignRatios({
      cost: row.cost,
      revenue: row.revenue_generated,
      conversions: row.conversions,
      impressions: row.total_impressions,
      reach: row.total_reach,
      engagement: row.total_engagement,
    });
    const values = RATIO_NAMES.map((name) => [name, ratios[name].value] as const);
    const reasons = RATIO_NAMES.flatMap((name) => (ratios[name].reason === null ? [] : [[name, ratios[name].reason]]));
    return {
      ...row,
      ...(Object.fromEntries(values) as Record<RatioName, number | null>),
      reasons: Object.fromEntries(reasons) as CampaignResult['reasons'],
    };
  });
}
