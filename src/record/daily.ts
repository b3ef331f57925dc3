import type { Kysely } from 'kysely';
import type { Day } from '../core/time.ts';
import type { AccountRow } from '../store/account.ts';
import { lockDailyMetric, updateDailyMetric, type DailyMetricRow } from '../store/daily-metric.ts';
import { saveRecordedColumns } from '../store/recorded-columns.ts';
import type { Database } from '../store/schema.ts';
import type { FieldValue } from './field.ts';
import { saveKnown, type Recorded } from './save-known.ts';
import type { Recorder } from './who.ts';

const TABLE = 'social_media_daily_metrics';

/** Keeps what somebody reports for an account on a day. The same day again keeps the newest known values. */
export async function recordDaily(
  trx: Kysely<Database>,
  account: AccountRow,
  day: Day,
  values: Readonly<Record<string, FieldValue>>,
  who: Recorder,
): Promise<Recorded<DailyMetricRow>> {
  const locked = await lockDailyMetric(trx, { account_id: account.id, platform: account.platform, date: day });
  const id = locked.row.metric_id;
  const saved = await saveKnown(trx, TABLE, locked, id, values, updateDailyMetric, who);
  await saveRecordedColumns(trx, TABLE, locked.row, Object.keys(values));
  return saved;
}
