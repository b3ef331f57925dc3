import { sql, type Kysely, type RawBuilder } from 'kysely';
import { LAST_CALLED_ID } from '../core/account-id.ts';
import type { Profile } from '../core/account.ts';
import type { Handle } from '../core/platform.ts';
import { storedText } from '../core/text.ts';
import { saveAudit } from './audit.ts';
import { engineOf } from './engine.ts';
import type { Database, Flag } from './schema.ts';
import { inTransaction } from './transaction.ts';

/** What an account's row says of who it is. */
export interface AccountRow {
  id: number;
  platform: string;
  username: string;
  is_active: Flag;
  is_competitor: Flag;
}

const columns = ['id', 'platform', 'username', 'is_active', 'is_competitor'] as const;

/** Adds an account, or finds the one that is there already. */
export async function addAccount(
  db: Kysely<Database>,
  handle: Handle,
  options: { isCompetitor?: boolean } = {},
): Promise<{ account: AccountRow; isNew: boolean }> {
  const known = await findRow(db, handle);
  if (known) return { account: known, isNew: false };
  const id = nextAccountId(db);
  const inserted = await db
    .insertInto('social_media_accounts')
    .values({
      ...handle,
      ...(id !== undefined && { id }),
      brand: handle.username,
      is_competitor: options.isCompetitor ? 1 : 0,
    })
    .onConflict((conflict) => conflict.columns(['platform', 'username']).doNothing())
    .returning(columns)
    .executeTakeFirst();
  if (inserted) return { account: inserted, isNew: true };
  // Another process added it in between.
  return { account: (await findRow(db, handle)) as AccountRow, isNew: false };
}

/**
 * The id that the next account gets, as part of its insert. SQLite by itself would count on from the highest of all, and
 * those above what clients call accounts by are not in the row; PostgreSQL has its sequence.
 */
export function nextAccountId(db: Kysely<Database>): RawBuilder<number> | undefined {
  if (engineOf(db) === 'postgres') return undefined;
  return sql<number>`(SELECT coalesce(max(id), 0) + 1 FROM social_media_accounts WHERE id <= ${LAST_CALLED_ID})`;
}

async function findRow(db: Kysely<Database>, { platform, username }: Handle): Promise<AccountRow | undefined> {
  return db
    .selectFrom('social_media_accounts')
    .select(columns)
    .where('platform', '=', platform)
    .where('username', '=', username)
    .executeTakeFirst();
}

/** Pauses an account (no fetch takes it along) or resumes it. */
export async function setAccountActive(
  db: Kysely<Database>,
  accountId: number,
  isActive: boolean,
  now: Date,
): Promise<void> {
  await db
    .updateTable('social_media_accounts')
    .set({ is_active: isActive ? 1 : 0, updated_at: now.toISOString() })
    .where('id', '=', accountId)
    .execute();
}

/** Writes what a provider said of an account. What it left unknown stays as it was. */
export async function saveProfile(db: Kysely<Database>, accountId: number, profile: Profile, now: Date): Promise<void> {
  const known = {
    display_name: textOrUndefined(profile.displayName),
    bio: textOrUndefined(profile.bio),
    profile_pic_url: textOrUndefined(profile.profilePicUrl),
    external_id: profile.externalId ?? undefined,
    is_verified: flagOrUndefined(profile.isVerified),
    is_business: flagOrUndefined(profile.isBusiness),
  };
  await db
    .updateTable('social_media_accounts')
    .set({ ...known, updated_at: now.toISOString(), last_fetched_at: now.toISOString() })
    .where('id', '=', accountId)
    .execute();
}

/**
 * Removes an account with everything stored about it. What a person has recorded goes to the audit.
 * @returns how many posts, days, campaigns and recorded days went with it.
 */
export async function removeAccount(
  db: Kysely<Database>,
  accountId: number,
): Promise<{ posts: number; days: number; campaigns: number; recorded: number }> {
  return inTransaction(db, async (trx) => {
    const campaigns = await trx
      .deleteFrom('campaign_social_metrics')
      .where('account_id', '=', accountId)
      .returningAll()
      .execute();
    for (const before of campaigns) {
      await saveAudit(trx, { action: 'remove', table: 'campaign_social_metrics', rowId: before.id, before });
    }
    let recorded = 0;
    for (const table of ['social_media_daily_metrics', 'audience_demographics'] as const) {
      const before = await trx.deleteFrom(table).where('account_id', '=', accountId).returningAll().execute();
      recorded += before.length;
      if (before.length > 0) await saveAudit(trx, { action: 'remove', table, rowId: accountId, before });
    }
    await deletePostAnalytics(trx, accountId);
    const posts = await trx.deleteFrom('social_media_posts').where('account_id', '=', accountId).executeTakeFirst();
    const days = await trx
      .deleteFrom('social_media_analytics_snapshots')
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    await trx.deleteFrom('social_media_accounts').where('id', '=', accountId).execute();
    return {
      posts: Number(posts.numDeletedRows),
      days: Number(days.numDeletedRows),
      campaigns: campaigns.length,
      recorded,
    };
  });
}

/**
 * Forgets the numbers of an account that came from `providerName`, and its posts that have no others, except those that
 * are about to be written again: what hangs on them stays.
 */
export async function deleteProviderRows(
  trx: Kysely<Database>,
  accountId: number,
  providerName: string,
  keptPostIds: readonly string[],
): Promise<void> {
  await deletePostAnalytics(trx, accountId, providerName);
  await trx
    .deleteFrom('social_media_analytics_snapshots')
    .where('account_id', '=', accountId)
    .where('provider_name', '=', providerName)
    .execute();
  await trx
    .deleteFrom('social_media_posts')
    .where('account_id', '=', accountId)
    .where('id', 'not in', trx.selectFrom('social_media_post_range').select('post_id'))
    .$if(keptPostIds.length > 0, (query) => query.where('external_post_id', 'not in', keptPostIds))
    .execute();
}

/** Naming the account's days turns the delete into point look-ups; by post alone it would scan every day of everyone. */
async function deletePostAnalytics(trx: Kysely<Database>, accountId: number, providerName?: string): Promise<void> {
  const days = trx
    .selectFrom('social_media_analytics_snapshots')
    .select('snapshot_date')
    .where('account_id', '=', accountId);
  const posts = trx.selectFrom('social_media_posts').select('id').where('account_id', '=', accountId);
  await trx
    .deleteFrom('social_media_post_analytics')
    .where('snapshot_date', 'in', days)
    .where('post_id', 'in', posts)
    .$if(providerName !== undefined, (query) => query.where('provider_name', '=', providerName as string))
    .execute();
}

function textOrUndefined(text: string | null): string | undefined {
  return text === null ? undefined : storedText(text);
}

function flagOrUndefined(flag: boolean | null): Flag | undefined {
  return flag === null ? undefined : Number(flag);
}
