import { setImmediate } from 'node:timers/promises';

/** So long may one computation keep everybody else waiting, in milliseconds. */
const TURN_MS = 15;

let since = performance.now();

/**
 * Lets what waits go on, when nothing could for a while: requests, signals, timers. SQLite answers at once, so that awaiting
 * it lets nobody in.
 */
export async function giveTurn(): Promise<void> {
  if (performance.now() - since < TURN_MS) return;
  await setImmediate();
  since = performance.now();
}
