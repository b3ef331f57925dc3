import { StoreError } from '../../core/errors.ts';
import { dayIn } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import { listCampaigns } from '../../query/list-campaigns.ts';
import { judgeCampaign } from '../../record/campaign.ts';
import { listNewlyNamed } from '../../record/currency.ts';
import type { ReadRecord } from '../../record/read.ts';
import { recordAll } from '../../record/record.ts';
import type { Store } from '../../store/open.ts';
import { readGiven } from '../record/given.ts';
import { roiReport } from './result.ts';

export interface StoreOptions extends Record<string, unknown> {
  create?: boolean;
  dryRun?: boolean;
}

/** Works out a campaign's ratios from what is given and what is stored of it, and keeps both. */
export async function runStore(
  context: Context,
  { create = false, dryRun = false }: StoreOptions,
  fields: Record<string, unknown>,
): Promise<number> {
  const { timezone, currency } = await context.config();
  const now = context.now();
  const record = readGiven('campaign', [{ fields, where: '' }], 'flag', dayIn(timezone, now))[0] as ReadRecord;
  const store =
    dryRun && !needsStore(record, create) ? await openIfThere(context) : await context.openStore({ create: !dryRun });
  if (!store) {
    const { row, ratios } = judgeCampaign(record.values, currency);
    const place = { platform: record.account.platform ?? null, username: record.account.username ?? null };
    await context.print(roiReport({ row: { ...row, ...place }, ratios, isStored: false, warnings: [] }));
    return 0;
  }
  const [outcome] = await recordAll(store.db, [record], { create, currency, dryRun }, { actor: 'cli', now });
  if (!outcome?.ratios) throw new Error('a campaign has ratios');
  const row = { ...outcome.saved.after, username: outcome.account?.username ?? null };
  const warnings = dryRun ? [] : await noteRows(store, String(record.values['campaign_id']));
  await context.print(roiReport({ row, ratios: outcome.ratios, isStored: !dryRun, warnings }));
  for (const line of listNewlyNamed(outcome.saved, record.values)) context.say(line);
  return 0;
}

/** Whether there are such an account and video, only the database can tell. */
function needsStore({ account, values }: ReadRecord, create: boolean): boolean {
  const isAdded = create && account.id === undefined;
  const namesAccount = account.id !== undefined || account.username !== undefined;
  return (namesAccount && !isAdded) || values['video_id'] !== undefined;
}

/** Any other dry run needs no database, and makes none. */
async function openIfThere(context: Context): Promise<Store | undefined> {
  try {
    return await context.openStore();
  } catch (error) {
    if (error instanceof StoreError && error.ending === 'usage') return undefined;
    throw error;
  }
}

/** An option that names the account on one day and is forgotten on the next makes a second row. */
async function noteRows({ db }: Store, campaign: string): Promise<string[]> {
  const rows = await listCampaigns(db, { campaign });
  if (rows.length < 2) return [];
  return [`${campaign} has ${rows.length} rows now, one for each account, platform and video: smstats roi list`];
}
