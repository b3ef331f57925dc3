import { lookup } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpWorld } from '../provider/client/http.ts';

/** The network, the clock and chance, as they are. */
export function createWorld(now: () => Date): HttpWorld {
  return {
    fetch: globalThis.fetch,
    now,
    sleep: (ms, signal) => delay(ms, undefined, signal && { signal }),
    random: Math.random,
    lookUp: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  };
}
