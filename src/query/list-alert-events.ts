import type { Kysely } from 'kysely';
import type { AlertFact } from '../core/alert.ts';
import type { Database } from '../store/schema.ts';

/** An event's way to a channel. */
export interface AlertDelivery {
  channel: string;
  status: 'pending' | 'sent' | 'failed';
  attempts: number;
  /** When it is tried again; null when it is not. */
  next_attempt_at: string | null;
  sent_at: string | null;
  error_message: string | null;
}

/** What a rule found, and who was told. */
export interface AlertEvent {
  id: number;
  rule_id: number;
  kind: string;
  platform: string | null;
  username: string | null;
  /** The day that it is about. */
  date: string;
  title: string;
  facts: AlertFact[];
  doubts: string[];
  url: string | null;
  values: Record<string, string | number | boolean | null>;
  fired_at: string;
  deliveries: AlertDelivery[];
}

export interface AlertEventFilter {
  /** Fired at this instant or later. */
  since?: Date;
  ids?: readonly number[];
  /** Only those that wait to be seen on a terminal. */
  isUnseen?: boolean;
  limit?: number;
}

const IDS_AT_ONCE = 1000;

/** What fired, the newest first. */
export async function listAlertEvents(
  db: Kysely<Database>,
  { since, ids, isUnseen, limit }: AlertEventFilter,
): Promise<AlertEvent[]> {
  let query = db
    .selectFrom('alert_events as e')
    .innerJoin('alert_rules as r', 'r.id', 'e.rule_id')
    .leftJoin('social_media_accounts as a', 'a.id', 'e.account_id')
    .select(['e.id', 'e.rule_id', 'r.kind', 'a.platform', 'a.username', 'e.date', 'e.title', 'e.details', 'e.fired_at'])
    .orderBy('e.id', 'desc');
  if (since) query = query.where('e.fired_at', '>=', since.toISOString());
  if (ids) query = query.where('e.id', 'in', ids.length > 0 ? ids : [-1]);
  if (limit !== undefined) query = query.limit(limit);
  if (isUnseen)
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('alert_deliveries as d')
          .select('d.id')
          .whereRef('d.event_id', '=', 'e.id')
          .where('d.channel', '=', 'terminal')
          .where('d.status', '=', 'pending'),
      ),
    );
  const rows = await query.execute();
  const deliveries = await listDeliveries(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ details, ...row }) => ({
    ...row,
    ...(JSON.parse(details) as Pick<AlertEvent, 'facts' | 'doubts' | 'url' | 'values'>),
    deliveries: deliveries.get(row.id) ?? [],
  }));
}

async function listDeliveries(
  db: Kysely<Database>,
  eventIds: readonly number[],
): Promise<Map<number, AlertDelivery[]>> {
  const found = new Map<number, AlertDelivery[]>();
  for (let at = 0; at < eventIds.length; at += IDS_AT_ONCE) {
    const rows = await db
      .selectFrom('alert_deliveries')
      .select(['event_id', 'channel', 'status', 'attempts', 'next_attempt_at', 'sent_at', 'error_message'])
      .where('event_id', 'in', eventIds.slice(at, at + IDS_AT_ONCE))
      .orderBy('id')
      .execute();
    for (const { event_id, ...row } of rows) {
      const next = row.status === 'pending' && row.channel !== 'terminal' ? row.next_attempt_at : null;
      found.set(event_id, [...(found.get(event_id) ?? []), { ...row, next_attempt_at: next }]);
    }
  }
  return found;
}
