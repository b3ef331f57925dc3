import { Kysely, PostgresAdapter, PostgresDriver, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { Dialect } from 'kysely';
import type { CustomTypesConfig, Pool } from 'pg';
import type { EngineAdapter } from '../engine.ts';
import type { Database } from '../schema.ts';

/** Object ids of types, from pg_type.dat. */
const BOOL = 16;
const NUMBERS = new Set([20, 21, 23, 700, 701, 1700]);
const TIMESTAMPTZ = 1184;

/**
 * What the server sends as text, as the JavaScript values that SQLite gives: days and JSON as text, instants as ISO 8601
 * with milliseconds, flags as 0 and 1, every kind of number as a number (counts stay far below 2^53).
 */
export const valueTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number) => {
    if (oid === BOOL) return (text: string) => (text === 't' ? 1 : 0);
    if (NUMBERS.has(oid)) return Number;
    if (oid === TIMESTAMPTZ) return parseInstant;
    return (text: string) => text;
  }) as CustomTypesConfig['getTypeParser'],
};

/** `2026-11-22 10:00:00.5+00` -> `2026-11-22T10:00:00.500Z`. */
function parseInstant(text: string): string {
  const [, day, time, zone = ''] = /^(\S+) ([\d:.]+)(.*)$/.exec(text) ?? [];
  if (day === undefined) return text;
  return new Date(`${day}T${time}${zone.length === 3 ? `${zone}:00` : zone}`).toISOString();
}

/** Kysely over a pool of connections. */
export function createKysely(pool: Pool): Kysely<Database> {
  const dialect: Dialect = {
    createAdapter: () => Object.assign(new PostgresAdapter(), { engine: 'postgres' } satisfies EngineAdapter),
    createDriver: () => {
      const driver = new PostgresDriver({ pool });
      const rollback = driver.rollbackTransaction.bind(driver);
      driver.rollbackTransaction = async (held) => {
        try {
          await rollback(held);
        } catch {
          // The connection is gone, and the transaction with it; what broke it is the error to report.
        }
      };
      return driver;
    },
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
  return new Kysely<Database>({ dialect });
}
