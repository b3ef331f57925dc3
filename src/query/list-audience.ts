import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';

/** The latest audience of each account that has one, by platform and name. Paused accounts too: most are recorded only. */
export async function listAudience(db: Kysely<Database>, filter: AccountFilter = {}) {
  let query = db
    .selectFrom('social_media_accounts as a')
    .crossJoin('audience_demographics as d')
    .select(['a.id as account_id', 'a.platform', 'a.username', 'd.date', 'd.age_13_17', 'd.age_18_24', 'd.age_25_34'])
    .select(['d.age_35_44', 'd.age_45_54', 'd.age_55_64', 'd.age_65_plus', 'd.male_percentage'])
    .select(['d.female_percentage', 'd.top_countries', 'd.top_cities'])
    .whereRef('d.account_id', '=', 'a.id')
    .where('d.date', '=', (eb) =>
      eb
        .selectFrom('audience_demographics as x')
        .select(({ fn }) => fn.max('x.date').as('date'))
        .whereRef('x.account_id', '=', 'a.id'),
    );
  if (filter.platform !== undefined) query = query.where('a.platform', '=', filter.platform);
  if (filter.username !== undefined) query = query.where('a.username', '=', filter.username);
  const rows = await query.orderBy('a.platform').orderBy('a.username').execute();
  return rows.map((row) => ({
    ...row,
    top_countries: parseList(row.top_countries),
    top_cities: parseList(row.top_cities),
  }));
}

/** What was written by hand may be any JSON. */
function parseList(json: string | null): unknown {
  return json === null ? null : (JSON.parse(json) as unknown);
}
