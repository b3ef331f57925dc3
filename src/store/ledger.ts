import { sql, type Kysely } from 'kysely';
import { engineOf } from './engine.ts';
import type { Database, QuotaReportTable } from './schema.ts';
import { inTransaction } from './transaction.ts';

/** A request that is about to be sent. */
export interface NewRequest {
  providerName: string;
  platform: string;
  endpoint: string;
  /** What it takes from the vendor's quota at most. */
  units: number;
  day: string;
  now: Date;
}

/** What became of a counted request. */
export interface SettledRequest {
  id: number;
  success: boolean;
  /** What it really took, where that is known. */
  units?: number | undefined;
  latencyMs: number;
  /** Already free of secrets. */
  error: string | null;
}

/**
 * Makes whoever else judges this provider's quota wait until the transaction ends. A SQLite transaction does so anyway.
 */
export async function lockQuota(trx: Kysely<Database>, providerName: string): Promise<void> {
  if (engineOf(trx) === 'sqlite') return;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`smstats quota ${providerName}`}, 0))`.execute(trx);
}

/**
 * Counts a request before it is sent. Its outcome stays unknown (NULL) until it is settled: a process that dies in
 * between has counted one request too many, never one too few.
 */
export async function countRequest(db: Kysely<Database>, request: NewRequest): Promise<number> {
  const row = await db
    .insertInto('api_usage_tracking')
    .values({
      provider_name: request.providerName,
      platform: request.platform,
      endpoint: request.endpoint,
      request_count: 1,
      quota_units: request.units,
      requested_at: request.now.toISOString(),
      date: request.day,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Writes down what became of counted requests; what they really took corrects the counts. */
export async function settleRequests(db: Kysely<Database>, requests: readonly SettledRequest[]): Promise<void> {
  for (const { id, success, units, latencyMs, error } of requests) {
    await db
      .updateTable('api_usage_tracking')
      .set({
        success: success ? 1 : 0,
        latency_ms: Math.round(latencyMs),
        error_message: error,
        ...(units !== undefined && { quota_units: units }),
      })
      .where('id', '=', id)
      .execute();
  }
}

/** Keeps the last thing a vendor said about its quota. */
export async function saveQuotaReport(db: Kysely<Database>, report: QuotaReportTable): Promise<void> {
  const { provider_name: _, ...changes } = report;
  await db
    .insertInto('api_quota_reports')
    .values(report)
    .onConflict((conflict) => conflict.column('provider_name').doUpdateSet(changes))
    .execute();
}

/**
 * Rolls up requests of days before `day`: those of one provider, endpoint, day and outcome become one row with their
 * number, units, mean latency and last instant. The counts that the quota is judged by stay as they are.
 */
export async function rollUpRequests(db: Kysely<Database>, day: string): Promise<void> {
  await inTransaction(db, async (trx) => {
    const groups = await trx
      .selectFrom('api_usage_tracking')
      .select(({ fn }) => [
        fn.min('id').as('id'),
        fn.sum<number>('request_count').as('requests'),
        fn.sum<number>('quota_units').as('units'),
        fn.max('requested_at').as('latestAt'),
        fn.avg<number | null>('latency_ms').as('latency'),
      ])
      .where('date', '<', day)
      .groupBy(['provider_name', 'platform', 'endpoint', 'date', 'success', 'error_message'])
      .having(({ fn }) => fn.countAll(), '>', 1)
      .execute();
    if (groups.length === 0) return;
    for (const { id, requests, units, latestAt, latency } of groups) {
      const latencyMs = latency === null ? null : Math.round(Number(latency));
      await trx
        .updateTable('api_usage_tracking')
        .set({
          request_count: Number(requests),
          quota_units: Number(units),
          latency_ms: latencyMs,
          requested_at: latestAt,
        })
        .where('id', '=', id)
        .execute();
    }
    const kept = trx
      .selectFrom('api_usage_tracking')
      .select(({ fn }) => fn.min('id').as('id'))
      .where('date', '<', day)
      .groupBy(['provider_name', 'platform', 'endpoint', 'date', 'success', 'error_message']);
    await trx.deleteFrom('api_usage_tracking').where('date', '<', day).where('id', 'not in', kept).execute();
  });
}
