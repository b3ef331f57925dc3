import { sql, type Kysely } from 'kysely';
import { StoreError } from '../../core/errors.ts';
import { readMigrations, verifyMigrations } from '../migration.ts';
import type { Database } from '../schema.ts';
import { listApplied } from './migrate.ts';
import { readVersion } from './version.ts';

/**
 * Looks at what can be wrong with a database on a server: its schema, our rights, rows that belong to nothing.
 * @returns what was found in order, in words.
 * @throws StoreError naming what is not.
 */
export async function checkPostgres(db: Kysely<Database>, name: string): Promise<string> {
  verifyMigrations(await listApplied(db), readMigrations('postgres'));
  const { rows: unwritable } = await sql<{ table_name: string }>`
    SELECT c.relname AS table_name FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('schema_migrations'))
      AND c.relname LIKE ANY (ARRAY['social_media_%', 'api_%', 'analytics_fetch_%'])
      AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
        AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))`.execute(db);
  if (unwritable.length > 0) {
    const tables = unwritable.map(({ table_name }) => table_name).join(', ');
    throw new StoreError(`this user may not write to ${tables}`, { ending: 'credentials', hint: 'GRANT the rights' });
  }
  const { rows: orphans } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM social_media_post_analytics a
    WHERE NOT EXISTS (SELECT FROM social_media_post_range r WHERE r.post_id = a.post_id)`.execute(db);
  const found = orphans[0]?.count ?? 0;
  if (found > 0) throw new StoreError(`${name} has ${found} rows that belong to nothing`);
  const { rows } = await sql<{ server: string; size: number }>`
    SELECT current_setting('server_version') AS server, pg_database_size(current_database()) AS size`.execute(db);
  const [{ server, size } = { server: '?', size: 0 }] = rows;
  const version = await readVersion(db, name);
  return `${name}, PostgreSQL ${server}, schema ${version}, ${Math.ceil(size / 1024).toLocaleString('en-US')} kB`;
}
