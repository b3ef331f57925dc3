import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import pg from 'pg';

/** Which database the tests run on: nothing for SQLite, `pglite`, or the URL of a PostgreSQL server. */
const WANTED = process.env['SMSTATS_TEST_DATABASE'] || undefined;

/** Files of tests share a process, not their modules. */
const shared = globalThis as { pgliteUrl?: Promise<string> };

/** @returns the URL of the PostgreSQL database that the tests run on, as it is. Undefined when they run on SQLite. */
export async function postgresUrl(): Promise<string | undefined> {
  return WANTED === 'pglite' ? startPglite() : WANTED;
}

/** @returns the URL of an empty PostgreSQL database. Undefined when the tests run on SQLite. */
export async function testDatabaseUrl(): Promise<string | undefined> {
  const url = await postgresUrl();
  if (url !== undefined) await resetDatabase(url);
  return url;
}

/** Runs statements on a server without a word of ours in between; several are one transaction. */
export async function runOnServer(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Throws away whatever is in the database. What holds on to it for ten seconds fails the test. */
async function resetDatabase(url: string): Promise<void> {
  await runOnServer(url, `SET lock_timeout = '10s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public`);
}

/** Starts PostgreSQL inside this process, once. @returns its URL. */
function startPglite(): Promise<string> {
  shared.pgliteUrl ??= (async () => {
    const db = await PGlite.create();
    keepStatementsTogether(db);
    const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1', maxConnections: 50 });
    await server.start();
    return `postgres://postgres@${server.getServerConn()}/postgres`;
  })();
  return shared.pgliteUrl;
}

/**
 * There is one session for all connections. The server lets another one in after each message except in a transaction,
 * but a statement with parameters is several messages, which nothing may come between either.
 */
function keepStatementsTogether(db: PGlite): void {
  const run = db.execProtocolRawStream.bind(db);
  const isInTransaction = db.isInTransaction.bind(db);
  let isWithinStatement = false;
  db.execProtocolRawStream = (message, options) => {
    // Parse, Bind, Describe, Execute, Close and Flush, which a Sync follows.
    isWithinStatement = 'PBDECH'.includes(String.fromCharCode(message[0] as number));
    return run(message, options);
  };
  db.isInTransaction = () => isWithinStatement || isInTransaction();
}
