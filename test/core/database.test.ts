import { expect, test } from 'vitest';
import { isPostgresUrl, nameDatabase, secretsOfDatabase } from '../../src/core/database.ts';

test.each([
  ['postgres://host/name', true],
  ['postgresql://host/name', true],
  ['POSTGRES://host/name', true],
  ['/srv/smstats.db', false],
  ['./postgres/smstats.db', false],
  ['sqlite:///srv/smstats.db', false],
])('%s is on a server: %s', (database, isUrl) => {
  expect(isPostgresUrl(database)).toBe(isUrl);
});

test.each([
  ['/srv/smstats.db', '/srv/smstats.db'],
  ['postgres://anna:s3cret-pw@db.example:5433/stats?sslmode=require', 'postgres://anna@db.example:5433/stats'],
  ['postgres://db.example/stats?user=anna&password=s3cret-pw', 'postgres://db.example/stats'],
  ['postgres://anna:s3cret-pw@/stats?host=/run/pg', 'postgres://anna@localhost/stats?host=/run/pg'],
  ['postgres:///stats?host=/run/postgresql', 'postgres:///stats?host=/run/postgresql'],
  ['postgres://anna:s3cret-pw@db.example:port/stats?password=s3cret-pw', 'postgres://db.example:port/stats'],
  ['postgres://anna:s3cret@pw@[bad/stats', 'postgres://[bad/stats'],
])('%s is called %s', (database, name) => {
  expect(nameDatabase(database)).toBe(name);
  expect(name).not.toContain('s3cret');
});

test('a password is known as it is written and as it is meant', () => {
  expect(secretsOfDatabase('postgres://anna:p%40ss-word@host/name')).toEqual(['p%40ss-word', 'p@ss-word']);
  expect(secretsOfDatabase('postgres://host/name?password=p%40ss-word')).toContain('p@ss-word');
  expect(secretsOfDatabase('postgres://anna:100%@host/name')).toContain('100%');
  expect(secretsOfDatabase('/srv/smstats.db')).toEqual([]);
});
