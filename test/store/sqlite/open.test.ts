import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { StoreError } from '../../../src/core/errors.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../../../src/store/schema.ts';
import { openSqlite } from '../../../src/store/sqlite/open.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { makeDirectory, seedAccount } from '../../helper/temp-store.ts';
import { openFile } from './open-file.ts';

const appVersion = '0.0.0-test';
const makePath = () => join(makeDirectory(), 'smstats.db');
const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

async function refusal(path: string, create = false): Promise<StoreError> {
  const error = await openSqlite({ database: path, create, appVersion }).then(
    (store) => store.close(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoreError);
  return error as StoreError;
}

describe('what is no database of ours is refused', () => {
  test('a missing file, with the command that makes one, and none is made', async () => {
    const path = makePath();
    const error = await refusal(path);
    expect(error.message).toBe(`There is no database at ${path} yet.`);
    expect(error.hint).toMatch(/^smstats init/);
    expect(error.exitCode).toBe(2);
    expect(existsSync(path)).toBe(false);
  });

  test('a file of zero bytes: a truncated database must not pass for an empty one', async () => {
    const path = makePath();
    writeFileSync(path, '');
    expect((await refusal(path)).message).toMatch(/is empty \(0 bytes\)/);
    expect(statSync(path).size).toBe(0);
  });

  test.each([
    ['garbage', Buffer.from('this is not a database at all. '.repeat(100))],
    ['a few bytes', Buffer.from('SQLite')],
    ['a picture', Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(5000, 7)])],
    ['a header that lies', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4080, 0xff)])],
  ])('%s, left as it is', async (_, bytes) => {
    for (const create of [false, true]) {
      const path = makePath();
      writeFileSync(path, bytes);
      const error = await refusal(path, create);
      expect(error.message).toMatch(/is not a SQLite database\. It was left as it is\.|is damaged/);
      expect(readFileSync(path).equals(bytes)).toBe(true);
    }
  });

  test.each([
    ['without an application id', undefined],
    ['with another application id', 0x0f055112],
  ])('the database of another program %s, which stays byte for byte', async (_, id) => {
    const path = makePath();
    const other = new SqliteDatabase(path);
    if (id !== undefined) other.pragma(`application_id = ${id}`);
    other.exec("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')");
    other.close();
    const before = hash(path);
    for (const create of [false, true]) {
      const error = await refusal(path, create);
      expect(error.message).toMatch(/is a SQLite database, but not one of smstats\. It was left as it is\./);
      expect(error.exitCode).toBe(2);
    }
    expect(hash(path)).toBe(before);
    expect(readdirSync(join(path, '..'))).toEqual(['smstats.db']);
  });

  test('a newer schema, which stays byte for byte', async () => {
    const path = makePath();
    const made = await openSqlite({ database: path, create: true, appVersion });
    made.connection.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    await made.close();
    const before = hash(path);
    const error = await refusal(path);
    expect(error.message).toContain(`newer smstats (schema ${SCHEMA_VERSION + 1}; this one knows ${SCHEMA_VERSION})`);
    expect(error.hint).toBe('npm install -g smstats@latest');
    expect(hash(path)).toBe(before);
  });

  test('a directory', async () => {
    const path = makePath();
    mkdirSync(path);
    expect((await refusal(path, true)).message).toBe(`${path} is not a file.`);
  });

  test('a path below a file', async () => {
    const path = join(makePath(), 'deeper', 'x.db');
    writeFileSync(join(path, '../..'), 'a file');
    const error = await refusal(path, true);
    expect(error.message).toMatch(/could not be created/);
    expect(error.exitCode).toBe(2);
  });

  test('a damaged database of ours, which says so when it is read', async () => {
    const path = makePath();
    await (await openSqlite({ database: path, create: true, appVersion })).close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096, bytes.length);
    writeFileSync(path, bytes);
    const opened = await openSqlite({ database: path, appVersion }).then(
      async (store) => {
        const found = store.connection.pragma('integrity_check', { simple: true });
        await store.close();
        return String(found);
      },
      (error: unknown) => (error as StoreError).message,
    );
    expect(opened).not.toBe('ok');
  });
});

describe('every open', () => {
  test('waits for the disk: WAL with synchronous=FULL, also the second time', async () => {
    const path = makePath();
    for (let time = 0; time < 3; time++) {
      const { connection, close } = await openSqlite({ database: path, create: true, appVersion });
      const pragma = (name: string) => connection.pragma(name, { simple: true });
      expect(pragma('journal_mode')).toBe('wal');
      expect(pragma('synchronous')).toBe(2);
      expect(pragma('foreign_keys')).toBe(1);
      expect(pragma('trusted_schema')).toBe(0);
      expect(pragma('cell_size_check')).toBe(1);
      expect(pragma('busy_timeout')).toBe(10_000);
      expect(pragma('application_id')).toBe(APPLICATION_ID);
      expect(pragma('user_version')).toBe(SCHEMA_VERSION);
      await close();
    }
  });

  test('keeps the file, its WAL and its directory to the owner, whatever the umask', async () => {
    const umask = process.umask(0);
    try {
      const path = join(makeDirectory(), 'new', 'deeper', 'smstats.db');
      const store = await openSqlite({ database: path, create: true, appVersion });
      await seedAccount(store);
      for (const each of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(each).mode & 0o777).toBe(0o600);
      for (const each of ['..', '../..']) expect(statSync(join(path, each)).mode & 0o777).toBe(0o700);
      await store.close();
    } finally {
      process.umask(umask);
    }
  });

  test('leaves the modes of an existing file alone', async () => {
    const path = makePath();
    await (await openSqlite({ database: path, create: true, appVersion })).close();
    chmodSync(path, 0o640);
    await (await openSqlite({ database: path, appVersion })).close();
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test('sees what was committed before', async () => {
    const path = makePath();
    const first = await openSqlite({ database: path, create: true, appVersion });
    await seedAccount(first, 'anna');
    await first.close();
    const second = await openFile(path);
    expect(await second.db.selectFrom('social_media_accounts').select('username').execute()).toEqual([
      { username: 'anna' },
    ]);
  });
});

describe('transactions', () => {
  test('take the write lock at their start, so that a reader who writes does not fail half-way', async () => {
    const path = makePath();
    const [one, two] = [await openFile(path), await openFile(path)];
    two.connection.pragma('busy_timeout = 0');
    await one.db.transaction().execute(async (trx) => {
      await trx.selectFrom('social_media_accounts').selectAll().execute();
      await expect(seedAccount(two, 'bert')).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
      await trx.insertInto('social_media_accounts').values({ platform: 'tiktok', username: 'anna' }).execute();
    });
    await seedAccount(two, 'bert');
    const rows = await one.db.selectFrom('social_media_accounts').select('username').orderBy('username').execute();
    expect(rows).toEqual([{ username: 'anna' }, { username: 'bert' }]);
  });

  test('that fail leave nothing, and the connection goes on', async () => {
    const store = await openFile();
    const failing = store.db.transaction().execute(async (trx) => {
      await trx.insertInto('social_media_accounts').values({ platform: 'tiktok', username: 'anna' }).execute();
      await sql`SELECT * FROM no_such_table`.execute(trx);
    });
    await expect(failing).rejects.toThrow(/no such table/);
    expect(store.connection.inTransaction).toBe(false);
    await seedAccount(store, 'bert');
    expect(await store.db.selectFrom('social_media_accounts').select('username').execute()).toEqual([
      { username: 'bert' },
    ]);
  });

  test('go on after more different statements than are kept', async () => {
    const store = await openFile();
    for (let n = 0; n < 600; n++) await sql`SELECT ${sql.raw(String(n))} AS n`.execute(store.db);
    expect((await sql<{ n: number }>`SELECT 0 AS n`.execute(store.db)).rows).toEqual([{ n: 0 }]);
  });
});

test.each(['deleted', 'replaced'])('nothing is written to a file that was %s while it was open', async (what) => {
  const store = await openFile();
  const seed = () => inTransaction(store.db, (trx) => sql`UPDATE schema_migrations SET version = version`.execute(trx));
  await seed();
  if (what === 'deleted') rmSync(store.path);
  else {
    writeFileSync(`${store.path}.new`, readFileSync(store.path));
    renameSync(`${store.path}.new`, store.path);
  }
  await expect(seed()).rejects.toThrow(/was deleted or replaced while it was open/);
});
