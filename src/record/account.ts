import type { Kysely } from 'kysely';
import { SmstatsError } from '../core/errors.ts';
import { findAccount } from '../query/find-account.ts';
import { findAccountById } from '../query/find-account-by-id.ts';
import { addAccount, setAccountActive, type AccountRow } from '../store/account.ts';
import { saveAudit } from '../store/audit.ts';
import type { Database } from '../store/schema.ts';
import type { AccountName } from './account-name.ts';
import type { Recorder } from './who.ts';

/**
 * The account that a record is of.
 * @param create add it when it is not there: not active, so that no fetch asks for it.
 * @throws SmstatsError not_found.
 */
export async function requireAccount(
  trx: Kysely<Database>,
  { id, platform, username }: AccountName,
  create: boolean,
  who: Recorder,
): Promise<{ account: AccountRow; isNew: boolean }> {
  if (id !== undefined) {
    const account = await findAccountById(trx, id);
    const fits =
      (platform ?? account?.platform) === account?.platform && (username ?? account?.username) === account?.username;
    if (account && fits) return { account, isNew: false };
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
  const { account, isNew } = await addAccount(trx, handle);
  if (!isNew) return { account, isNew };
  await setAccountActive(trx, account.id, false, who.now);
  const after = { ...account, is_active: 0 };
  await saveAudit(trx, { action: 'add', table: 'social_media_accounts', rowId: account.id, after }, who.actor);
  return { account: after, isNew };
}
