import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSqlite, type SqliteStore } from '../../../src/store/sqlite/open.ts';
import { makeDirectory } from '../../helper/temp-store.ts';

/** Opens a database file; it is closed after the test. */
export async function openFile(database = join(makeDirectory(), 'smstats.db')): Promise<SqliteStore> {
  const store = await openSqlite({ database, create: true, appVersion: '0.0.0-test' });
  onTestFinished(() => store.close());
  return store;
}
