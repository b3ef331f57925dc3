import { sql, type Kysely } from 'kysely';
import { engineOf } from '../store/engine.ts';
import type { Database } from '../store/schema.ts';

/** How many bytes a database takes. */
export async function findDatabaseSize(db: Kysely<Database>): Promise<number> {
  const { rows } =
    engineOf(db) === 'sqlite'
      ? await sql<{
          bytes: number;
        }>`select page_count * page_size as bytes from pragma_page_count, pragma_page_size`.execute(db)
      : await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(db);
  return Number(rows[0]?.bytes);
}
