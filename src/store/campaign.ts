import type { Kysely, Selectable, Updateable } from 'kysely';
import type { LockedRow } from './locked-row.ts';
import type { CampaignTable, Database } from './schema.ts';

export type CampaignRow = Selectable<CampaignTable>;

/** What makes a campaign's row one of its own. */
export type CampaignKey = Pick<CampaignRow, 'campaign_id' | 'account_id' | 'platform' | 'video_id'>;

/** Locks the row of a campaign, and makes it when there is none. */
export async function lockCampaign(trx: Kysely<Database>, key: CampaignKey): Promise<LockedRow<CampaignRow>> {
  const inserted = await trx
    .insertInto('campaign_social_metrics')
    .values(key)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (inserted) return { row: inserted, isNew: true };
  let known = trx
    .updateTable('campaign_social_metrics')
    .set({ campaign_id: key.campaign_id })
    .where('campaign_id', '=', key.campaign_id);
  for (const column of ['account_id', 'platform', 'video_id'] as const) {
    const value = key[column];
    known = value === null ? known.where(column, 'is', null) : known.where(column, '=', value);
  }
  return { row: await known.returningAll().executeTakeFirstOrThrow(), isNew: false };
}

/** Writes the values that are given. @returns the whole row. */
export async function updateCampaign(
  trx: Kysely<Database>,
  id: number,
  values: Updateable<CampaignTable>,
): Promise<CampaignRow> {
  return trx
    .updateTable('campaign_social_metrics')
    .set(values)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Removes every row of a campaign. @returns them as they were. */
export async function removeCampaign(trx: Kysely<Database>, campaignId: string): Promise<CampaignRow[]> {
  return trx.deleteFrom('campaign_social_metrics').where('campaign_id', '=', campaignId).returningAll().execute();
}
