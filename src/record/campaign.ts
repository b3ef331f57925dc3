import type { Kysely } from 'kysely';
import { SmstatsError, UsageError } from '../core/errors.ts';
import { engagementOf } from '../insight/engagement.ts';
import { campaignRatios, type CampaignNumbers, type Ratio, type RatioName } from '../insight/roi.ts';
import { findVideo } from '../query/find-video.ts';
import type { AccountRow } from '../store/account.ts';
import { saveAudit } from '../store/audit.ts';
import { lockCampaign, removeCampaign, updateCampaign, type CampaignRow } from '../store/campaign.ts';
import type { Database } from '../store/schema.ts';
import { inTransaction } from '../store/transaction.ts';
import { findWindowProblem } from './check.ts';
import { AMOUNTS, decideCurrency } from './currency.ts';
import type { FieldValue } from './field.ts';
import { saveKnown, type Recorded } from './save-known.ts';
import type { Recorder } from './who.ts';

const TABLE = 'campaign_social_metrics';

/** A campaign as it is stored now, and what that means. */
export interface RecordedCampaign extends Recorded<CampaignRow> {
  ratios: Record<RatioName, Ratio>;
}

/** Where a campaign ran, and what its amounts are in when nobody says. */
export interface CampaignPlace {
  account: AccountRow | undefined;
  platform: string | undefined;
  /** The currency of the configuration. */
  currency: string | undefined;
}

/**
 * Keeps what is known of a campaign: one row for a campaign, account, platform and video. A value that is left out stays
 * as it is known; the ratios are of all that is known.
 * @throws SmstatsError for a video that is not there, a window that ends before it starts, or a mix of currencies.
 */
export async function recordCampaign(
  trx: Kysely<Database>,
  place: CampaignPlace,
  given: Readonly<Record<string, FieldValue>>,
  who: Recorder,
): Promise<RecordedCampaign> {
  const { campaign_id: campaign, video_id: video = null, currency: said, ...numbers } = given;
  if (video !== null && !(await findVideo(trx, String(video)))) {
    throw new SmstatsError('not_found', `There is no video ${String(video)}.`, { hint: 'smstats content list' });
  }
  const locked = await lockCampaign(trx, {
    campaign_id: String(campaign),
    account_id: place.account?.id ?? null,
    platform: place.account?.platform ?? place.platform ?? null,
    video_id: video === null ? null : String(video),
  });
  const currency = decideCurrency(locked.row, given, said === undefined ? undefined : String(said), place.currency);
  const values = currency === null ? numbers : { ...numbers, currency };
  const merged = { ...locked.row, ...values };
  const problem = findWindowProblem(merged);
  if (problem) throw new UsageError(`With what is stored of ${String(campaign)}, ${problem.message}.`);
  const ratios = campaignRatios(numbersOf(merged));
  const derived = { ...values, ...deriveColumns(merged, ratios) };
  const update = (db: Kysely<Database>, id: number, changed: object) =>
    updateCampaign(db, id, { ...changed, updated_at: who.now.toISOString() });
  const saved = await saveKnown(trx, TABLE, locked, locked.row.id, derived, update, who);
  return { ...saved, ratios };
}

/** The numbers of a stored campaign that its ratios are made of. */
function numbersOf(row: CampaignNumberRow): CampaignNumbers {
  return {
    cost: row.cost,
    revenue: row.revenue_generated,
    conversions: row.conversions,
    impressions: row.total_impressions,
    reach: row.total_reach,
    engagement: row.total_engagement,
  };
}

/** The columns that follow from others. A CPM has none: it is cost and impressions. */
function deriveColumns(row: CampaignRow, ratios: Record<RatioName, Ratio>) {
  const known = { likes: row.total_engagement, reach: row.total_reach, impressions: row.total_impressions };
  const metrics = { comments: null, shares: null, saves: null, views: null, ...known };
  return {
    roi: ratios.roi.value,
    roas: ratios.roas.value,
    conversion_rate: ratios.conversion_rate.value,
    cost_per_conversion: ratios.cost_per_conversion.value,
    cost_per_engagement: ratios.cost_per_engagement.value,
    cost_per_reach: ratios.cost_per_reach.value,
    engagement_rate: engagementOf(metrics, null).rate,
  };
}

/** A campaign that is not stored: what is given of it, as a row, and what that means. */
export function judgeCampaign(given: Readonly<Record<string, FieldValue>>, currency: string | undefined) {
  const hasAmount = AMOUNTS.some((column) => given[column] !== undefined);
  const row = {
    ...UNKNOWN,
    ...(hasAmount && currency !== undefined ? { currency } : {}),
    ...given,
  } as CampaignNumberRow;
  return { row, ratios: campaignRatios(numbersOf(row)) };
}

const UNKNOWN = {
  cost: null,
  revenue_generated: null,
  conversions: null,
  total_impressions: null,
  total_reach: null,
  total_engagement: null,
  currency: null,
};
type CampaignNumberRow = Pick<CampaignRow, keyof typeof UNKNOWN>;

/** Removes a campaign with all its rows; the audit keeps them. @returns how many there were. */
export async function forgetCampaign(db: Kysely<Database>, campaign: string, who: Recorder): Promise<number> {
  return inTransaction(db, async (trx) => {
    const rows = await removeCampaign(trx, campaign);
    for (const before of rows) {
      await saveAudit(trx, { action: 'remove', table: TABLE, rowId: before.id, before }, who.actor);
    }
    return rows.length;
  });
}
