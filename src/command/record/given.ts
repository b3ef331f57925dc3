import { UsageError } from '../../core/errors.ts';
import type { Day } from '../../core/time.ts';
import type { Form } from '../../record/field.ts';
import type { RecordKind } from '../../record/kind.ts';
import { readRecords, type RawRecord, type ReadRecord } from '../../record/read.ts';

const MOST_SHOWN = 20;

/**
 * Reads what was given on the command line or in a file.
 * @throws UsageError with every problem and where it is.
 */
export function readGiven(kind: RecordKind, raws: readonly RawRecord[], form: Form, today: Day): ReadRecord[] {
  const { records, problems } = readRecords(kind, raws, form, today);
  if (problems.length === 0) return records;
  const lines = problems.map(({ where, message }) => (where === '' ? message : `${where}: ${message}`));
  const shown = lines.slice(0, MOST_SHOWN);
  if (lines.length > MOST_SHOWN) shown.push(`and ${lines.length - MOST_SHOWN} more`);
  const bad = new Set(problems.map(({ index }) => index)).size;
  const count =
    raws.length === 1 ? 'Nothing was stored' : `Nothing was stored: ${bad} of ${raws.length} records are wrong`;
  throw new UsageError([`${count}.`, ...shown].join('\n  '), `smstats help record, or smstats record ${kind} --help`);
}
