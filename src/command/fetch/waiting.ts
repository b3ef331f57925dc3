import { dayIn } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import type { DueAccount } from '../../query/list-due-accounts.ts';
import { listFailures } from '../../query/list-failures.ts';
import type { Store } from '../../store/open.ts';

/**
 * Leaves out accounts that failed so often today that the next try has to wait, and says so.
 * @returns the others.
 */
export async function leaveWaiting(
  context: Context,
  db: Store['db'],
  accounts: readonly DueAccount[],
): Promise<DueAccount[]> {
  const now = context.now();
  const { timezone } = await context.config();
  const today = dayIn(timezone, now);
  const ids = accounts.map(({ id }) => id);
  const tries = new Map((await listFailures(db, ids, today)).map((each) => [each.account_id, each]));
  return accounts.filter(({ id, platform, username }) => {
    const tried = tries.get(id);
    if (!tried || tried.next_try_at <= now) return true;
    const next = tried.next_try_at;
    const isToday = dayIn(timezone, next) === today;
    const when = isToday ? `after ${next.toISOString().slice(0, 16)}Z` : 'tomorrow';
    context.say(
      `${platform} @${username} failed ${tried.failures} times today and is asked again ${when}; at once: smstats fetch ${platform} ${username}`,
    );
    return false;
  });
}
