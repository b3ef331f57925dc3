import { HTTPException } from 'hono/http-exception';
import { expect, test } from 'vitest';
import { ConfigError, LockError, SmstatsError, StoreError, UsageError } from '../../src/core/errors.ts';
import { FAILURES, toFailure } from '../../src/server/failure.ts';
import { openApi } from '../helper/api.ts';
import { databaseOf, openAnother, openTempStore, runSql } from '../helper/temp-store.ts';

const OUT_OF_ORDER = 'The database does not answer, or is locked; try again.';
const BUG = 'Something went wrong here; the log of the server says what.';

const CASES: [what: string, error: unknown, status: number, message: string][] = [
  ['a value that is wrong', new UsageError('days must be 1.'), 400, 'days must be 1.'],
  ['with what helps', new UsageError('It is short.', 'give its id'), 400, 'It is short; give its id.'],
  ['with a command that helps', new UsageError('It is short.', 'smstats help'), 400, 'It is short.'],
  ['with a flag that helps', new UsageError('It is short.', 'give --id'), 400, 'It is short.'],
  ['nothing there', new SmstatsError('not_found', 'There is no account 7.'), 404, 'There is no account 7.'],
  ['a configuration that is wrong', new ConfigError('/opt/anna/config.toml: bad'), 500, BUG],
  ['a lock', new LockError('/opt/anna/smstats.db is locked'), 503, OUT_OF_ORDER],
  ['a locked database', new StoreError('/opt/anna/x.db is locked', { ending: 'locked' }), 503, OUT_OF_ORDER],
  ['a server that is down', new StoreError('anna@db cannot be reached', { ending: 'unavailable' }), 503, OUT_OF_ORDER],
  ['a database that is none', new StoreError('/opt/anna/x is none', { ending: 'usage' }), 503, OUT_OF_ORDER],
  ['a row that is gone', new StoreError('There is no clip.', { ending: 'not_found' }), 404, 'There is no clip.'],
  ['a full disk', new StoreError('the disk with /opt is full'), 503, OUT_OF_ORDER],
  ['a bug', new TypeError('x is undefined in /opt/anna/app.js'), 500, BUG],
  ['what is no error', 'boom', 500, BUG],
  [
    'a library that refuses',
    new HTTPException(415, { message: 'Unsupported Media Type' }),
    415,
    'Unsupported Media Type',
  ],
  ['a library that fails', new HTTPException(502, { message: 'secret' }), 500, BUG],
];

test.each(CASES)('%s', (_, error, status, message) => {
  const failure = toFailure(error);
  expect([FAILURES[failure.kind], failure.message]).toEqual([status, message]);
});

test('a database without its tables is a fault of ours; its words stay in the log', async () => {
  const api = await openApi();
  await runSql(api.store, 'DROP TABLE audience_demographics');
  const reply = await api.get('/api/social-media/audience');
  expect(reply).toMatchObject({ status: 500, body: { success: false, message: BUG, error: 'internal' } });
  expect(api.said()).toContain('audience_demographics');
});

test('a database that another program keeps locked is not there for now', { timeout: 60_000 }, async () => {
  const store = await openTempStore();
  const api = await openApi({ store });
  const body = { account_id: 1, platform: 'instagram', followers: 1 };
  expect((await api.post('/api/social-media/metrics/daily', body)).status).toBe(200);
  await runSql(await openLocked(api), 'BEGIN IMMEDIATE');
  const reply = await api.post('/api/social-media/metrics/daily', { ...body, followers: 2 });
  expect(reply).toMatchObject({ status: 503, body: { message: OUT_OF_ORDER, error: 'unavailable' } });
  expect(reply.text).not.toContain(await databaseOf(store));
});

/** Another connection; the server's does not wait for it. */
async function openLocked({ store, context }: Awaited<ReturnType<typeof openApi>>) {
  await runSql(await context.openStore(), 'PRAGMA busy_timeout = 50');
  return openAnother(store);
}
