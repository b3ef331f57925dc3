import type SqliteDatabase from 'better-sqlite3';
import {
  CompiledQuery,
  Kysely,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
} from 'kysely';
import type { EngineAdapter } from '../engine.ts';
import type { Database } from '../schema.ts';

const MAX_STATEMENTS = 256;

type KeptStatement = SqliteDatabase.Statement<unknown[]> & {
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
};

/**
 * Kysely over an open better-sqlite3 connection, with the two things its own driver lacks: statements are prepared once
 * and kept, and transactions take the write lock at their start (`BEGIN IMMEDIATE`), so that two processes wait for each
 * other instead of failing when both want to turn a read into a write.
 */
export function createKysely(connection: SqliteDatabase.Database): Kysely<Database> {
  const statements = new Map<string, SqliteDatabase.Statement>();
  const prepare = (sql: string) => {
    // SQLite obeys some pragmas while it prepares them: kept ones would be obeyed once.
    if (sql.startsWith('pragma')) return connection.prepare(sql) as KeptStatement;
    let statement = statements.get(sql);
    if (statement) statements.delete(sql);
    else statement = connection.prepare(sql);
    statements.set(sql, statement);
    if (statements.size > MAX_STATEMENTS) statements.delete(statements.keys().next().value as string);
    return statement as KeptStatement;
  };
  const database = { prepare, close: () => connection.close() };
  const dialect: Dialect = {
    createAdapter: () => Object.assign(new SqliteAdapter(), { engine: 'sqlite' } satisfies EngineAdapter),
    createDriver: () => {
      const driver = new SqliteDriver({ database });
      driver.beginTransaction = async (held) => {
        await held.executeQuery(CompiledQuery.raw('begin immediate'));
      };
      driver.rollbackTransaction = async (held) => {
        // A full disk makes SQLite roll back by itself.
        if (connection.inTransaction) await held.executeQuery(CompiledQuery.raw('rollback'));
      };
      return driver;
    },
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<Database>({ dialect });
}
