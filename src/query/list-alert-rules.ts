import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** A rule, and how often it fired. */
export interface AlertRule {
  id: number;
  kind: string;
  account_id: number | null;
  /** Of the account, where the rule names one; otherwise of all that it watches. */
  platform: string | null;
  username: string | null;
  brand: string | null;
  metric: string | null;
  threshold: number | null;
  days: number | null;
  cooldown_days: number;
  channels: string[];
  created_at: string;
  events: number;
  last_fired_at: string | null;
}

/** The rules, the oldest first. */
export async function listAlertRules(db: Kysely<Database>): Promise<AlertRule[]> {
  const rows = await db
    .selectFrom('alert_rules as r')
    .leftJoin('social_media_accounts as a', 'a.id', 'r.account_id')
    .leftJoin('alert_events as e', 'e.rule_id', 'r.id')
    .select(['r.id', 'r.kind', 'r.account_id', 'r.brand', 'r.metric', 'r.threshold', 'r.days', 'r.cooldown_days'])
    .select(['r.created_at', 'a.username', sql<string>`cast(r.channels as text)`.as('channels')])
    .select(({ fn }) => [
      fn.coalesce('r.platform', 'a.platform').as('platform'),
      fn.count('e.id').as('events'),
      fn.max('e.fired_at').as('last_fired_at'),
    ])
    .groupBy(['r.id', 'a.id'])
    .orderBy('r.id')
    .execute();
  return rows.map(({ channels, events, ...row }) => ({
    ...row,
    channels: JSON.parse(channels) as string[],
    events: Number(events),
  }));
}
