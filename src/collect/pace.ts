import type { HttpWorld } from '../provider/client/http.ts';

/** Resolves when the next thing may start. */
export type Pace = (signal?: AbortSignal) => Promise<void>;

/** Lets things start at least `gapMs` apart; the first at once. */
export function createPace(world: Pick<HttpWorld, 'now' | 'sleep'>, gapMs: number): Pace {
  let next = 0;
  return async (signal) => {
    const now = world.now().getTime();
    // A clock that was set back must not stretch the wait beyond one gap.
    const start = Math.max(now, Math.min(next, now + gapMs));
    next = start + gapMs;
    if (start > now) await world.sleep(start - now, signal);
  };
}
