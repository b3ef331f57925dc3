import type { Kysely } from 'kysely';
import { UsageError } from '../core/errors.ts';
import type { Day } from '../core/time.ts';
import type { AccountRow } from '../store/account.ts';
import { lockAudience, updateAudience, type AudienceRow } from '../store/audience.ts';
import { saveRecordedColumns } from '../store/recorded-columns.ts';
import type { Database } from '../store/schema.ts';
import { findSumProblem } from './check.ts';
import type { FieldValue } from './field.ts';
import { saveKnown, type Recorded } from './save-known.ts';
import type { Recorder } from './who.ts';

const TABLE = 'audience_demographics';

/** Keeps an account's audience on a day. The same day again keeps the newest known values. */
export async function recordAudience(
  trx: Kysely<Database>,
  account: AccountRow,
  day: Day,
  values: Readonly<Record<string, FieldValue>>,
  who: Recorder,
): Promise<Recorded<AudienceRow>> {
  const locked = await lockAudience(trx, { account_id: account.id, platform: account.platform, date: day });
  const problem = findSumProblem({ ...locked.row, ...values });
  if (problem) throw new UsageError(`With what is stored of ${day}, ${problem.message}.`, 'give all of them at once');
  const saved = await saveKnown(trx, TABLE, locked, locked.row.id, values, updateAudience, who);
  await saveRecordedColumns(trx, TABLE, locked.row, Object.keys(values));
  return saved;
}
