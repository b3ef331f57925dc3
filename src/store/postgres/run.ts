import { sql, type Kysely, type Transaction } from 'kysely';
import { ABANDONED } from '../job.ts';
import type { Database } from '../schema.ts';
import { inTransaction } from '../transaction.ts';
import { abandon, hasExpired, insertRunning, leaseEnd } from './lease.ts';

/** The id of the run that is under way; one whose processes all died is ended first. Holds its row until the commit. */
export async function findOpenRun(trx: Transaction<Database>, now: Date): Promise<number | undefined> {
  const { rows } = await sql<{ id: number; has_expired: boolean }>`
    SELECT id, ${hasExpired} AS has_expired FROM analytics_fetch_runs WHERE completed_at IS NULL FOR UPDATE`.execute(
    trx,
  );
  const [open] = rows;
  if (!open?.has_expired) return open?.id;
  await closeDeadRuns(trx, now);
  return undefined;
}

/** Ends runs that nobody is in any more: what was under way failed, what was pending never began. */
export async function closeDeadRuns(trx: Transaction<Database>, now: Date): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    UPDATE analytics_fetch_runs SET completed_at = coalesce(claimed_until, started_at)
    WHERE completed_at IS NULL AND ${hasExpired} RETURNING id`.execute(trx);
  for (const { id } of rows) {
    await sql`DELETE FROM analytics_fetch_jobs WHERE run_id = ${id} AND status = 'pending'`.execute(trx);
    await sql`
      UPDATE analytics_fetch_jobs SET status = 'failed', completed_at = ${now.toISOString()}, error_message = ${ABANDONED}
      WHERE run_id = ${id} AND status = 'running' AND ${hasExpired}`.execute(trx);
  }
}

/** Of two processes that start a run at once, the second waits for the first's commit and finds it here. */
export async function insertRun(trx: Transaction<Database>, now: Date): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO analytics_fetch_runs (started_at, claimed_until) VALUES (${now.toISOString()}, ${leaseEnd})
    ON CONFLICT DO NOTHING RETURNING id`.execute(trx);
  const id = rows[0]?.id ?? (await findOpenRun(trx, now));
  // Between the two it may have ended, on rare occasions.
  return id ?? insertRun(trx, now);
}

/**
 * Queues the accounts that have no job in this run yet.
 * @returns those that a process outside of the run has in hand.
 */
export async function enqueue(
  trx: Transaction<Database>,
  runId: number,
  accountIds: readonly number[],
  day: string,
): Promise<number[]> {
  const { rows: missing } = await sql<{ id: number }>`
    SELECT a.id FROM unnest(${accountIds}::integer[]) WITH ORDINALITY AS a (id, position)
    WHERE NOT EXISTS (SELECT FROM analytics_fetch_jobs j WHERE j.account_id = a.id AND j.run_id = ${runId})
    ORDER BY a.position`.execute(trx);
  if (missing.length === 0) return [];
  const ids = missing.map(({ id }) => id);
  await sql`
    UPDATE analytics_fetch_jobs SET status = 'failed', completed_at = clock_timestamp(), error_message = ${ABANDONED}
    WHERE account_id = ANY (${ids}) AND status IN ('pending', 'running') AND ${hasExpired}`.execute(trx);
  const { rows: queued } = await sql<{ account_id: number }>`
    INSERT INTO analytics_fetch_jobs (account_id, status, date, run_id)
    SELECT a.id, 'pending', ${day}, ${runId} FROM unnest(${ids}::integer[]) WITH ORDINALITY AS a (id, position)
    ORDER BY a.position
    ON CONFLICT DO NOTHING RETURNING account_id`.execute(trx);
  const added = new Set(queued.map(({ account_id }) => account_id));
  return ids.filter((id) => !added.has(id));
}

interface TakenJob {
  id: number;
  account_id: number;
}

/** Two that look at once do not wait for each other: each takes another row. */
export async function takeNextPending(
  db: Kysely<Database>,
  ofThisRun: ReturnType<typeof sql>,
  day: string,
  now: Date,
): Promise<TakenJob | undefined> {
  const { rows } = await sql<TakenJob>`
    UPDATE analytics_fetch_jobs
    SET status = 'running', started_at = ${now.toISOString()}, date = ${day}, claimed_until = ${leaseEnd}
    WHERE id = (SELECT id FROM analytics_fetch_jobs WHERE ${ofThisRun} AND status = 'pending'
                ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, account_id`.execute(db);
  return rows[0];
}

/** Takes an account whose process died: its job failed, ours is a new one. */
export async function takeOverDead(
  db: Kysely<Database>,
  ofThisRun: ReturnType<typeof sql>,
  runId: number,
  day: string,
  now: Date,
): Promise<TakenJob | undefined> {
  return inTransaction(db, async (trx) => {
    const { rows } = await sql<TakenJob>`
      SELECT id, account_id FROM analytics_fetch_jobs
      WHERE ${ofThisRun} AND status = 'running' AND ${hasExpired}
      ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`.execute(trx);
    const [dead] = rows;
    if (!dead) return undefined;
    await abandon(trx, dead.id, now);
    const id = await insertRunning(trx, dead.account_id, runId, day, now);
    return id === undefined ? undefined : { id, account_id: dead.account_id };
  });
}
