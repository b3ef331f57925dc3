import { sql, type Kysely } from 'kysely';
import { StoreError } from '../../core/errors.ts';
import type { Database } from '../schema.ts';

/**
 * The schema version of a database; 0 when it has no tables of ours.
 * @throws StoreError when another program keeps a table of the same name there.
 */
export async function readVersion(db: Kysely<Database>, name: string): Promise<number> {
  const { rows } = await sql<{ column_name: string }>`
    SELECT attname AS column_name FROM pg_attribute
    WHERE attrelid = to_regclass('schema_migrations') AND attnum > 0 AND NOT attisdropped`.execute(db);
  if (rows.length === 0) return 0;
  if (!rows.some(({ column_name }) => column_name === 'sha256')) {
    throw new StoreError(
      `${name} belongs to another program (its schema_migrations is not ours). It was left as it is.`,
      {
        ending: 'usage',
        hint: 'give smstats a database or a schema of its own: ALTER ROLE <user> SET search_path = smstats',
      },
    );
  }
  const result = await sql<{ version: number | null }>`SELECT max(version) AS version FROM schema_migrations`.execute(
    db,
  );
  return result.rows[0]?.version ?? 0;
}
