import { resolve } from 'node:path';
import { isPostgresUrl } from '../core/database.ts';
import { UsageError } from '../core/errors.ts';
import type { Context } from '../context.ts';
import type { AddCommand } from './index.ts';

interface CopyOptions {
  from?: string;
  to: string;
}

/** How often something is said of a long table. */
const REMARK_EVERY_MS = 5000;

export const addCopy: AddCommand = (command, context, end) => {
  command
    .option('--from <path|url>', 'the database to copy (default: the configured one)')
    .requiredOption('--to <path|url>', 'an empty database, or one where a copy of the same was broken off')
    .action(async (options: CopyOptions) => end(await runCopy(context, options)));
};

/** Copies a database into another, of the same or the other kind, and compares the two. @returns the exit code. */
export async function runCopy(context: Context, options: CopyOptions): Promise<number> {
  const [{ openStore }, { copyDatabase }] = await Promise.all([
    import('../store/open.ts'),
    import('../store/copy/copy.ts'),
  ]);
  const source = toDatabase(options.from ?? (await context.config()).database);
  const target = toDatabase(options.to);
  if (source === target) throw new UsageError('Source and target are the same database.', 'smstats help copy');
  const { env, version: appVersion, say: onMigrate } = context;
  const from = await openStore({ database: source, env, appVersion, onMigrate });
  try {
    const to = await openStore({ database: target, env, appVersion, onMigrate, create: true });
    try {
      context.onSignals();
      const tables = await copyDatabase(from, to, { onProgress: createRemarks(context), stop: context.stop });
      if (!tables) {
        context.say(`stopped; the same command goes on where this one ended`);
        return 0;
      }
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      await context.print({
        command: 'copy',
        data: { from: from.name, to: to.name, tables, rows },
        sections: [
          {
            columns: [
              { key: 'table', label: 'Table', kind: 'text' },
              { key: 'rows', label: 'Rows', kind: 'count' },
              { key: 'sha256', label: 'SHA-256, the same in both', kind: 'text' },
            ],
            rows: tables.map((table) => ({ ...table, sha256: table.sha256.slice(0, 16) })),
          },
        ],
      });
      const setting = isPostgresUrl(target) ? 'config set database <url>' : `config set database ${target}`;
      context.say(
        `${from.name} and ${to.name} hold the same ${rows.toLocaleString('en-US')} rows; next: smstats ${setting}`,
      );
      return 0;
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

/** Says something of a long copy every few seconds. */
function createRemarks(context: Context) {
  let last = context.now().getTime();
  return ({ table, phase, rows }: { table: string; phase: 'copy' | 'verify'; rows: number }) => {
    const now = context.now().getTime();
    if (now - last < REMARK_EVERY_MS) return;
    last = now;
    context.say(`${phase === 'copy' ? 'copying' : 'comparing'} ${table}: ${rows.toLocaleString('en-US')} rows`);
  };
}

function toDatabase(text: string): string {
  return isPostgresUrl(text) ? text : resolve(text.replace(/^(sqlite|file):(\/\/)?/i, ''));
}
