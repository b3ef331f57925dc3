import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** The newest migration that a database has: the least that shows it answers. */
export async function findSchemaVersion(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ version: number }>`select max(version) as version from schema_migrations`.execute(db);
  return Number(rows[0]?.version);
}
