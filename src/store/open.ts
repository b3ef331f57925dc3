import type { Kysely } from 'kysely';
import { isPostgresUrl, nameDatabase } from '../core/database.ts';
import type { Claims } from './claims.ts';
import type { Engine } from './engine.ts';
import type { MigrateOptions } from './migration.ts';
import type { Database } from './schema.ts';

/** An open database. The caller closes it. */
export interface Store {
  engine: Engine;
  db: Kysely<Database>;
  /** What to call it: a path, or a URL without its password. */
  name: string;
  claims: Claims;
  /** What does the database good after a run wrote to it. */
  tidy(): Promise<void>;
  /**
   * Looks for damage.
   * @returns what was found in order, in words.
   * @throws StoreError naming what is not.
   */
  check(): Promise<string>;
  close(): Promise<void>;
}

export interface OpenOptions extends MigrateOptions {
  /** The path of a SQLite file, or the URL of a PostgreSQL database. */
  database: string;
  /** Make the file, or the tables, when they do not exist yet. */
  create?: boolean;
  /** Where the usual variables of PostgreSQL clients are looked up. */
  env?: NodeJS.ProcessEnv;
}

/**
 * Opens a database and brings its schema up to date.
 * @throws StoreError when it is missing, not ours, from a newer version, damaged, out of reach or not writable.
 */
export async function openStore(options: OpenOptions): Promise<Store> {
  // A driver costs start-up time: only the one that is needed is loaded.
  if (!isPostgresUrl(options.database)) return (await import('./sqlite/open.ts')).openSqlite(options);
  return (await import('./postgres/open.ts')).openPostgres(options);
}

/** Turns what a database's driver says into what a person can act on. Anything else comes back as it is. */
export async function explainStoreError(error: unknown, database: string): Promise<unknown> {
  const engine = isPostgresUrl(database) ? 'postgres' : 'sqlite';
  return explainErrorOf({ engine, name: nameDatabase(database) }, error);
}

/** The same of a database that is open. */
export async function explainErrorOf(
  { engine, name }: Pick<Store, 'engine' | 'name'>,
  error: unknown,
): Promise<unknown> {
  return engine === 'sqlite'
    ? (await import('./sqlite/error.ts')).explainSqliteError(error, name)
    : (await import('./postgres/error.ts')).explainPostgresError(error, name);
}
