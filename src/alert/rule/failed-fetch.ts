import type { Finding } from '../../core/alert.ts';
import { listFailing, type Failing } from '../../query/list-failing.ts';
import { listWatched, type WatchedAccount } from '../../query/list-watched.ts';
import type { RuleKind } from '../rule-kind.ts';
import { freshFrom } from './watch.ts';
import { counted, nameOf, quoted } from './wording.ts';

/** An account that could not be fetched since it last could. Told once until it is fetched again. */
export const failedFetch: RuleKind = {
  summary: 'an account could not be fetched',
  threshold: {
    meaning: 'fires when it failed on so many days on which it was tried, one after the other',
    unit: 'times',
    standard: 1,
    least: 1,
    most: 90,
  },
  days: null,
  metrics: null,
  cooldownDays: 3,
  async find(world, parameters, scope) {
    const threshold = parameters.threshold ?? (failedFetch.threshold?.standard as number);
    const accounts = await listWatched(world.db, scope);
    const byId = new Map(accounts.map((account) => [account.account_id, account]));
    const failing = await listFailing(world.db, [...byId.keys()]);
    return failing
      .filter(({ days, last_day }) => days >= threshold && last_day >= freshFrom(world))
      .map((streak) => describe(byId.get(streak.account_id) as WatchedAccount, streak));
  },
  // A failure is forgotten by the success after it.
  replay: null,
};

function describe(account: WatchedAccount, failing: Failing): Finding {
  const subject = `account:${account.account_id}`;
  const reason = failing.error_message?.trim() ? quoted(failing.error_message) : null;
  const when =
    failing.days === 1
      ? `on ${failing.last_day}`
      : `on ${counted(failing.days, 'day')}, from ${failing.first_day} to ${failing.last_day}`;
  return {
    subject,
    key: `${subject}:after:${failing.after_id}`,
    accountId: account.account_id,
    day: failing.last_day,
    title: `${nameOf(account)} could not be fetched ${when}: ${reason?.replace(/\.$/, '') ?? 'no reason is known'}`,
    facts: [
      { label: 'Failed since', value: failing.first_day },
      { label: 'Tries', value: `${failing.fetches} on ${counted(failing.days, 'day')}` },
      { label: 'Latest numbers', value: account.last_snapshot_date ?? 'none' },
    ],
    doubts: [],
    url: null,
    values: {
      failed_days: failing.days,
      failed_fetches: failing.fetches,
      first_failed_day: failing.first_day,
      last_failed_day: failing.last_day,
      error_message: reason,
      last_snapshot_date: account.last_snapshot_date,
    },
  };
}
