import { setTimeout as delay } from 'node:timers/promises';
import { sql, type Kysely, type Transaction } from 'kysely';
import { LockError } from '../../core/errors.ts';
import type { Claim, Claims, Work } from '../claims.ts';
import { ABANDONED } from '../job.ts';
import type { Database } from '../schema.ts';
import { inTransaction } from '../transaction.ts';

/** How long a process counts as alive after its last sign of life; machines' clocks do not matter, the server's does. */
const LEASE_SECONDS = 30;
const RENEW_MS = 10_000;
/** How often a process looks whether another's account has become free. */
const LOOK_MS = 500;

const leaseEnd = sql<string>`clock_timestamp() + make_interval(secs => ${sql.lit(LEASE_SECONDS)})`;
const hasExpired = sql<boolean>`coalesce(claimed_until, '-infinity') < clock_timestamp()`;

/**
 * Claims by rows: an account's one open job is the claim to it, for as long as its process renews the lease. Processes
 * on any number of machines take the pending jobs of a run one after the other, and those whose process died.
 */
export function createPostgresClaims(db: Kysely<Database>): Claims & { end(): void } {
  const held = new Set<number>();
  let joinedRun: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  const renew = async () => {
    if (held.size > 0) {
      await db
        .updateTable('analytics_fetch_jobs')
        .set({ claimed_until: leaseEnd })
        .where('id', 'in', [...held])
        .where('status', '=', 'running')
        .execute();
    }
    if (joinedRun !== undefined) {
      await db
        .updateTable('analytics_fetch_runs')
        .set({ claimed_until: leaseEnd })
        .where('id', '=', joinedRun)
        .execute();
    }
  };
  const startRenewing = () => {
    // A renewal that fails is tried again; when the server is gone, the next save says so.
    timer ??= setInterval(() => void renew().catch(() => {}), RENEW_MS).unref();
  };

  const hold = (jobId: number): Claim => {
    held.add(jobId);
    startRenewing();
    return {
      jobId,
      async confirm(trx) {
        const job = await trx
          .selectFrom('analytics_fetch_jobs')
          .select('id')
          .where('id', '=', jobId)
          .where('status', '=', 'running')
          .forUpdate()
          .executeTakeFirst();
        if (job) return;
        throw new LockError(
          `Another process took the account over: this one gave no sign of life for ${LEASE_SECONDS} seconds.`,
        );
      },
      // What was neither saved nor failed is free for others at once.
      async release() {
        held.delete(jobId);
        await db
          .updateTable('analytics_fetch_jobs')
          .set({ claimed_until: null })
          .where('id', '=', jobId)
          .where('status', '=', 'running')
          .execute();
      },
    };
  };

  const claim = async (accountId: number, day: string, now: Date): Promise<Claim | undefined> => {
    const jobId = await inTransaction(db, async (trx) => {
      const open = await trx
        .selectFrom('analytics_fetch_jobs')
        .select(['id', 'status', 'run_id', hasExpired.as('has_expired')])
        .where('account_id', '=', accountId)
        .where('status', 'in', ['pending', 'running'])
        .forUpdate()
        .executeTakeFirst();
      if (open?.status === 'running' && !open.has_expired) return undefined;
      if (open?.status === 'pending') return takePending(trx, open.id, day, now);
      if (open) await abandon(trx, open.id, now);
      return insertRunning(trx, accountId, open?.run_id ?? null, day, now);
    });
    return jobId === undefined ? undefined : hold(jobId);
  };

  return {
    claim,

    async openRun(list, day, now) {
      const { runId, accountIds, busy } = await inTransaction(db, async (trx) => {
        const open = await findOpenRun(trx, now);
        const wanted = await list(trx);
        if (wanted.length === 0 && !open) return { runId: undefined, accountIds: wanted, busy: [] };
        const id = open ?? (await insertRun(trx, now));
        return { runId: id, accountIds: wanted, busy: await enqueue(trx, id, wanted, day) };
      });
      if (runId === undefined) return { next: async () => undefined, untried: async () => [], close: async () => {} };
      joinedRun = runId;
      startRenewing();
      return createWork(runId, accountIds, busy);
    },

    async failAbandoned(now) {
      await inTransaction(db, async (trx) => {
        await sql`SELECT id FROM analytics_fetch_runs WHERE completed_at IS NULL FOR UPDATE`.execute(trx);
        await closeDeadRuns(trx, now);
        // What died inside a run that goes on is finished by those who are in it.
        await sql`
          UPDATE analytics_fetch_jobs j SET status = 'failed', completed_at = ${now.toISOString()}, error_message = ${ABANDONED}
          WHERE status IN ('pending', 'running') AND ${hasExpired}
            AND NOT EXISTS (SELECT FROM analytics_fetch_runs r WHERE r.id = j.run_id AND r.completed_at IS NULL)`.execute(
          trx,
        );
      });
    },

    end() {
      clearInterval(timer);
    },
  };

  function createWork(runId: number, accountIds: readonly number[], busy: number[]): Work {
    const ofThisRun = sql`run_id = ${runId} AND account_id = ANY (${accountIds})`;
    return {
      async next(day, now, stop) {
        for (;;) {
          if (stop?.aborted) return undefined;
          const taken =
            (await takeNextPending(db, ofThisRun, day, now)) ?? (await takeOverDead(db, ofThisRun, runId, day, now));
          if (taken) return { accountId: taken.account_id, claim: hold(taken.id) };
          const blocked = busy.shift();
          if (blocked !== undefined) return { accountId: blocked, claim: undefined };
          const { rows: running } = await sql<{ id: number }>`
            SELECT id FROM analytics_fetch_jobs WHERE ${ofThisRun} AND status = 'running'`.execute(db);
          if (running.every(({ id }) => held.has(id))) return undefined;
          await delay(LOOK_MS, undefined, stop && { signal: stop }).catch(() => {});
        }
      },

      async untried() {
        const { rows } = await sql<{ account_id: number }>`
          SELECT account_id FROM analytics_fetch_jobs WHERE ${ofThisRun} AND status = 'pending'`.execute(db);
        return [...busy, ...rows.map((row) => row.account_id)];
      },

      async close(now) {
        joinedRun = undefined;
        await sql`
          UPDATE analytics_fetch_runs r SET completed_at = ${now.toISOString()}
          WHERE r.id = ${runId} AND r.completed_at IS NULL AND NOT EXISTS (
            SELECT FROM analytics_fetch_jobs j WHERE j.run_id = r.id AND j.status IN ('pending', 'running'))`.execute(
          db,
        );
      },
    };
  }
}

/** The id of the run that is under way; one whose processes all died is ended first. Holds its row until the commit. */
async function findOpenRun(trx: Transaction<Database>, now: Date): Promise<number | undefined> {
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
async function closeDeadRuns(trx: Transaction<Database>, now: Date): Promise<void> {
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
async function insertRun(trx: Transaction<Database>, now: Date): Promise<number> {
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
async function enqueue(
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
async function takeNextPending(
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
async function takeOverDead(
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

async function takePending(trx: Transaction<Database>, jobId: number, day: string, now: Date): Promise<number> {
  await trx
    .updateTable('analytics_fetch_jobs')
    .set({ status: 'running', started_at: now.toISOString(), date: day, claimed_until: leaseEnd })
    .where('id', '=', jobId)
    .execute();
  return jobId;
}

async function abandon(trx: Transaction<Database>, jobId: number, now: Date): Promise<void> {
  await trx
    .updateTable('analytics_fetch_jobs')
    .set({ status: 'failed', completed_at: now.toISOString(), error_message: ABANDONED })
    .where('id', '=', jobId)
    .execute();
}

/** @returns undefined when another process was first. */
async function insertRunning(
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
