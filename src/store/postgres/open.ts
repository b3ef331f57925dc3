import { nameDatabase } from '../../core/database.ts';
import { StoreError } from '../../core/errors.ts';
import { newerSchemaError } from '../migration.ts';
import type { OpenOptions, Store } from '../open.ts';
import { SCHEMA_VERSION } from '../schema.ts';
import { createPostgresClaims } from './claims.ts';
import { createPool } from './connect.ts';
import { createKysely } from './dialect.ts';
import { explainPostgresError } from './error.ts';
import { readVersion } from './version.ts';

/**
 * Opens a PostgreSQL database and brings its schema up to date. The tables live in the first schema of the search path.
 * @throws StoreError when it is out of reach, refuses the user, has no tables yet (unless `create`), or newer ones.
 */
export async function openPostgres(options: OpenOptions): Promise<Store> {
  const { database, create = false, env = {} } = options;
  const name = nameDatabase(database);
  const pool = createPool(database, env);
  const db = createKysely(pool);
  try {
    const version = await readVersion(db, name);
    if (version === 0 && !create) {
      throw new StoreError(`There are no tables of smstats in ${name} yet.`, {
        ending: 'usage',
        hint: 'smstats init, or smstats init --sample to look around without a key',
      });
    }
    if (version > SCHEMA_VERSION) throw newerSchemaError(name, version, SCHEMA_VERSION);
    if (version < SCHEMA_VERSION) {
      const { migrate } = await import('./migrate.ts');
      await migrate(db, name, options);
    }
  } catch (error) {
    await db.destroy();
    throw explainPostgresError(error, name);
  }
  const claims = createPostgresClaims(db);
  return {
    engine: 'postgres',
    db,
    name,
    claims,
    // The server's own autovacuum does it.
    tidy: () => Promise.resolve(),
    check: async () => (await import('./check.ts')).checkPostgres(db, name),
    async close() {
      claims.end();
      await db.destroy();
    },
  };
}
