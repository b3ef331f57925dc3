import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** What was asked of a provider over some days. */
export interface ProviderUsage {
  provider_name: string;
  platform: string;
  requests: number;
  /** What they took from the vendor's quota, in its unit. */
  units: number;
  succeeded: number;
  failed: number;
  /** Counted but never finished: the process died in between. */
  unknown: number;
  average_latency_ms: number | null;
  last_request_at: string | null;
}

/** Requests by provider from `from` on (a day), busiest first. */
export async function listUsage(db: Kysely<Database>, from: string, providerName?: string): Promise<ProviderUsage[]> {
  let query = db
    .selectFrom('api_usage_tracking')
    .select(['provider_name', 'platform'])
    .select(({ fn, cast }) => [
      fn.sum<number>('request_count').as('requests'),
      cast<number>(fn.sum('quota_units'), 'bigint').as('units'),
      sql<number>`sum(case when success then request_count else 0 end)`.as('succeeded'),
      sql<number>`sum(case when not success then request_count else 0 end)`.as('failed'),
      sql<number>`sum(case when success is null then request_count else 0 end)`.as('unknown'),
      fn.avg<number | null>(cast('latency_ms', 'double precision')).as('average_latency_ms'),
      fn.max('requested_at').as('last_request_at'),
    ])
    .where('date', '>=', from)
    .groupBy(['provider_name', 'platform']);
  if (providerName !== undefined) query = query.where('provider_name', '=', providerName);
  return query.orderBy('requests', 'desc').orderBy('provider_name').execute();
}

/** The errors of those days, each with how often it happened. */
export async function listUsageErrors(db: Kysely<Database>, from: string, providerName?: string) {
  let query = db
    .selectFrom('api_usage_tracking')
    .select(['provider_name', 'endpoint', 'error_message'])
    .select(({ fn }) => [fn.sum<number>('request_count').as('times'), fn.max('requested_at').as('last_at')])
    .where('date', '>=', from)
    .where('success', '=', 0)
    .groupBy(['provider_name', 'endpoint', 'error_message']);
  if (providerName !== undefined) query = query.where('provider_name', '=', providerName);
  return query.orderBy('last_at', 'desc').orderBy('endpoint').orderBy('error_message').limit(20).execute();
}
