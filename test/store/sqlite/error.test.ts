import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StoreError, UsageError } from '../../../src/core/errors.ts';
import { explainSqliteError } from '../../../src/store/sqlite/error.ts';
import { makeDirectory } from '../../helper/temp-store.ts';

const failure = (code: string) => Object.assign(new Error('what SQLite said'), { code });

test.each([
  ['SQLITE_BUSY', /is locked by another program/, 11],
  ['SQLITE_BUSY_SNAPSHOT', /is locked by another program/, 11],
  ['SQLITE_LOCKED', /is locked by another program/, 11],
  ['SQLITE_FULL', /is full \([\d,]+ bytes free\)\. Nothing was half written/, 1],
  ['ENOSPC', /is full/, 1],
  ['SQLITE_NOTADB', /is not a SQLite database\. It was left as it is/, 2],
  ['SQLITE_CORRUPT', /is damaged: what SQLite said/, 1],
  ['SQLITE_CORRUPT_VTAB', /is damaged/, 1],
  ['SQLITE_READONLY', /is read-only/, 1],
  ['SQLITE_READONLY_DBMOVED', /is read-only/, 1],
  ['EROFS', /is read-only/, 1],
  ['SQLITE_CANTOPEN', /cannot be opened/, 2],
  ['EACCES', /cannot be opened/, 2],
  ['EPERM', /cannot be opened/, 2],
  ['SQLITE_IOERR_WRITE', /failed: what SQLite said \(SQLITE_IOERR_WRITE\)/, 1],
])('%s becomes a sentence with the path and a next step', (code, message, exitCode) => {
  const path = join(makeDirectory(), 'x.db');
  const cause = failure(code);
  const error = explainSqliteError(cause, path) as StoreError;
  expect(error).toBeInstanceOf(StoreError);
  expect(error.message).toMatch(message);
  expect(error.message).toContain(path);
  expect(error.exitCode).toBe(exitCode);
  expect(error.hint).toBeTruthy();
  expect(error.cause).toBe(cause);
});

test('a full disk that cannot be measured is still called full', () => {
  const error = explainSqliteError(failure('SQLITE_FULL'), '/nonexistent/deep/x.db') as StoreError;
  expect(error.message).toMatch(/is full \(free space unknown\)/);
});

test.each([
  ['an error that is explained already', new UsageError('x')],
  ['an error without a code', new Error('x')],
  ['an error of another kind', failure('ERR_ASSERTION')],
  ['a constraint, which is a bug', failure('SQLITE_CONSTRAINT_CHECK')],
  ['something that is no error', 'x'],
])('%s comes back as it is', (_, error) => {
  expect(explainSqliteError(error, '/x.db')).toBe(error);
});
