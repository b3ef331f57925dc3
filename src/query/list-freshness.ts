import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** How a platform's accounts stand. */
export interface Freshness {
  platform: string;
  active: number;
  paused: number;
  /** The latest day of any active account, and of the one that is furthest behind; null where none has a day. */
  newest_day: string | null;
  oldest_day: string | null;
}

/** Every platform with its accounts, and how old their latest numbers are. */
export async function listFreshness(db: Kysely<Database>): Promise<Freshness[]> {
  const accounts = await db
    .selectFrom('social_media_accounts as a')
    .select(['a.platform', 'a.is_active'])
    .select((eb) =>
      eb
        .selectFrom('social_media_analytics_snapshots as s')
        .select(({ fn }) => fn.max('s.snapshot_date').as('day'))
        .whereRef('s.account_id', '=', 'a.id')
        .as('day'),
    )
    .orderBy('a.platform')
    .execute();
  const platforms = new Map<string, Freshness>();
  for (const { platform, is_active, day } of accounts) {
    const found = platforms.get(platform) ?? { platform, active: 0, paused: 0, newest_day: null, oldest_day: null };
    platforms.set(platform, found);
    found[is_active ? 'active' : 'paused'] += 1;
    if (!is_active || day === null) continue;
    if (found.newest_day === null || day > found.newest_day) found.newest_day = day;
    if (found.oldest_day === null || day < found.oldest_day) found.oldest_day = day;
  }
  return [...platforms.values()];
}
