import type { Kysely } from 'kysely';
import { LAST_CALLED_ID } from '../core/account-id.ts';
import { SmstatsError } from '../core/errors.ts';
import { findAccount } from '../query/find-account.ts';
import { findAccountById } from '../query/find-account-by-id.ts';
import { findNamedAccount } from '../query/find-named-account.ts';
import type { AccountRow } from '../store/account.ts';
import { saveAudit } from '../store/audit.ts';
import { addRecordedAccount } from '../store/recorded-account.ts';
import type { Database } from '../store/schema.ts';
import type { AccountName } from './account-name.ts';
import type { Recorder } from './who.ts';

/** How an account is looked for. */
export interface AccountSearch {
  /** Add it when it is not there: not active, so that no fetch asks for it. */
  create?: boolean;
  /** An id with another platform names the account of the same brand there; with `create`, any id names one. */
  byBrand?: boolean;
}

type Found = { account: AccountRow; isNew: boolean };

/**
 * The account that a record is of.
 * @throws SmstatsError not_found.
 */
export async function requireAccount(
  trx: Kysely<Database>,
  name: AccountName,
  { create = false, byBrand = false }: AccountSearch,
  who: Recorder,
): Promise<Found> {
  const { id, platform, username } = name;
  if (id !== undefined) {
    const isLoose = byBrand && platform !== undefined;
    const account = isLoose ? await findNamedAccount(trx, id, platform) : await findAccountById(trx, id);
    const fits =
      (platform ?? account?.platform) === account?.platform && (username ?? account?.username) === account?.username;
    if (account && fits) return { account, isNew: false };
    const added = isLoose && create && !account ? await addById(trx, { ...name, id, platform }, who) : undefined;
    if (added) return added;
    const which = platform === undefined ? '' : ` of ${platform}${username === undefined ? '' : ` @${username}`}`;
    throw new SmstatsError('not_found', `There is no account ${id}${which}.`, { hint: 'smstats accounts list --json' });
  }
  const handle = { platform: platform as string, username: username as string };
  const known = await findAccount(trx, handle);
  if (known) return { account: known, isNew: false };
  if (!create) {
    throw new SmstatsError('not_found', `${platform} @${username} is not tracked.`, {
      hint: `add --create to keep what is recorded of it, or: smstats accounts add ${platform} ${username}`,
    });
  }
  const account = await addRecordedAccount(trx, { ...handle, brand: handle.username });
  // Another process added it in between.
  if (!account) return { account: (await findAccount(trx, handle)) as AccountRow, isNew: false };
  return audited(trx, account, who);
}

/**
 * Adds the account that is asked for by an id and a platform: beside one of that id it is of the same brand, else it
 * gets the id. The same id and platform find it from now on.
 */
async function addById(
  trx: Kysely<Database>,
  { id, platform, username }: AccountName & { id: number; platform: string },
  who: Recorder,
): Promise<Found | undefined> {
  const beside = await findAccountById(trx, id);
  if (!beside && id > LAST_CALLED_ID) return undefined;
  const neutral = `account_${id}`;
  const names = username === undefined ? [beside?.username ?? neutral, neutral] : [username];
  for (const each of new Set(names)) {
    const identity = beside ? { id: 'beside' as const, brand: beside.brand ?? beside.username } : { id, brand: each };
    const account = await addRecordedAccount(trx, { platform, username: each, ...identity });
    if (account) return audited(trx, account, who);
  }
  // Another process was faster, or the name belongs to another brand.
  const account = await findNamedAccount(trx, id, platform);
  return account && (username ?? account.username) === account.username ? { account, isNew: false } : undefined;
}

async function audited(trx: Kysely<Database>, account: AccountRow, who: Recorder): Promise<Found> {
  const after = { ...account };
  await saveAudit(trx, { action: 'add', table: 'social_media_accounts', rowId: account.id, after }, who.actor);
  return { account, isNew: true };
}
