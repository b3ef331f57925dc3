import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { isPostgresUrl, parsePostgresUrl } from '../core/database.ts';
import { UsageError } from '../core/errors.ts';
import { createMachine, type Machine } from './machine.ts';
import { scheduleDirectory } from './record.ts';

/** Which schedule is meant: that of this user, this configuration and this database. */
export interface Installation {
  id: string;
  machine: Machine;
  directory: string;
  /** The global flags that lead the scheduled command to the same place. */
  flags: string[];
}

/** What tells one installation from another. */
export interface Place {
  env: NodeJS.ProcessEnv;
  now(): Date;
  machine?: Partial<Machine>;
  /** The flags of this run. */
  flags: { db?: string; timezone?: string };
}

/**
 * @param dataDirectory where this configuration keeps what it writes.
 * @throws UsageError when the place of the database cannot stand in a schedule.
 */
export function locateInstallation(place: Place, dataDirectory: string): Installation {
  const { db, timezone } = place.flags;
  const home = place.env['SMSTATS_HOME'];
  const flags: string[] = [];
  if (home) flags.push('--home', resolve(home));
  if (db !== undefined) flags.push('--db', namePlainly(db));
  const id = flags.length === 0 ? 'default' : createHash('sha256').update(flags.join('\0')).digest('hex').slice(0, 8);
  if (timezone !== undefined) flags.push('--timezone', timezone);
  const machine = { ...createMachine(place.env, place.now), ...place.machine };
  return { id, machine, flags, directory: scheduleDirectory(dataDirectory, id) };
}

/** What of a PostgreSQL URL says where the database is, and nothing else. */
const PLAIN = new Set(['host', 'port', 'sslmode', 'sslrootcert', 'sslcert', 'application_name', 'connect_timeout']);

/** A schedule can be read by others: crontabs and units hold no password, nor what might be one. */
function namePlainly(database: string): string {
  if (!isPostgresUrl(database)) return resolve(database.replace(/^(sqlite|file):(\/\/)?/i, ''));
  const url = parsePostgresUrl(database);
  const isPlain =
    url && url.password === '' && url.hash === '' && [...url.searchParams.keys()].every((name) => PLAIN.has(name));
  if (isPlain && !/@.*@/.test(database)) return database;
  throw new UsageError(
    'The URL after --db holds a password, or what may be one, and that must not stand in a schedule.',
    'smstats config set database <url>, then: smstats install-schedule',
  );
}
