import { sql, type Kysely } from 'kysely';
import type { Day } from '../core/time.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';

/** Which accounts; everything by default. */
export interface BrandFilter extends AccountFilter {
  /** Upper and lower case of ASCII are the same. */
  brand?: string | undefined;
}

/**
 * Active accounts, also those without numbers, with the last day up to `until` of which there are any and who told them
 * then.
 */
export async function listPeriodAccounts(db: Kysely<Database>, until: Day, filter: BrandFilter = {}) {
  let query = db
    .selectFrom('social_media_accounts as a')
    .leftJoin('social_media_analytics_snapshots as s', (join) =>
      join.onRef('s.account_id', '=', 'a.id').on('s.snapshot_date', '=', (eb) =>
        eb
          .selectFrom('social_media_analytics_snapshots as x')
          .select(({ fn }) => fn.max('x.snapshot_date').as('day'))
          .whereRef('x.account_id', '=', 'a.id')
          .where('x.snapshot_date', '<=', until),
      ),
    )
    .select(['a.id as account_id', 'a.platform', 'a.username', 'a.display_name', 'a.brand', 'a.is_competitor'])
    .select(['s.snapshot_date as last_day', 's.provider_name'])
    .where('a.is_active', '=', 1);
  if (filter.platform !== undefined) query = query.where('a.platform', '=', filter.platform);
  if (filter.username !== undefined) query = query.where('a.username', '=', filter.username);
  if (filter.brand !== undefined) query = query.where(sql<boolean>`lower(a.brand) = lower(${filter.brand})`);
  return query.orderBy('a.platform').orderBy('a.username').execute();
}
