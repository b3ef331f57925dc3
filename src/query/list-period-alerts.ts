import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { Period } from './list-published.ts';

/** The alerts that fired in a period, the oldest first: those of these accounts and those of none, a quota for example. */
export async function listPeriodAlerts(
  db: Kysely<Database>,
  accountIds: readonly number[],
  { from, before }: Period,
  { limit, withGeneral }: { limit: number; withGeneral: boolean },
) {
  return db
    .selectFrom('alert_events as e')
    .innerJoin('alert_rules as r', 'r.id', 'e.rule_id')
    .leftJoin('social_media_accounts as a', 'a.id', 'e.account_id')
    .select(['r.kind', 'e.date', 'e.title', 'e.fired_at', 'a.platform', 'a.username'])
    .where('e.fired_at', '>=', from)
    .where('e.fired_at', '<', before)
    .where((eb) =>
      eb.or([
        ...(accountIds.length > 0 ? [eb('e.account_id', 'in', accountIds)] : []),
        ...(withGeneral ? [eb('e.account_id', 'is', null)] : []),
      ]),
    )
    .orderBy('e.fired_at')
    .orderBy('e.id')
    .limit(limit)
    .execute();
}
