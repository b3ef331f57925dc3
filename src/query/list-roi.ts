import type { Kysely } from 'kysely';
import { shareOut, type Share, type SpreadBy, type SpreadCampaign } from '../insight/attribution.ts';
import { summarizeShares, type RoiSummary } from '../insight/roi-summary.ts';
import { fromMicros, toMicros } from '../insight/spread.ts';
import type { Database } from '../store/schema.ts';
import { findCampaignPosts } from './find-campaign-posts.ts';
import { listCampaigns, type CampaignListing } from './list-campaigns.ts';

export type { RoiSummary };

/** What a campaign, platform or video cost and brought. */
export interface RoiRow extends RoiSummary {
  /** The campaign, platform or video; null for what belongs to none. */
  key: string | null;
  title: string | null;
}

/** A part of a campaign that belongs to none, and why. */
export interface Unattributed {
  campaign_id: string;
  currency: string | null;
  cost: number | null;
  revenue: number | null;
  reason: string;
}

/** Posts of a campaign of which nobody knows the views by which it is spread. */
export interface UnknownViews {
  campaign_id: string;
  /** How many, and of how many. When it is all of them, the campaign is spread equally. */
  posts: number;
  of: number;
}

export interface RoiReport {
  rows: RoiRow[];
  /** By currency, of whole campaigns. */
  totals: RoiSummary[];
  unattributed: Unattributed[];
  unknown_views: UnknownViews[];
  /** Views of the sample account took part. */
  is_sample: boolean;
}

interface Part {
  campaign: string;
  currency: string | null;
  share: Share;
}

/** Spreads campaigns over what they reached. Amounts of different currencies, or of none, are never added up. */
export async function listRoi(
  db: Kysely<Database>,
  by: SpreadBy,
  timezone: string,
  window: { from?: string; to?: string } = {},
): Promise<RoiReport> {
  const campaigns = (await listCampaigns(db, window)).map(toSpread);
  const windows = campaigns.map(({ start_date: start, end_date: end }) => ({ start, end }));
  const posts = await findCampaignPosts(db, timezone, windows);
  const partsBy = (what: SpreadBy) =>
    campaigns.flatMap((campaign) =>
      shareOut(campaign, posts, what).map((share): Part => ({
        campaign: campaign.campaign_id,
        currency: campaign.currency,
        share,
      })),
    );
  const parts = partsBy(by).filter(({ share }) => share.key !== null || isSomething(share));
  const wholes = partsBy('campaign');
  const rows = groupBy(parts, ({ currency, share }) => JSON.stringify([currency, share.key])).map((group): RoiRow => {
    const { currency, share } = group[0] as Part;
    return { key: share.key, title: share.title, ...summarizeShares(currency, group) };
  });
  const totals = groupBy(wholes, ({ currency }) => String(currency)).map((group) =>
    summarizeShares((group[0] as Part).currency, group),
  );
  return {
    rows: rows.toSorted(compareRows),
    totals: totals.toSorted((a, b) => compareText(a.currency, b.currency)),
    is_sample: await hasSample(
      db,
      wholes.flatMap(({ share }) => share.posts),
    ),
    unattributed: parts.filter(({ share }) => share.key === null).map(toUnattributed),
    unknown_views: campaigns.flatMap((campaign) => countUnknownViews(campaign, shareOut(campaign, posts, by))),
  };
}

/** Nothing known but zeros is nothing to tell. */
function isSomething({ amounts }: Share): boolean {
  const known = Object.values(amounts).filter((amount) => amount !== null);
  return known.length === 0 || known.some((amount) => amount !== 0n);
}

/** @returns nothing for a campaign that was not spread, or of which there is nothing to spread. */
function countUnknownViews({ campaign_id, amounts }: SpreadCampaign, shares: readonly Share[]): UnknownViews[] {
  const posts = shares.filter(({ basis }) => basis !== 'whole').flatMap((share) => share.posts);
  const unknown = posts.filter(({ views }) => views === null).length;
  const isSpread = Object.values(amounts).some((amount) => amount !== null && amount !== 0n);
  return isSpread && unknown > 0 ? [{ campaign_id, posts: unknown, of: posts.length }] : [];
}

async function hasSample(db: Kysely<Database>, posts: readonly { account_id: number }[]): Promise<boolean> {
  const accounts = [...new Set(posts.map(({ account_id }) => account_id))];
  if (accounts.length === 0) return false;
  const days = db
    .selectFrom('social_media_analytics_snapshots')
    .select('account_id')
    .where('account_id', 'in', accounts);
  return (await days.where('provider_name', '=', 'sample').limit(1).execute()).length > 0;
}

function toSpread(row: CampaignListing): SpreadCampaign {
  return {
    ...row,
    amounts: {
      cost: toMicros(row.cost),
      revenue: toMicros(row.revenue_generated),
      conversions: toMicros(row.conversions),
      impressions: toMicros(row.total_impressions),
    },
  };
}

function groupBy(parts: readonly Part[], keyOf: (part: Part) => string): Part[][] {
  const groups = new Map<string, Part[]>();
  for (const part of parts) groups.set(keyOf(part), [...(groups.get(keyOf(part)) ?? []), part]);
  return [...groups.values()];
}

function toUnattributed({ campaign, currency, share }: Part): Unattributed {
  const { cost, revenue } = share.amounts;
  return {
    campaign_id: campaign,
    currency,
    cost: cost === null ? null : fromMicros(cost),
    revenue: revenue === null ? null : fromMicros(revenue),
    reason: share.reason as string,
  };
}

/** By currency, the dearest first, what belongs to none last. */
function compareRows(a: RoiRow, b: RoiRow): number {
  return (
    compareText(a.currency, b.currency) ||
    Number(a.key === null) - Number(b.key === null) ||
    (b.cost ?? -1) - (a.cost ?? -1) ||
    compareText(a.key, b.key)
  );
}

/** What is not known comes last. */
function compareText(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
