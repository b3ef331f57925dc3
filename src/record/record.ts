import type { Kysely } from 'kysely';
import { SmstatsError } from '../core/errors.ts';
import type { AccountRow } from '../store/account.ts';
import type { Database } from '../store/schema.ts';
import { inTransaction } from '../store/transaction.ts';
import { requireAccount, type AccountSearch } from './account.ts';
import { recordAudience } from './audience.ts';
import { recordCampaign, type RecordedCampaign } from './campaign.ts';
import { recordContent } from './content.ts';
import { recordDaily } from './daily.ts';
import type { ReadRecord } from './read.ts';
import type { Recorded } from './save-known.ts';
import type { Recorder } from './who.ts';

export interface RecordOptions extends AccountSearch {
  /** What amounts are in when a record does not say. */
  currency?: string | undefined;
  /** Do everything and keep nothing. */
  dryRun?: boolean;
}

/** A record and what became of it. */
export interface Outcome {
  record: ReadRecord;
  account: AccountRow | undefined;
  /** The account was added for it. */
  isNewAccount: boolean;
  saved: Recorded<object>;
  /** Of a campaign alone. */
  ratios?: RecordedCampaign['ratios'];
}

/** One of several records could not be kept, and so none was. Its cause says why. */
export class RecordError extends SmstatsError {
  override readonly name = 'RecordError';
  readonly record: ReadRecord;
  override readonly cause: SmstatsError;

  constructor(record: ReadRecord, cause: SmstatsError) {
    super(cause.ending, `${record.where}: ${cause.message} Nothing was stored.`, { hint: cause.hint });
    this.record = record;
    this.cause = cause;
  }
}

/**
 * Records all of them, or none: one transaction.
 * @throws SmstatsError naming the record that could not be kept.
 */
export async function recordAll(
  db: Kysely<Database>,
  records: readonly ReadRecord[],
  options: RecordOptions,
  who: Recorder,
): Promise<Outcome[]> {
  let outcomes: Outcome[] = [];
  const undo = new Error('a dry run keeps nothing');
  try {
    await inTransaction(db, async (trx) => {
      outcomes = [];
      for (const record of records) outcomes.push(await recordOne(trx, record, options, who));
      if (options.dryRun) throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
  return outcomes;
}

async function recordOne(
  trx: Kysely<Database>,
  record: ReadRecord,
  options: RecordOptions,
  who: Recorder,
): Promise<Outcome> {
  try {
    const { id, username } = record.account;
    const found =
      id === undefined && username === undefined ? undefined : await requireAccount(trx, record.account, options, who);
    const whose = { record, account: found?.account, isNewAccount: found?.isNew ?? false };
    if (record.kind === 'campaign') {
      const place = { account: found?.account, platform: record.account.platform, currency: options.currency };
      const saved = await recordCampaign(trx, place, record.values, who);
      return { ...whose, saved, ratios: saved.ratios };
    }
    const recordOf = { daily: recordDaily, content: recordContent, audience: recordAudience }[record.kind];
    const saved = await recordOf(trx, found?.account as AccountRow, record.day, record.values, who);
    return { ...whose, saved };
  } catch (error) {
    if (!(error instanceof SmstatsError) || record.where === '') throw error;
    throw new RecordError(record, error);
  }
}
