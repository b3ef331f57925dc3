import type { Kysely } from 'kysely';
import type { Database, QuotaReportTable } from './schema.ts';

/** A request that is about to be sent. */
export interface NewRequest {
  providerName: string;
  platform: string;
  endpoint: string;
  day: string;
  now: Date;
}

/** What became of a counted request. */
export interface SettledRequest {
  id: number;
  success: boolean;
  latencyMs: number;
  /** Already free of secrets. */
  error: string | null;
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
      requested_at: request.now.toISOString(),
      date: request.day,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Writes down what became of counted requests. */
export async function settleRequests(db: Kysely<Database>, requests: readonly SettledRequest[]): Promise<void> {
  for (const { id, success, latencyMs, error } of requests) {
    await db
      .updateTable('api_usage_tracking')
      .set({ success: success ? 1 : 0, latency_ms: Math.round(latencyMs), error_message: error })
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
