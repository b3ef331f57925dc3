import type { ExpressionBuilder, Kysely } from 'kysely';
import { TERMINAL } from './alert.ts';
import type { Database } from './schema.ts';

/** A message that this process may send. */
export interface ClaimedMessage {
  messageId: string;
  channel: string;
  eventIds: number[];
  /** Tries so far, this one included. */
  attempts: number;
}

/**
 * Takes the next message that waits to be sent, so that no other process sends it before `until`. Whoever sends holds it
 * on; a process that is killed leaves it to the next one after that.
 * @param down channels that are not tried now. @returns undefined when there is none.
 */
export async function claimMessage(
  db: Kysely<Database>,
  now: Date,
  until: Date,
  down: readonly string[] = [],
): Promise<ClaimedMessage | undefined> {
  for (;;) {
    let waiting = db.selectFrom('alert_deliveries').select(['message_id', 'channel']).where(isClaimable(now));
    if (down.length > 0) waiting = waiting.where('channel', 'not in', down);
    const next = await waiting.orderBy('id').limit(1).executeTakeFirst();
    if (!next) return undefined;
    const { message_id: messageId, channel } = next;
    const rows = await db
      .updateTable('alert_deliveries')
      .set(({ eb }) => ({ claimed_until: until.toISOString(), attempts: eb('attempts', '+', 1) }))
      .where(isClaimable(now))
      .where('message_id', '=', messageId)
      .returning(['event_id', 'attempts'])
      .execute();
    // Another process was faster.
    if (rows.length === 0) continue;
    const eventIds = rows.map(({ event_id }) => event_id).toSorted((a, b) => a - b);
    return { messageId, channel, eventIds, attempts: Math.max(...rows.map(({ attempts }) => attempts)) };
  }
}

/** Holds a message that is still being sent; with `isTry` it is tried once more. */
export async function holdMessage(db: Kysely<Database>, messageId: string, until: Date, isTry = false): Promise<void> {
  await db
    .updateTable('alert_deliveries')
    .set(({ eb }) => ({ claimed_until: until.toISOString(), attempts: eb('attempts', '+', isTry ? 1 : 0) }))
    .where('message_id', '=', messageId)
    .where('status', '=', 'pending')
    .execute();
}

/** Writes down that a message arrived. */
export async function markSent(db: Kysely<Database>, messageId: string, now: Date): Promise<void> {
  await db
    .updateTable('alert_deliveries')
    .set({ status: 'sent', sent_at: now.toISOString(), claimed_until: null, error_message: null })
    .where('message_id', '=', messageId)
    .execute();
}

/** Writes down why a message did not arrive, and when to try again; without a time it is given up. */
export async function markUnsent(
  db: Kysely<Database>,
  messageId: string,
  reason: string,
  nextAt: Date | undefined,
): Promise<void> {
  await db
    .updateTable('alert_deliveries')
    .set({
      status: nextAt ? 'pending' : 'failed',
      ...(nextAt && { next_attempt_at: nextAt.toISOString() }),
      claimed_until: null,
      error_message: reason,
    })
    .where('message_id', '=', messageId)
    .where('status', '=', 'pending')
    .execute();
}

/**
 * Puts messages that were given up, or wait for their next try, on their way again, as if they were new.
 * @returns how many deliveries.
 */
export async function resendUnsent(db: Kysely<Database>, now: Date): Promise<number> {
  const rows = await db
    .updateTable('alert_deliveries')
    .set({ status: 'pending', next_attempt_at: now.toISOString(), attempts: 0 })
    .where('channel', '<>', TERMINAL)
    .where(({ or, eb, and }) =>
      or([
        eb('status', '=', 'failed'),
        and([eb('status', '=', 'pending'), eb('next_attempt_at', '>', now.toISOString())]),
      ]),
    )
    .returning('id')
    .execute();
  return rows.length;
}

/** Notes that events were shown on a terminal. */
export async function markShown(db: Kysely<Database>, eventIds: readonly number[], now: Date): Promise<void> {
  for (let at = 0; at < eventIds.length; at += 500)
    await db
      .updateTable('alert_deliveries')
      .set({ status: 'sent', sent_at: now.toISOString() })
      .where('channel', '=', TERMINAL)
      .where('status', '=', 'pending')
      .where('event_id', 'in', eventIds.slice(at, at + 500))
      .execute();
}

/** What is due, and in nobody's hands. */
function isClaimable(now: Date) {
  const instant = now.toISOString();
  return ({ and, or, eb }: ExpressionBuilder<Database, 'alert_deliveries'>) =>
    and([
      eb('status', '=', 'pending'),
      eb('channel', '<>', TERMINAL),
      eb('next_attempt_at', '<=', instant),
      or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', instant)]),
    ]);
}
