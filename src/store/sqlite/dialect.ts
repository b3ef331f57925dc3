import { setTimeout } from 'node:timers/promises';
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
import { giveTurn } from '../../core/turn.ts';
import type { EngineAdapter } from '../engine.ts';
import type { Database } from '../schema.ts';

const MAX_STATEMENTS = 256;
/** How often another process is asked whether it has finished writing. */
const RETRY_MS = 10;

type KeptStatement = SqliteDatabase.Statement<unknown[]> & {
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
};

/**
 * Kysely over an open better-sqlite3 connection, with the two things its own driver lacks: statements are prepared once
 * and kept, and transactions take the write lock at their start (`BEGIN IMMEDIATE`), so that two processes wait for each
 * other instead of failing when both want to turn a read into a write.
 * @param checkPlace throws when nothing must be written any more.
 */
export function createKysely(connection: SqliteDatabase.Database, checkPlace: () => void = () => {}): Kysely<Database> {
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
  const patience = connection.pragma('busy_timeout', { simple: true }) as number;
  const database = { prepare, close: () => connection.close() };
  const dialect: Dialect = {
    createAdapter: () => Object.assign(new SqliteAdapter(), { engine: 'sqlite' } satisfies EngineAdapter),
    createDriver: () => {
      const driver = new SqliteDriver({ database });
      const acquire = driver.acquireConnection.bind(driver);
      // Between queries, not within a transaction: nobody else gets the connection before its end.
      driver.acquireConnection = async () => {
        await giveTurn();
        return acquire();
      };
      driver.beginTransaction = async () => {
        checkPlace();
        const deadline = performance.now() + patience;
        while (!beginAtOnce(connection, patience, performance.now() >= deadline)) {
          await driver.releaseConnection();
          await setTimeout(RETRY_MS);
          await acquire();
        }
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

/**
 * Takes the write lock if it is free. SQLite's own way to wait for it would stop the whole process: a server would answer
 * nobody while somebody imports.
 * @returns false when another process has it; with `isLast` that is thrown.
 */
function beginAtOnce(connection: SqliteDatabase.Database, patience: number, isLast: boolean): boolean {
  connection.pragma('busy_timeout = 0');
  try {
    connection.exec('begin immediate');
    return true;
  } catch (error) {
    const isBusy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
    if (isBusy && !isLast) return false;
    throw error;
  } finally {
    connection.pragma(`busy_timeout = ${patience}`);
  }
}
