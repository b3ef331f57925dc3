import { parseHandle, parsePlatform, parseUsername } from '../../core/platform.ts';
import { dayIn } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import { findAccount } from '../../query/find-account.ts';
import { listDueAccounts, type DueAccount } from '../../query/list-due-accounts.ts';
import type { Store } from '../../store/open.ts';

/** What a fetch is to take along: everything, one platform, or one account. */
export interface Target {
  platform?: string;
  username?: string;
}

/** @throws UsageError for what is no platform or account. */
export function readTarget(
  platform: string | undefined,
  username: string | undefined,
  platforms: readonly string[],
): Target {
  if (platform === undefined) return {};
  if (username === undefined && (platform.includes('/') || platform.includes(':')))
    return parseHandle(platform, platforms);
  const name = parsePlatform(platform, platforms);
  return username === undefined ? { platform: name } : { platform: name, username: parseUsername(name, username) };
}

/** The accounts to fetch; undefined when the one that was named is not tracked. */
export async function listTargets(
  context: Context,
  db: Store['db'],
  options: { ifDue?: boolean; competitors?: boolean },
  target: Target,
): Promise<DueAccount[] | undefined> {
  if (target.username !== undefined) {
    const account = await findAccount(db, { platform: target.platform as string, username: target.username });
    return account && [{ id: account.id, platform: account.platform, username: account.username }];
  }
  const today = dayIn((await context.config()).timezone, context.now());
  return listDueAccounts(db, {
    platform: target.platform,
    competitorsOnly: options.competitors,
    withoutSnapshotOn: options.ifDue ? today : undefined,
  });
}

/** An account that is not in the database, as far as a plan needs it. */
export function untracked({ platform, username }: Target): DueAccount {
  return { id: 0, platform: platform as string, username: username as string };
}
