import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isPostgresUrl } from '../core/database.ts';
import { UsageError } from '../core/errors.ts';
import type { Context } from '../context.ts';
import type { AddCommand } from './index.ts';

interface RestoreOptions {
  force?: boolean;
}

export const addRestore: AddCommand = (command, context, end) => {
  command
    .argument('<file>', 'what smstats backup wrote, or any database file of smstats')
    .option('--force', 'replace the database that is there; it is kept beside the new one')
    .action(async (file: string, options: RestoreOptions) => end(await runRestore(context, file, options)));
};

/** Puts a backup in place of the configured database. */
export async function runRestore(context: Context, file: string, { force = false }: RestoreOptions): Promise<number> {
  const { database } = await context.config();
  if (isPostgresUrl(database)) {
    throw new UsageError(
      'A backup is restored to a file; the configured database is on a server.',
      `smstats copy --from ${file} --to <url of an empty database>, or pg_restore for what pg_dump wrote`,
    );
  }
  const [backup, target] = [resolve(file), resolve(database)];
  if (backup === target) throw new UsageError('That is the database itself.', 'smstats restore <file of a backup>');
  const { checkBackup, restoreSqlite } = await import('../store/sqlite/backup.ts');
  if (existsSync(target) && !force) {
    checkBackup(backup);
    throw new UsageError(
      `There is a database at ${target} already. The backup is good; nothing was changed.`,
      'add --force to replace it: it is kept beside the new one',
    );
  }
  const restored = restoreSqlite(backup, target, context.now());
  const rows = Object.values(restored.rows).reduce((sum, count) => sum + count, 0);
  await context.print({
    command: 'restore',
    data: { from: backup, database: target, rows, tables: restored.rows, kept: restored.kept ?? null },
    sections: [
      {
        isFacts: true,
        columns: [
          { key: 'name', label: '', kind: 'text' },
          { key: 'value', label: '', kind: 'text' },
        ],
        rows: [
          { name: 'Database', value: target },
          { name: 'Rows', value: rows.toLocaleString('en-US') },
          { name: 'Replaced, kept as', value: restored.kept ?? '' },
        ].filter(({ value }) => value !== ''),
      },
    ],
  });
  return 0;
}
