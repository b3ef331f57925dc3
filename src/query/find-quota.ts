import type { Kysely } from 'kysely';
import type { QuotaRule } from '../core/quota.ts';
import { judgeQuota, quotaPeriod, type Quota } from '../insight/quota.ts';
import type { Database } from '../store/schema.ts';

/** What is left of a provider's quota on a day, by our own count and the vendor's. */
export async function findQuota(
  db: Kysely<Database>,
  providerName: string,
  rule: QuotaRule,
  day: string,
  now: Date,
): Promise<Quota & { inPeriod: number }> {
  const { from, resetsOn } = quotaPeriod(rule, day);
  const counts = await db
    .selectFrom('api_request_counts')
    .select(['date', 'request_count'])
    .where('provider_name', '=', providerName)
    .where('date', '>=', from)
    .where('date', '<', resetsOn)
    .execute();
  const inPeriod = counts.reduce((sum, { request_count }) => sum + Number(request_count), 0);
  const today = Number(counts.find(({ date }) => date === day)?.request_count ?? 0);
  const report = await db
    .selectFrom('api_quota_reports')
    .selectAll()
    .where('provider_name', '=', providerName)
    .where('resets_at', '>', now.toISOString())
    .executeTakeFirst();
  const vendor = report && {
    limit: report.quota_limit,
    remaining: report.quota_remaining,
    sentSince: Math.max(0, inPeriod - report.our_count),
  };
  return { ...judgeQuota(rule, day, { inPeriod, today }, vendor), inPeriod };
}
