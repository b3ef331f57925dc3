import { Option } from 'commander';
import { UsageError } from '../core/errors.ts';
import { dayIn } from '../core/time.ts';
import type { Context } from '../context.ts';
import { RECORD_FIELDS, type RecordKind } from '../record/kind.ts';
import type { RawRecord } from '../record/read.ts';
import { recordAll } from '../record/record.ts';
import type { AddCommand } from './index.ts';
import { readGiven } from './record/given.ts';
import { fieldOptions, givenFields } from './record/option.ts';
import { outcomeReport } from './record/outcome.ts';

interface RecordOptions extends Record<string, unknown> {
  from?: string;
  create?: boolean;
}

const KINDS: Record<RecordKind, string> = {
  daily: 'what a platform reports for an account on a day',
  content: "a post's numbers on a day; a post that is not there yet is added",
  audience: "an account's audience on a day: ages, genders, countries, cities",
  campaign: 'what a campaign cost and brought; same as smstats roi',
};

/** These go with `--from` as well: they stand for what the records leave out. */
const SHARED = ['account', 'account_id', 'platform', 'username', 'date', 'currency'];

export const addRecord: AddCommand = (command, context, end) => {
  for (const [kind, summary] of Object.entries(KINDS) as [RecordKind, string][]) {
    const declared = command.command(kind).description(summary);
    const options = fieldOptions(RECORD_FIELDS[kind]);
    for (const { option } of options) declared.addOption(option);
    declared
      .option('--from <file|->', 'many at once: CSV with a header, or JSON; - reads from stdin')
      .addOption(new Option('--create', 'add an account that is not there, to keep what is recorded of it'))
      .action(async (given: RecordOptions) => end(await runRecord(context, kind, given, givenFields(options, given))));
  }
};

/** Keeps one record by flags, or many from a file: all of them or none. */
export async function runRecord(
  context: Context,
  kind: RecordKind,
  { from, create = false }: RecordOptions,
  flags: Record<string, unknown>,
): Promise<number> {
  const { timezone, currency } = await context.config();
  const now = context.now();
  const today = dayIn(timezone, now);
  const records =
    from === undefined ? await fromFlags(kind, flags, today) : await fromFile(context, kind, from, flags, today);
  const { db } = await context.openStore({ create: create || kind === 'campaign' });
  const outcomes = await recordAll(db, records, { create, currency }, { actor: 'cli', now });
  await context.print(outcomeReport(kind, outcomes));
  return 0;
}

async function fromFlags(kind: RecordKind, flags: Record<string, unknown>, today: string) {
  return readGiven(kind, [{ fields: flags, where: '' }], 'flag', today);
}

async function fromFile(
  context: Context,
  kind: RecordKind,
  from: string,
  flags: Record<string, unknown>,
  today: string,
) {
  const other = Object.keys(flags).find((name) => !SHARED.includes(name));
  if (other !== undefined) {
    throw new UsageError(
      `--${other.replaceAll('_', '-')} does not go with --from: each record says its own.`,
      `beside --from: ${SHARED.map((name) => `--${name.replaceAll('_', '-')}`).join(', ')}`,
    );
  }
  const { loadRecords } = await import('./record/load.ts');
  const { raws, form } = await loadRecords(from, () => context.stdin());
  return readGiven(
    kind,
    raws.map((raw) => withDefaults(raw, flags)),
    form,
    today,
  );
}

/** An account is named as a whole: a record that names one by any of the ways takes nothing from the flags. */
function withDefaults(raw: RawRecord, flags: Record<string, unknown>): RawRecord {
  const known = new Set(
    Object.entries(raw.fields).flatMap(([name, value]) =>
      value === null || value === '' ? [] : [name.trim().toLowerCase()],
    ),
  );
  const naming = ['account', 'account_id', 'platform', 'username'];
  const isNamed = naming.some((name) => known.has(name));
  const missing = Object.entries(flags).filter(([name]) => !known.has(name) && !(isNamed && naming.includes(name)));
  if (missing.length === 0) return raw;
  const given = Object.entries(raw.fields).filter(
    ([name]) => !missing.some(([each]) => each === name.trim().toLowerCase()),
  );
  return { ...raw, fields: Object.fromEntries([...given, ...missing]) };
}
