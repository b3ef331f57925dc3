import type { Kysely } from 'kysely';
import { workOn, type Claim, type Claims } from '../claims.ts';
import { ABANDONED, failJob, startJob } from '../job.ts';
import type { Database } from '../schema.ts';
import { takeLock } from './lock.ts';

/** Claims by locks on files beside the database: the kernel gives them back when the process ends, however it ends. */
export function createSqliteClaims(db: Kysely<Database>, path: string): Claims {
  const claim = async (
    accountId: number,
    day: string,
    now: Date,
    runId: number | null = null,
  ): Promise<Claim | undefined> => {
    const unlock = takeLock(path, `account-${accountId}`);
    if (!unlock) return undefined;
    try {
      const jobId = await startJob(db, accountId, day, now, runId);
      return { jobId, confirm: () => Promise.resolve(), release: async () => unlock() };
    } catch (error) {
      unlock();
      throw error;
    }
  };

  return {
    claim: (accountId, day, now) => claim(accountId, day, now),

    async openRun(list, _day, now) {
      const unlock = takeLock(path, 'run');
      if (!unlock) return undefined;
      try {
        const accountIds = await list(db);
        const runId = accountIds.length === 0 ? null : await startRun(db, now);
        return {
          ...workOn(accountIds, (accountId, day, at) => claim(accountId, day, at, runId)),
          async close(at) {
            try {
              if (runId !== null) await endRun(db, runId, at);
            } finally {
              unlock();
            }
          },
        };
      } catch (error) {
        unlock();
        throw error;
      }
    },

    // A job whose account nobody holds the lock of belongs to a process that died.
    async failAbandoned(now) {
      const open = await db
        .selectFrom('analytics_fetch_jobs')
        .select(['id', 'account_id'])
        .where('status', 'in', ['pending', 'running'])
        .execute();
      for (const { id, account_id: accountId } of open) {
        const unlock = takeLock(path, `account-${accountId}`);
        if (!unlock) continue;
        await failJob(db, id, ABANDONED, now);
        unlock();
      }
    },
  };
}

async function startRun(db: Kysely<Database>, now: Date): Promise<number> {
  const run = await db
    .insertInto('analytics_fetch_runs')
    .values({ started_at: now.toISOString() })
    .returning('id')
    .executeTakeFirstOrThrow();
  return run.id;
}

async function endRun(db: Kysely<Database>, runId: number, now: Date): Promise<void> {
  await db
    .updateTable('analytics_fetch_runs')
    .set({ completed_at: now.toISOString() })
    .where('id', '=', runId)
    .execute();
}
