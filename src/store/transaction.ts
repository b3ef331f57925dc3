import type { Kysely, Transaction } from 'kysely';
import type { Database } from './schema.ts';

const ATTEMPTS = 5;
/** Two transactions that PostgreSQL cannot put in an order: one is rolled back and has to run again. */
const SERIALIZATION_FAILURES = new Set(['40001', '40P01']);

/**
 * Runs `work` in a transaction, again when the database rolled it back only because another one was in its way. `work`
 * therefore changes nothing but the database.
 */
export async function inTransaction<Result>(
  db: Kysely<Database>,
  work: (trx: Transaction<Database>) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      const { code } = error as { code?: string };
      if (attempt === ATTEMPTS || code === undefined || !SERIALIZATION_FAILURES.has(code)) throw error;
    }
  }
}
