import { sql, type Transaction } from 'kysely';
import { ABANDONED } from '../job.ts';
import type { Database } from '../schema.ts';

/** How long a process counts as alive after its last sign of life; machines' clocks do not matter, the server's does. */
export const LEASE_SECONDS = 30;

export const leaseEnd = sql<string>`clock_timestamp() + make_interval(secs => ${sql.lit(LEASE_SECONDS)})`;
export const hasExpired = sql<boolean>`coalesce(claimed_until, '-infinity') < clock_timestamp()`;

/** Begins a job that waits in a run. */
export async function takePending(trx: Transaction<Database>, jobId: number, day: string, now: Date): Promise<number> {
  await trx
    .updateTable('analytics_fetch_jobs')
    .set({ status: 'running', started_at: now.toISOString(), date: day, claimed_until: leaseEnd })
    .where('id', '=', jobId)
    .execute();
  return jobId;
}

/** Marks a job as failed whose process died. */
export async function abandon(trx: Transaction<Database>, jobId: number, now: Date): Promise<void> {
  await trx
    .updateTable('analytics_fetch_jobs')
    .set({ status: 'failed', completed_at: now.toISOString(), error_message: ABANDONED })
    .where('id', '=', jobId)
    .execute();
}

/** Begins a new job. @returns undefined when another process was first. */
export async function insertRunning(
  trx: Transaction<Database>,
  accountId: number,
  runId: number | null,
  day: string,
  now: Date,
): Promise<number | undefined> {
  const job = await trx
    .insertInto('analytics_fetch_jobs')
    .values({ account_id: accountId, status: 'running', started_at: now.toISOString(), date: day, run_id: runId })
    .$call((query) => query.onConflict((conflict) => conflict.doNothing()))
    .returning('id')
    .executeTakeFirst();
  if (!job) return undefined;
  await trx.updateTable('analytics_fetch_jobs').set({ claimed_until: leaseEnd }).where('id', '=', job.id).execute();
  return job.id;
}
