import { existsSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { temporaryPath } from '../core/file.ts';
import type { Context } from '../context.ts';
import type { SqliteStore } from '../store/sqlite/open.ts';
import type { AddCommand } from './index.ts';

interface BackupOptions {
  output?: string;
}

export const addBackup: AddCommand = (command, context, end) => {
  command
    .option('-o, --output <file>', 'a new file (default: backups/ beside the database, named after the moment)')
    .addHelpText('after', BACKUP_HELP)
    .action(async (options: BackupOptions) => end(await runBackup(context, options)));
};

const BACKUP_HELP = `
The file is a SQLite database, complete and checked before it gets its name, readable by you alone. What is on PostgreSQL
becomes one as well; for a server of some size its own pg_dump is faster. smstats restore puts a backup back.`;

/** Writes all of the database to a file of its own. */
export async function runBackup(context: Context, { output }: BackupOptions): Promise<number> {
  const { findHome } = await import('../config/path.ts');
  const store = await context.openStore();
  const stamp = context
    .now()
    .toISOString()
    .replaceAll(/[-:]|\.\d+/g, '');
  const directory = store.engine === 'sqlite' ? dirname(store.name) : findHome(context.env).dataDirectory;
  const target = output === undefined ? join(directory, 'backups', `smstats-${stamp}.db`) : resolve(output);
  if (existsSync(target)) throw new UsageError(`${target} is there already.`, 'name another file with -o');
  const rows =
    store.engine === 'sqlite' ? await backUpFile(store as SqliteStore, target) : await backUpServer(context, target);
  const sum = rows.reduce((total, each) => total + each.rows, 0);
  await context.print({
    command: 'backup',
    data: { from: store.name, file: target, rows: sum, tables: rows },
    sections: [
      {
        columns: [
          { key: 'table', label: 'Table', kind: 'text' },
          { key: 'rows', label: 'Rows', kind: 'count' },
        ],
        rows: rows.filter((each) => each.rows > 0).map((each) => ({ ...each })),
      },
    ],
  });
  context.say(
    `${target} holds all ${sum.toLocaleString('en-US')} rows and was checked; back with: smstats restore ${target}`,
  );
  return 0;
}

interface TableRows {
  table: string;
  rows: number;
}

async function backUpFile({ connection }: SqliteStore, target: string): Promise<TableRows[]> {
  const { backUpSqlite } = await import('../store/sqlite/backup.ts');
  return Object.entries(backUpSqlite(connection, target).rows).map(([table, rows]) => ({ table, rows }));
}

/** A copy compares every row with the server's. */
async function backUpServer(context: Context, target: string): Promise<TableRows[]> {
  const [{ openStore }, { copyDatabase }, { mkdirSync, renameSync }] = await Promise.all([
    import('../store/open.ts'),
    import('../store/copy/copy.ts'),
    import('node:fs'),
  ]);
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = temporaryPath(target);
  try {
    const from = await context.openStore();
    const to = await openStore({ database: temporary, create: true, appVersion: context.version });
    const tables = await copyDatabase(from, to).finally(() => to.close());
    renameSync(temporary, target);
    return (tables ?? []).map(({ table, rows }) => ({ table, rows }));
  } finally {
    for (const rest of ['', '-wal', '-shm', '.locks']) rmSync(temporary + rest, { force: true, recursive: true });
  }
}
