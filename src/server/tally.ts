import type { ServerParts } from './parts.ts';

/** Upper bounds in seconds. */
export const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Durations of one route: how many were within each bucket, and beyond the last. */
export interface Durations {
  counts: number[];
  seconds: number;
}

/** What a server counts of itself. Every label is one of few: nobody can make more by asking. */
export interface Tally {
  /** By method, route and status. */
  requests: Map<string, { method: string; route: string; status: number; count: number }>;
  /** By route. Streams are left out: they last as long as somebody listens. */
  durations: Map<string, Durations>;
  inFlight: number;
  limited: number;
  streams: number;
}

const kept = new WeakMap<ServerParts, Tally>();

/** The tally of a server. */
export function tallyOf(parts: ServerParts): Tally {
  let tally = kept.get(parts);
  if (!tally) {
    tally = { requests: new Map(), durations: new Map(), inFlight: 0, limited: 0, streams: 0 };
    kept.set(parts, tally);
  }
  return tally;
}

/** Counts a request that is over. */
export function countRequest(tally: Tally, method: string, route: string, status: number): void {
  const key = `${method} ${route} ${status}`;
  const counted = tally.requests.get(key);
  if (counted) counted.count += 1;
  else tally.requests.set(key, { method, route, status, count: 1 });
}

/** Notes how long a request took. */
export function countDuration(tally: Tally, route: string, seconds: number): void {
  let durations = tally.durations.get(route);
  if (!durations) {
    durations = { counts: [...BUCKETS, Infinity].map(() => 0), seconds: 0 };
    tally.durations.set(route, durations);
  }
  const at = BUCKETS.findIndex((bound) => seconds <= bound);
  const index = at < 0 ? BUCKETS.length : at;
  durations.counts[index] = (durations.counts[index] as number) + 1;
  durations.seconds += seconds;
}
