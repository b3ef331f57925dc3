import { sql, type Kysely } from 'kysely';
import { engineOf } from '../store/engine.ts';
import type { Database } from '../store/schema.ts';

/**
 * Something that is another thing after a fetch or a record: cheap enough to ask each second. What people and clients
 * change is in the audit. For the rest SQLite counts the transactions of every other process; PostgreSQL is asked for the
 * newest rows of what a fetch writes. A mark of SQLite means something beside others of the same connection only.
 */
export async function findChangeMark(db: Kysely<Database>): Promise<string> {
  const audited = await newest(db, 'audit_log');
  if (engineOf(db) === 'sqlite') {
    const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(db);
    return `${audited}.${rows[0]?.data_version}`;
  }
  const { fetched } = await db
    .selectFrom('social_media_accounts')
    .select(({ fn }) => fn.max('last_fetched_at').as('fetched'))
    .executeTakeFirstOrThrow();
  const rest = [await newest(db, 'analytics_fetch_jobs'), await newest(db, 'api_usage_tracking')];
  return [audited, ...rest, await newest(db, 'alert_events'), fetched === null ? 0 : Date.parse(fetched)].join('.');
}

type Numbered = 'audit_log' | 'analytics_fetch_jobs' | 'api_usage_tracking' | 'alert_events';

async function newest(db: Kysely<Database>, table: Numbered): Promise<number> {
  const row = await db.selectFrom(table).select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.id ?? 0;
}
