/** How many requests each asks for in a minute. */
export interface Limiter {
  /** Counts a request. @returns 0 when it may go on, else the seconds to wait. */
  take(key: string): number;
}

const MINUTE_MS = 60_000;
/** Nobody can fill the memory with addresses: beyond this the one that asked longest ago is forgotten. */
const MOST_KEYS = 10_000;

/**
 * A bucket of tokens for each key: full it holds a minute's requests, and fills evenly, so that a page that asks for
 * twenty things at once is no offence, and who asks too much waits for seconds, not for the minute to end.
 * @param now milliseconds; may jump back.
 */
export function createLimiter(perMinute: number, now: () => number): Limiter {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(key) {
      const at = now();
      const bucket = buckets.get(key);
      const refill = bucket ? (Math.max(0, at - bucket.at) * perMinute) / MINUTE_MS : 0;
      const left = bucket ? Math.min(perMinute, bucket.left + refill) : perMinute;
      const isFree = left >= 1;
      buckets.delete(key);
      buckets.set(key, { left: isFree ? left - 1 : left, at });
      if (buckets.size > MOST_KEYS) buckets.delete(buckets.keys().next().value as string);
      return isFree ? 0 : Math.max(1, Math.ceil(((1 - left) * MINUTE_MS) / perMinute / 1000));
    },
  };
}

/** What counts as one client: an address of IPv4, or the network of IPv6 that one household has. */
export function clientKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail ? tail.split(':') : [];
  const middle = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...middle, ...last].slice(0, 4).join(':');
}
