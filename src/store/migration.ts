import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { StoreError } from '../core/errors.ts';
import type { Engine } from './engine.ts';

/** One file of `sql/<engine>/`. */
export interface Migration {
  version: number;
  name: string;
  sql: string;
  sha256: string;
}

/** What the database says was applied to it. */
export type AppliedMigration = Pick<Migration, 'version' | 'name' | 'sha256'>;

/** What a migration has to know of the program that runs it. */
export interface MigrateOptions {
  /** Written beside each migration. */
  appVersion: string;
  /** Told about a migration of an existing database. */
  onMigrate?: (message: string) => void;
}

/** The files of an engine, in order. */
export function readMigrations(engine: Engine): Migration[] {
  const directory = new URL(`../../sql/${engine}/`, import.meta.url);
  return readdirSync(directory)
    .filter((file) => /^\d{4}_\w+\.sql$/.test(file))
    .toSorted()
    .map((file) => {
      const sql = readFileSync(new URL(file, directory), 'utf8');
      const sha256 = createHash('sha256').update(sql).digest('hex');
      return { version: Number(file.slice(0, 4)), name: file.replace(/\.sql$/, ''), sql, sha256 };
    });
}

/**
 * Compares the migrations recorded in a database with the files that ship.
 * @throws StoreError naming the first that differs.
 */
export function verifyMigrations(applied: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  for (const { version, name, sha256 } of applied) {
    if (migrations.find((migration) => migration.version === version)?.sha256 === sha256) continue;
    throw new StoreError(`Migration ${name} was applied in another form than the one that ships with this program.`, {
      hint: 'install the version of smstats that made this database; do not edit the files in sql/',
    });
  }
}

/** Says that a database is newer than the program. */
export function newerSchemaError(name: string, version: number, known: number): StoreError {
  return new StoreError(
    `${name} was written by a newer smstats (schema ${version}; this one knows ${known}). It was left as it is.`,
    { ending: 'usage', hint: 'npm install -g smstats@latest' },
  );
}
