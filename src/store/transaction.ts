import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from './schema.ts';

/** `PRAGMA synchronous` of a database in WAL mode. */
const FULL = 2;

/**
 * Runs a transaction whose commit outlives the process but does not wait for the disk: the next full commit takes it
 * along. For small steps on the way to one, of which losing the last few in a power cut loses no numbers.
 */
export async function commitSoon<Result>(
  db: Kysely<Database>,
  work: (trx: Transaction<Database>) => Promise<Result>,
): Promise<Result> {
  return db.connection().execute(async (connection) => {
    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(connection);
    // Without a WAL the disk must be waited for: otherwise a power cut could damage the file.
    if (rows[0]?.synchronous !== FULL) return connection.transaction().execute(work);
    await sql`pragma synchronous = normal`.execute(connection);
    try {
      return await connection.transaction().execute(work);
    } finally {
      await sql`pragma synchronous = full`.execute(connection);
    }
  });
}
