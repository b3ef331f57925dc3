import type { Kysely } from 'kysely';
import { ProviderError } from '../core/errors.ts';
import { dayIn } from '../core/time.ts';
import type { AttemptOutcome } from '../provider/client.ts';
import { findQuota } from '../query/find-quota.ts';
import {
  countRequest,
  lockRequestCount,
  saveQuotaReport,
  settleRequests,
  type SettledRequest,
} from '../store/ledger.ts';
import type { Database, QuotaReportTable } from '../store/schema.ts';
import { inTransaction } from '../store/transaction.ts';
import type { ProviderSource } from './source.ts';

/** A request that is about to be sent. */
export interface CountedRequest {
  platform: string;
  endpoint: string;
  /** What it takes from the quota at most. */
  units: number;
}

/** Counts the requests of one account, and keeps their outcomes until they are written with the account. */
export interface Ledger {
  /** Requests sent so far. */
  readonly sent: number;
  /** Counts a request before it is sent, or throws because the quota is spent. */
  count(source: ProviderSource, request: CountedRequest): Promise<(outcome: AttemptOutcome) => void>;
  /** Writes the outcomes: inside the transaction that ends the account's job. */
  settle(trx: Kysely<Database>): Promise<void>;
}

/** `floor(limit x safety margin)` holds over all processes: judging and counting are one transaction. */
export function createLedger(db: Kysely<Database>, timezone: string, now: () => Date): Ledger {
  const settled: SettledRequest[] = [];
  const reports = new Map<string, QuotaReportTable>();
  let sent = 0;
  return {
    get sent() {
      return sent;
    },
    async count({ provider, quota: rule }, { platform, endpoint }) {
      const at = now();
      const day = dayIn(timezone, at);
      const { id, ourCount } = await inTransaction(db, async (trx) => {
        await lockRequestCount(trx, provider.name, day);
        const quota = await findQuota(trx, provider.name, rule, day, at);
        if (quota.leftToday < 1) throw quotaError(provider.name, quota, rule);
        const counted = await countRequest(trx, {
          providerName: provider.name,
          platform,
          endpoint,
          day,
          now: at,
        });
        return { id: counted, ourCount: quota.inPeriod + 1 };
      });
      sent++;
      return ({ success, latencyMs, error, reportedQuota }) => {
        settled.push({ id, success, latencyMs, error });
        if (!reportedQuota) return;
        const { limit, remaining, resetsInSeconds } = reportedQuota;
        reports.set(provider.name, {
          provider_name: provider.name,
          quota_limit: limit,
          quota_remaining: remaining,
          our_count: ourCount,
          resets_at: new Date(at.getTime() + resetsInSeconds * 1000).toISOString(),
          reported_at: at.toISOString(),
        });
      };
    },
    async settle(trx) {
      // Kept: a transaction that is rolled back has settled nothing, and settling again changes nothing.
      await settleRequests(trx, settled);
      for (const report of reports.values()) await saveQuotaReport(trx, report);
    },
  };
}

function quotaError(
  provider: string,
  quota: Awaited<ReturnType<typeof findQuota>>,
  rule: ProviderSource['quota'],
): ProviderError {
  const share = `${Math.round(rule.safetyMargin * 100)} % of ${rule.limit.toLocaleString('en-US')} a ${rule.period}`;
  const what =
    quota.left > 0
      ? `has used up today's share of its monthly quota (${share})`
      : `has no quota left: ${quota.used.toLocaleString('en-US')} requests sent, ${share} allowed, next on ${quota.resetsOn}`;
  return new ProviderError(provider, 'quota', what, {
    hint: `smstats usage shows the counts; if your plan allows more: smstats config set providers.${provider}.limit <n>`,
  });
}
