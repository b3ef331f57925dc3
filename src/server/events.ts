import { findChangeMark } from '../query/find-change-mark.ts';
import type { ServerParts } from './parts.ts';
import { tallyOf } from './tally.ts';

/** Who listens for new numbers. */
export interface Listeners {
  /**
   * Opens a stream of server-sent events: `data-changed` whenever something was written, and a comment now and then so
   * that nobody takes it for dead.
   * @param lastSeen the id of the last event that the client got: when something changed since, it is told at once.
   * @param mayListen asked before each event and each comment: who may not any more is told nothing, and let go.
   * @returns undefined when there are too many.
   */
  open(lastSeen: string | undefined, mayListen?: () => Promise<boolean>): ReadableStream<Uint8Array> | undefined;
}

export interface ListenerTiming {
  pollMs: number;
  heartbeatMs: number;
}

const MOST_STREAMS = 50;
/** Beyond this nobody reads at the other end. */
const MOST_UNREAD = 64;

/** One who listens. */
interface Listener {
  /** @returns whether it still does. */
  send: (text: string) => boolean;
  mayListen: () => Promise<boolean>;
}

/** Asks the database while somebody listens, and only then. Ends with the server. */
export function createListeners(
  parts: ServerParts,
  { pollMs, heartbeatMs }: ListenerTiming = { pollMs: 1_000, heartbeatMs: 15_000 },
): Listeners {
  const { context } = parts;
  const tally = tallyOf(parts);
  const streams = new Map<ReadableStreamDefaultController<Uint8Array>, Listener>();
  let timers: NodeJS.Timeout[] = [];
  let mark: string | undefined;
  let isAsking = false;

  const sendAll = async (text: string) => {
    for (const [controller, { send, mayListen }] of streams) {
      const isWelcome = await mayListen().catch(() => false);
      if (streams.has(controller) && (!isWelcome || !send(text))) leave(controller);
    }
  };

  async function look(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    try {
      const { db } = await context.openStore();
      const found = await findChangeMark(db);
      if (mark !== undefined && found !== mark) await sendAll(formatEvent(found, context.now()));
      if (streams.size > 0) mark = found;
    } catch {
      // A database that is away for a moment has changed when it is back, or it has not.
    } finally {
      isAsking = false;
    }
  }

  function leave(controller: ReadableStreamDefaultController<Uint8Array>): void {
    if (!streams.delete(controller)) return;
    tally.streams = streams.size;
    try {
      controller.close();
    } catch {
      // The client was first.
    }
    if (streams.size > 0) return;
    for (const timer of timers) clearInterval(timer);
    timers = [];
    mark = undefined;
  }

  context.stop.addEventListener('abort', () => {
    for (const controller of streams.keys()) leave(controller);
  });

  return {
    open(lastSeen, mayListen = async () => true) {
      if (streams.size >= MOST_STREAMS || context.stop.aborted) return undefined;
      let own: ReadableStreamDefaultController<Uint8Array>;
      return new ReadableStream<Uint8Array>({
        async start(controller) {
          own = controller;
          streams.set(controller, { send: sender(controller), mayListen });
          tally.streams = streams.size;
          if (timers.length === 0) {
            timers = [
              setInterval(() => void look(), pollMs),
              setInterval(() => void sendAll(': still here\n\n'), heartbeatMs),
            ];
          }
          controller.enqueue(encode('retry: 5000\n: listening\n\n'));
          if (mark === undefined) await look();
          const isLate = lastSeen !== undefined && mark !== undefined && lastSeen !== mark;
          if (isLate) streams.get(controller)?.send(formatEvent(mark as string, context.now()));
        },
        cancel: () => leave(own),
      });
    },
  };
}

function sender(controller: ReadableStreamDefaultController<Uint8Array>): Listener['send'] {
  return (text) => {
    if ((controller.desiredSize ?? -Infinity) < -MOST_UNREAD) return false;
    controller.enqueue(encode(text));
    return true;
  };
}

function formatEvent(mark: string, now: Date): string {
  return `event: data-changed\nid: ${mark}\ndata: ${JSON.stringify({ at: now.toISOString() })}\n\n`;
}

const encoder = new TextEncoder();
const encode = (text: string) => encoder.encode(text);
