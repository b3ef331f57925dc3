import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';
import { inTransaction } from './transaction.ts';

/** Why a job failed whose process was killed. */
export const ABANDONED = 'the run ended before this account was done';

/**
 * Opens a job for an account whose lock the caller holds. A job that is still `running` then belongs to a process that
 * died: it is marked `failed`.
 * @returns the id of the new job.
 */
export async function startJob(
  db: Kysely<Database>,
  accountId: number,
  day: string,
  now: Date,
  runId: number | null = null,
): Promise<number> {
  return inTransaction(db, async (trx) => {
    await trx
      .updateTable('analytics_fetch_jobs')
      .set({ status: 'failed', completed_at: now.toISOString(), error_message: ABANDONED })
      .where('account_id', '=', accountId)
      .where('status', 'in', ['pending', 'running'])
      .execute();
    const job = await trx
      .insertInto('analytics_fetch_jobs')
      .values({ account_id: accountId, status: 'running', started_at: now.toISOString(), date: day, run_id: runId })
      .returning('id')
      .executeTakeFirstOrThrow();
    return job.id;
  });
}

/** Closes a job whose account is stored: called inside the transaction that stores it. */
export async function completeJob(
  trx: Kysely<Database>,
  jobId: number,
  result: { providerName: string; posts: number; note: string | null },
  now: Date,
): Promise<void> {
  await trx
    .updateTable('analytics_fetch_jobs')
    .set({
      status: 'completed',
      completed_at: now.toISOString(),
      provider_name: result.providerName,
      posts_fetched: result.posts,
      error_message: result.note,
    })
    .where('id', '=', jobId)
    .execute();
}

/** Closes a job whose account was not stored. */
export async function failJob(db: Kysely<Database>, jobId: number, reason: string, now: Date): Promise<void> {
  await db
    .updateTable('analytics_fetch_jobs')
    .set({ status: 'failed', completed_at: now.toISOString(), error_message: reason })
    .where('id', '=', jobId)
    // A job that was listed as running may have been completed since.
    .where('status', 'in', ['pending', 'running'])
    .execute();
}
