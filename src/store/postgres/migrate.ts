import { sql, type Kysely } from 'kysely';
import { readMigrations, verifyMigrations, type AppliedMigration, type MigrateOptions } from '../migration.ts';
import type { Database } from '../schema.ts';
import { readVersion } from './version.ts';

const HISTORY = sql`CREATE TABLE IF NOT EXISTS schema_migrations (
  version     integer PRIMARY KEY,
  name        text NOT NULL,
  sha256      text NOT NULL,
  applied_at  timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  app_version text NOT NULL
)`;

/** Of two that create the same table at once, one fails: on the table, on its row type, or on an index of the catalogue. */
const CREATED_MEANWHILE = new Set(['42P07', '42710', '23505']);

/**
 * Applies what is missing of `sql/postgres/`, all of it in one transaction: a migration that fails leaves the tables
 * as they were. Of two processes that do this at once, one waits, and then finds it done.
 * @throws StoreError when an applied file is no longer the one that was applied.
 */
export async function migrate(db: Kysely<Database>, name: string, options: MigrateOptions): Promise<void> {
  try {
    await HISTORY.execute(db);
  } catch (error) {
    if (!CREATED_MEANWHILE.has(String((error as { code?: unknown }).code))) throw error;
  }
  const migrations = readMigrations('postgres');
  await db.transaction().execute(async (trx) => {
    await sql`SET LOCAL lock_timeout = '60s'`.execute(trx);
    await sql`LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE`.execute(trx);
    const before = await readVersion(trx, name);
    if (before > 0) {
      verifyMigrations(await listApplied(trx), migrations);
      options.onMigrate?.(`bringing the database from schema ${before} up to date`);
    }
    for (const migration of migrations.filter(({ version }) => version > before)) {
      await sql.raw(migration.sql).execute(trx);
      await sql`INSERT INTO schema_migrations (version, name, sha256, app_version)
        VALUES (${migration.version}, ${migration.name}, ${migration.sha256}, ${options.appVersion})`.execute(trx);
    }
  });
}

/** The migrations that the database says it has. */
export async function listApplied(db: Kysely<Database>): Promise<AppliedMigration[]> {
  const { rows } = await sql<AppliedMigration>`
    SELECT version, name, sha256 FROM schema_migrations ORDER BY version`.execute(db);
  return rows;
}
