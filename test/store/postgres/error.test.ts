import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { StoreError, UsageError } from '../../../src/core/errors.ts';
import { openStore } from '../../../src/store/open.ts';
import { explainPostgresError } from '../../../src/store/postgres/error.ts';

const NAME = 'postgres://anna@db.example:5432/stats';
const failure = (code: string | undefined, message = 'what the server said') =>
  Object.assign(new Error(message), { code });

test.each([
  ['28P01', /refused the login: what the server said/, 'credentials'],
  ['28000', /refused the login/, 'credentials'],
  ['42501', /lacks a right/, 'credentials'],
  ['25006', /lacks a right/, 'credentials'],
  ['3D000', /There is no such database/, 'usage'],
  ['3F000', /has no schema to put tables into/, 'usage'],
  ['53100', /The disk of .* is full: .*\. Nothing was half written/, 'failed'],
  ['53300', /takes no further connection/, 'unavailable'],
  ['55P03', /is locked by another program/, 'locked'],
  ['57P01', /ended the connection/, 'unavailable'],
  ['57P03', /ended the connection/, 'unavailable'],
  ['08006', /ended the connection/, 'unavailable'],
  ['ECONNREFUSED', /cannot be reached/, 'unavailable'],
  ['ECONNRESET', /cannot be reached/, 'unavailable'],
  ['ENOTFOUND', /cannot be reached/, 'unavailable'],
  ['EAI_AGAIN', /cannot be reached/, 'unavailable'],
  ['ENOENT', /cannot be reached/, 'unavailable'],
  ['SELF_SIGNED_CERT_IN_CHAIN', /The encrypted connection to .* failed/, 'unavailable'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /The encrypted connection/, 'unavailable'],
  ['CERT_HAS_EXPIRED', /The encrypted connection/, 'unavailable'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /The encrypted connection/, 'unavailable'],
])('%s becomes a sentence with a next step', (code, message, ending) => {
  const cause = failure(code);
  const error = explainPostgresError(cause, NAME) as StoreError;
  expect(error).toBeInstanceOf(StoreError);
  expect(error.message).toMatch(message);
  expect(error.message).toMatch(/what the server said|db\.example/);
  expect(error).toMatchObject({ ending, cause, hint: expect.stringMatching(/\w/) as string });
});

test.each([
  ['Connection terminated unexpectedly', /The connection to .* was lost/],
  ['timeout exceeded when trying to connect', /The connection to .* was lost/],
  ['Client has encountered a connection error and is not queryable', /was lost/],
  ['The server does not support SSL connections', /The encrypted connection to .* failed/],
])('"%s", which has no code, is understood', (said, message) => {
  const error = explainPostgresError(failure(undefined, said), NAME) as StoreError;
  expect(error.message).toMatch(message);
  expect(error).toMatchObject({ ending: 'unavailable' });
});

test('all addresses of a host that were tried are named', () => {
  const tried = ['connect ECONNREFUSED ::1:5432', 'connect ECONNREFUSED 127.0.0.1:5432'];
  const error = new AggregateError(
    tried.map((message) => new Error(message)),
    '',
  );
  const explained = explainPostgresError(Object.assign(error, { code: 'ECONNREFUSED' }), NAME) as StoreError;
  expect(explained.message).toContain(tried.join('; '));
});

test.each([
  ['an error that is explained already', new UsageError('x')],
  ['an error without a code', new Error('x')],
  ['a constraint, which is a bug', failure('23514')],
  ['wrong SQL, which is a bug', failure('42601')],
  ['something that is no error', 'x'],
])('%s comes back as it is', (_, error) => {
  expect(explainPostgresError(error, NAME)).toBe(error);
});

/** Listens where a server would. @returns the URL, with a password in it. */
async function listen(answer: (write: (bytes: string) => void, end: () => void) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    answer(
      (bytes) => socket.write(bytes, 'latin1'),
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `postgres://anna:hunter2@127.0.0.1:${(server.address() as AddressInfo).port}/stats`;
}

async function refusal(database: string): Promise<StoreError> {
  const opening = openStore({ database, appVersion: '0.0.0-test' });
  const error = await opening.then(
    (store) => store.close(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoreError);
  expect(JSON.stringify([(error as StoreError).message, (error as StoreError).hint])).not.toContain('hunter2');
  return error as StoreError;
}

test('a port where nobody listens is said to be out of reach, without the password', async () => {
  const error = await refusal('postgres://anna:hunter2@127.0.0.1:1/stats');
  expect(error.message).toMatch(/^postgres:\/\/anna@127\.0\.0\.1:1\/stats cannot be reached: .*ECONNREFUSED/);
  expect(error.ending).toBe('unavailable');
});

test('a server that hangs up is said to have ended the connection', async () => {
  const error = await refusal(await listen((_, end) => end()));
  expect(error.message).toMatch(/The connection to \S+ was lost|cannot be reached/);
  expect(error.ending).toBe('unavailable');
});

test('a server without encryption is refused where encryption was asked for', async () => {
  const error = await refusal(`${await listen((write) => write('N'))}?sslmode=require`);
  expect(error.message).toMatch(/The encrypted connection to \S+ failed/);
});

test('a server that refuses the password says so', async () => {
  const fields = 'SFATAL\0C28P01\0Mpassword authentication failed for user "anna"\0\0';
  const length = Buffer.alloc(4);
  length.writeInt32BE(fields.length + 4);
  const error = await refusal(await listen((write) => write(`E${length.toString('latin1')}${fields}`)));
  expect(error.message).toContain('refused the login: password authentication failed for user "anna"');
  expect(error.ending).toBe('credentials');
});
