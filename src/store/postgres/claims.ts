import { setTimeout as delay } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { LockError } from '../../core/errors.ts';
import type { Claim, Claims, Work } from '../claims.ts';
import { ABANDONED } from '../job.ts';
import type { Database } from '../schema.ts';
import { inTransaction } from '../transaction.ts';
import { abandon, hasExpired, insertRunning, LEASE_SECONDS, leaseEnd, takePending } from './lease.ts';
import { closeDeadRuns, enqueue, findOpenRun, insertRun, takeNextPending, takeOverDead } from './run.ts';

const RENEW_MS = 10_000;
/** How often a process looks whether another's account has become free. */
const LOOK_MS = 500;

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

    async openRun(list, day, now, onWait = () => {}) {
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
      return createWork(runId, accountIds, busy, onWait);
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

  function createWork(runId: number, accountIds: readonly number[], busy: number[], onWait: () => void): Work {
    let isWaiting = false;
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
          if (!isWaiting) onWait();
          isWaiting = true;
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
