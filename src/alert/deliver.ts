import type { Kysely } from 'kysely';
import { SmstatsError } from '../core/errors.ts';
import { groupDigits } from '../core/number.ts';
import { nextTryAt } from '../insight/retry.ts';
import { listAlertEvents, type AlertEvent } from '../query/list-alert-events.ts';
import { sendMessage, type SendWorld } from '../send/send.ts';
import type { Channel } from '../send/channel.ts';
import type { Message, SendResult } from '../send/message.ts';
import { claimMessage, holdMessage, markSent, markUnsent, type ClaimedMessage } from '../store/alert-delivery.ts';
import type { Database } from '../store/schema.ts';

/** What sending needs. */
export interface DeliveryParts {
  db: Kysely<Database>;
  world: SendWorld;
  /** The channel of that name. @throws ConfigError when it is not configured, or not wholly. */
  channel(name: string): Channel;
  sleep(ms: number): Promise<void>;
  /** Set when the run is to end: nothing more is begun. */
  stop?: AbortSignal;
}

/** What became of the messages that were due. */
export interface Delivered {
  sent: number;
  /** Those that will be tried again, and those that were given up. */
  unsent: { channel: string; reason: string; nextAt: Date | undefined }[];
}

/** So long after the last sign of life of a process its message is anybody's; it gives such signs in between. */
const HELD_MS = 15_000;
const SIGN_MS = 5_000;
const TRIES_AT_ONCE = 3;
const FIRST_WAIT_MS = 1_000;
/** A receiver that wants more patience than this is asked another time. */
const LONGEST_WAIT_MS = 10_000;
/** Twelve rounds of three tries: some days, as the waits double up to eight hours. */
const LAST_ATTEMPT = 36;
const LONGEST_ROUND = 6;
/** So many events are named in a message that tells of many. */
const NAMED = 20;

/**
 * Sends what waits and is due, one message after the other. What was sent is written down right after; a process that is
 * killed in between leaves a message that is sent again, under the same id.
 */
export async function deliverWaiting(parts: DeliveryParts): Promise<Delivered> {
  const { db, world } = parts;
  const delivered: Delivered = { sent: 0, unsent: [] };
  const down: string[] = [];
  while (!parts.stop?.aborted) {
    const now = world.now();
    const claimed = await claimMessage(db, now, new Date(now.getTime() + HELD_MS), down);
    if (!claimed) break;
    const result = await sendClaimed(parts, claimed);
    if (result.isSent) {
      await markSent(db, claimed.messageId, world.now());
      delivered.sent++;
      continue;
    }
    // What is down now is down for the next message as well; one that was refused says nothing of others.
    if (result.isWorthRetrying) down.push(claimed.channel);
    const { attempts } = result;
    const round = Math.min(LONGEST_ROUND, Math.ceil(attempts / TRIES_AT_ONCE) + 2);
    const isLast = !result.isWorthRetrying || attempts >= LAST_ATTEMPT;
    const nextAt = isLast ? undefined : nextTryAt(round, world.now());
    await markUnsent(db, claimed.messageId, result.message, nextAt);
    delivered.unsent.push({ channel: claimed.channel, reason: result.message, nextAt });
  }
  return delivered;
}

/** Tries a message some times, with pauses. A channel that is not configured here is another matter than a lost message. */
async function sendClaimed(
  { db, world, channel, sleep, stop }: DeliveryParts,
  claimed: ClaimedMessage,
): Promise<SendResult & { attempts: number }> {
  let target: Channel;
  try {
    target = channel(claimed.channel);
  } catch (error) {
    if (!(error instanceof SmstatsError)) throw error;
    const message = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
    return { isSent: false, message, isWorthRetrying: true, waitMs: undefined, attempts: claimed.attempts };
  }
  const events = await listAlertEvents(db, { ids: claimed.eventIds });
  // Its rule was removed just now.
  if (events.length === 0)
    return { isSent: false, message: 'it is gone', isWorthRetrying: false, waitMs: undefined, attempts: 0 };
  const message = toMessage(claimed.messageId, events.toReversed());
  for (let attempt = 1; ; attempt++) {
    const result = await holding(db, world, claimed.messageId, () => sendMessage(world, target, message));
    const attempts = claimed.attempts + attempt - 1;
    if (result.isSent || !result.isWorthRetrying || attempt === TRIES_AT_ONCE || stop?.aborted)
      return { ...result, attempts };
    const waitMs = Math.max(result.waitMs ?? 0, FIRST_WAIT_MS * 3 ** (attempt - 1));
    if (waitMs > LONGEST_WAIT_MS) return { ...result, attempts };
    await sleep(waitMs);
    await holdMessage(db, claimed.messageId, new Date(world.now().getTime() + HELD_MS), true);
  }
}

/** Holds a message for as long as it is being sent, however long that takes. */
async function holding<Result>(
  db: Kysely<Database>,
  world: SendWorld,
  messageId: string,
  send: () => Promise<Result>,
): Promise<Result> {
  // One that cannot be written down is the next one's matter: the message is not lost by it.
  const hold = () => holdMessage(db, messageId, new Date(world.now().getTime() + HELD_MS)).catch(() => {});
  const timer = setInterval(() => void hold(), SIGN_MS);
  try {
    return await send();
  } finally {
    clearInterval(timer);
  }
}

/** One event as a message, or many as one that names them. */
export function toMessage(id: string, events: readonly AlertEvent[]): Message {
  const first = events[0] as AlertEvent;
  if (events.length === 1) {
    const { kind, platform, username, date, title, facts, doubts, url, fired_at, values, rule_id, id: eventId } = first;
    return {
      id,
      type: `alert.${kind}`,
      title,
      account: platform !== null && username !== null ? { platform, username } : null,
      day: date,
      facts,
      doubts,
      url,
      firedAt: new Date(fired_at),
      values: { ...values, rule_id, event_id: eventId },
    };
  }
  const more = events.length - NAMED;
  return {
    id,
    type: `alert.${first.kind}`,
    title: `${groupDigits(events.length)} alerts of the rule ${first.kind}`,
    account: null,
    day: first.date,
    facts: [
      ...events.slice(0, NAMED).map(({ date, title }) => ({ label: date, value: title })),
      ...(more > 0 ? [{ label: 'and', value: `${groupDigits(more)} more: smstats alerts list --events` }] : []),
    ],
    doubts: [],
    url: null,
    firedAt: new Date(first.fired_at),
    values: { rule_id: first.rule_id, events: events.length },
  };
}
