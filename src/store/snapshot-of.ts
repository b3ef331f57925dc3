import { CompiledQuery, type Kysely } from 'kysely';
import { engineOf } from './engine.ts';
import type { Database } from './schema.ts';

/** Lets `work` see one state of the database, whatever is written to it meanwhile. Nobody has to wait for it. */
export async function inSnapshot<Result>(
  db: Kysely<Database>,
  work: (snapshot: Kysely<Database>) => Promise<Result>,
): Promise<Result> {
  return db.connection().execute(async (snapshot) => {
    const begin = engineOf(db) === 'sqlite' ? 'begin' : 'begin isolation level repeatable read read only';
    await snapshot.executeQuery(CompiledQuery.raw(begin));
    try {
      return await work(snapshot);
    } finally {
      await snapshot.executeQuery(CompiledQuery.raw('rollback')).catch(() => {});
    }
  });
}
