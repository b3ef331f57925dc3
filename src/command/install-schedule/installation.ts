import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { isPostgresUrl, secretsOfDatabase } from '../../core/database.ts';
import { UsageError } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import { createMachine, type Machine } from '../../schedule/machine.ts';
import { scheduleDirectory } from '../../schedule/record.ts';

/** Which schedule is meant: that of this user, this configuration and this database. */
export interface Installation {
  id: string;
  machine: Machine;
  directory: string;
  /** The global flags that lead the scheduled command to the same place. */
  flags: string[];
}

/** @throws UsageError when the place of the database cannot stand in a schedule. */
export async function findInstallation(context: Context): Promise<Installation> {
  const { home } = await context.config();
  const { db, timezone } = context.flags;
  const place = context.env['SMSTATS_HOME'];
  const flags: string[] = [];
  if (place) flags.push('--home', resolve(place));
  if (db !== undefined) flags.push('--db', namePlainly(db));
  const id = flags.length === 0 ? 'default' : createHash('sha256').update(flags.join('\0')).digest('hex').slice(0, 8);
  if (timezone !== undefined) flags.push('--timezone', timezone);
  const machine = { ...createMachine(context.env, context.now), ...context.machine };
  return { id, machine, flags, directory: scheduleDirectory(home.dataDirectory, id) };
}

/** A schedule can be read by others: crontabs and units hold no password. */
function namePlainly(database: string): string {
  if (!isPostgresUrl(database)) return resolve(database.replace(/^(sqlite|file):(\/\/)?/i, ''));
  if (secretsOfDatabase(database).length === 0) return database;
  throw new UsageError(
    'The URL after --db holds a password, which must not stand in a schedule.',
    'smstats config set database <url>, then: smstats install-schedule',
  );
}
