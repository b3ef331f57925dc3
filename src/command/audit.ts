import { UsageError } from '../core/errors.ts';
import { wholeNumber } from '../core/option.ts';
import type { Context } from '../context.ts';
import { listAudit } from '../query/list-audit.ts';
import { readDay } from '../record/field.ts';
import type { AddCommand } from './index.ts';
import { describeChange } from './record/change.ts';

interface AuditOptions {
  limit: number;
  table?: string;
  since?: string;
}

export const addAudit: AddCommand = (command, context, end) => {
  command
    .option('--limit <n>', 'rows at most', wholeNumber('--limit', 1, 1_000_000), 20)
    .option('--table <name>', 'one table only')
    .option('--since <day>', 'on or after this day (YYYY-MM-DD)')
    .action(async (options: AuditOptions) => end(await runAudit(context, options)));
};

/** Prints who changed what, the newest first. */
export async function runAudit(context: Context, { limit, table, since }: AuditOptions): Promise<number> {
  const day = readDay(since);
  if (since !== undefined && day === undefined) {
    throw new UsageError(`--since must be a day such as 2026-01-31, not "${since}".`);
  }
  const { db } = await context.openStore();
  const { timezone } = await context.config();
  const entries = await listAudit(db, { limit, table, since: day, timezone });
  await context.print({
    command: 'audit',
    data: entries,
    sections: [
      {
        columns: [
          { key: 'happened_at', label: 'When', kind: 'instant' },
          { key: 'actor', label: 'Who', kind: 'text' },
          { key: 'action', label: 'What', kind: 'text' },
          { key: 'table_name', label: 'Table', kind: 'text', rank: 2 },
          { key: 'row_id', label: 'Row', kind: 'id', rank: 1 },
          { key: 'change', label: 'Change', kind: 'text', isElastic: true },
        ],
        rows: entries.map(({ before, after, ...entry }) => ({ ...entry, change: describeChange(before, after) })),
        empty: 'nobody has changed anything',
      },
    ],
  });
  return 0;
}
