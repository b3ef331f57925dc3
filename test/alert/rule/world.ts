import { addDays } from '../../../src/core/time.ts';
import type { ProviderQuota, RuleParameters, RuleScope, RuleWorld } from '../../../src/alert/rule-kind.ts';
import type { Store } from '../../../src/store/open.ts';

/** The day it is in these tests, at noon UTC. */
export const TODAY = '2026-11-22';
export const EVERYONE: RuleScope = { accountId: null, platform: null, brand: null };
export const STANDARD: RuleParameters = { metric: null, threshold: null, days: null };

/** So many days before today. */
export const daysAgo = (count: number) => addDays(TODAY, -count);

export function worldOf(
  { db }: Store,
  { today = TODAY, quotas = [] as readonly ProviderQuota[], timezone = 'UTC' } = {},
): RuleWorld {
  return { db, timezone, now: new Date(`${today}T12:00:00Z`), quotas: async () => quotas };
}

/** A number a day; null where it was not known, undefined where nothing was fetched. */
export type Series = readonly (number | null | undefined)[];

export interface Counters {
  followers?: Series;
  views?: Series;
  likes?: Series;
  /** By how many days ago; `a` elsewhere. */
  providerOf?: (daysAgo: number) => string;
  /** The day of the last numbers, as days ago. */
  endsAgo?: number;
  /** Puts the rows in this order. */
  order?: <Row>(rows: Row[]) => Row[];
}

/** Puts an account's counters in the database, fetched at 03:00 UTC; the last of each is of the same day. */
export async function seedCounters({ db }: Store, accountId: number, counters: Counters): Promise<void> {
  const { followers = [], views = [], likes = [], endsAgo = 0, providerOf = () => 'a' } = counters;
  const length = Math.max(followers.length, views.length, likes.length);
  const at = (series: Series, ago: number) => series[series.length - 1 - ago];
  const agos = Array.from({ length }, (_, ago) => ago).filter((ago) =>
    [followers, views, likes].some((series) => at(series, ago) !== undefined),
  );
  const stored = agos.map((ago) => ({
    account_id: accountId,
    snapshot_date: daysAgo(ago + endsAgo),
    captured_at: `${daysAgo(ago + endsAgo)}T03:00:00.000Z`,
    provider_name: providerOf(ago + endsAgo),
    followers_count: at(followers, ago) ?? null,
    total_views: at(views, ago) ?? null,
    total_likes: at(likes, ago) ?? null,
  }));
  const ordered = counters.order ? counters.order(stored) : stored;
  for (let start = 0; start < ordered.length; start += 100) {
    await db
      .insertInto('social_media_analytics_snapshots')
      .values(ordered.slice(start, start + 100))
      .execute();
  }
}

/** A counter that gained so much on each day, the value before the first included. */
export function counter(gains: readonly number[], first = 20_000): number[] {
  let value = first;
  return [first, ...gains.map((gain) => (value += gain))];
}

/** Days alike, a little up and down. */
export const quiet = (days: number, gain = 100) => Array.from({ length: days }, (_, at) => gain + ((at * 7) % 11) - 5);
