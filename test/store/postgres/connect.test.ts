import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';
import { createPool } from '../../../src/store/postgres/connect.ts';

/** A file that can be read; what is in it matters to a connection only. */
const FILE = join(import.meta.dirname, 'connect.test.ts');

/** The URL that the driver is given. */
function urlFor(database: string, env: NodeJS.ProcessEnv = {}): URL {
  const pool = createPool(database, env);
  return new URL((pool.options as { connectionString: string }).connectionString);
}
const modeFor = (database: string, env: NodeJS.ProcessEnv = {}) => urlFor(database, env).searchParams.get('sslmode');

describe('encryption', () => {
  test.each([
    ['postgres://anna@db.example/stats', 'require'],
    ['postgres://anna@192.0.2.7:5432/stats', 'require'],
    ['postgres://anna@localhost/stats', null],
    ['postgres://anna@127.0.0.1:5544/stats', null],
    ['postgres://anna@[::1]/stats', null],
    ['postgres:///stats?host=/var/run/postgresql', null],
    ['postgres://anna@%2Fvar%2Frun%2Fpostgresql/stats', null],
    ['postgres:///stats', null],
    ['postgres://anna@localhost/stats?host=db.example', 'require'],
    ['postgres://anna@db.example/stats?sslmode=disable', 'disable'],
    ['postgres://anna@db.example/stats?sslmode=allow', 'prefer'],
    [`postgres://anna@db.example/stats?sslmode=verify-ca&sslrootcert=${FILE}`, 'verify-ca'],
    ['postgres://anna@localhost/stats?sslmode=verify-full', 'verify-full'],
  ])('for %s is %s', (database, mode) => {
    expect(modeFor(database)).toBe(mode);
  });

  test.each([
    [{ PGSSLMODE: 'verify-full' }, 'verify-full'],
    [{ PGSSLMODE: '' }, 'require'],
    [{ PGSSLMODE: 'disable' }, 'disable'],
  ])('goes by the variables %j where the URL says nothing', (env, mode) => {
    expect(modeFor('postgres://anna@db.example/stats', env)).toBe(mode);
    expect(modeFor('postgres://anna@db.example/stats?sslmode=prefer', env)).toBe('prefer');
  });

  test('is asked of the machine that PGHOST names', () => {
    expect(modeFor('postgres:///stats', { PGHOST: 'db.example' })).toBe('require');
    expect(modeFor('postgres:///stats', { PGHOST: '/var/run/postgresql' })).toBeNull();
  });

  test('takes its files from the URL, else from the variables', () => {
    const variables = urlFor('postgres://anna@db.example/stats', { PGSSLROOTCERT: FILE, PGSSLCERT: FILE }).searchParams;
    expect([variables.get('sslrootcert'), variables.get('sslcert')]).toEqual([FILE, FILE]);
    const written = urlFor(`postgres://anna@db.example/stats?sslrootcert=${FILE}`, { PGSSLROOTCERT: '/other.pem' });
    expect(written.searchParams.get('sslrootcert')).toBe(FILE);
  });

  test('means what it means to other PostgreSQL clients', () => {
    expect(urlFor('postgres://anna@db.example/stats').searchParams.get('uselibpqcompat')).toBe('true');
  });
});

test('a URL without a user is for the one who runs the program, unless PGUSER names one', () => {
  expect(urlFor('postgres://localhost/stats').searchParams.get('user')).toBe(userInfo().username);
  expect(urlFor('postgres://localhost/stats', { PGUSER: 'anna' }).searchParams.has('user')).toBe(false);
  expect(urlFor('postgres://anna@localhost/stats').searchParams.has('user')).toBe(false);
  expect(urlFor('postgres://localhost/stats?user=bert').searchParams.get('user')).toBe('bert');
});

describe('what cannot be used is refused without a word of the password', () => {
  test.each([
    ['a URL that is none', 'postgres://anna:hunter2@[db/stats', /^The database URL is not one\.$/],
    ['a port that is none', 'postgres://anna:hunter2@db.example:99999/stats', /^The database URL is not one\.$/],
    ['a check without a certificate to check by', 'postgres://anna:hunter2@db/stats?sslmode=verify-ca', /sslrootcert/],
    [
      'an unknown sslmode',
      'postgres://anna:hunter2@db/stats?sslmode=on',
      /^sslmode is "on", which is none of disable, /,
    ],
    [
      'a certificate that is not there',
      'postgres://anna:hunter2@db/stats?sslmode=verify-full&sslrootcert=/nowhere/ca.pem',
      /^The database URL cannot be used: .*\/nowhere\/ca\.pem/,
    ],
  ])('%s', (_, database, message) => {
    let error: unknown;
    try {
      createPool(database, {});
    } catch (reason) {
      error = reason;
    }
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toMatch(message);
    expect(`${(error as ConfigError).message} ${(error as ConfigError).hint}`).not.toContain('hunter2');
  });
});
