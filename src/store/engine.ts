import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** The kinds of database that the program writes to. */
export type Engine = 'sqlite' | 'postgres';

/** What our dialects add to Kysely's adapter, so that whoever holds a `db` can tell what it speaks. */
export interface EngineAdapter {
  engine: Engine;
}

/** What kind of database `db` is, also inside a transaction. For the few statements that cannot be written alike. */
export function engineOf(db: Kysely<Database>): Engine {
  return (db.getExecutor().adapter as unknown as EngineAdapter).engine;
}
