import type { Kysely } from 'kysely';
import { ProviderError } from '../core/errors.ts';
import { formatPeriod, type QuotaRule, type ReportedQuota } from '../core/quota.ts';
import { dayIn, formatClock } from '../core/time.ts';
import type { Quota } from '../insight/quota.ts';
import type { AttemptOutcome } from '../provider/client/client.ts';
import { findQuota, findRoomAt } from '../query/find-quota.ts';
import { countRequest, lockQuota, saveQuotaReport, settleRequests, type SettledRequest } from '../store/ledger.ts';
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

/** Waits so many milliseconds, or throws because the run was broken off. */
export type Wait = (ms: number) => Promise<void>;

/** A request waits that long for its quota. What comes later is for another run. */
const LONGEST_WAIT_MS = 60_000;

/**
 * `floor(limit x safety margin)` holds over all processes: judging and counting are one transaction.
 * @param wait how to wait for a quota that has room within a minute; a ledger without it never waits.
 */
export function createLedger(db: Kysely<Database>, timezone: string, now: () => Date, wait?: Wait): Ledger {
  const settled: (SettledRequest & { providerName: string })[] = [];
  const reports = new Map<string, QuotaReportTable>();
  /** The providers that were asked about this account. */
  const begun = new Set<string>();
  let sent = 0;

  /** Counts a request if there is room for it, and otherwise says how things stand. */
  function tryCount({ provider: { name }, quota: rule }: ProviderSource, request: CountedRequest) {
    return inTransaction(db, async (trx) => {
      await lockQuota(trx, name);
      const at = now();
      const quota = await findQuota(trx, name, rule, timezone, at);
      // An account that was begun may go beyond the day's share: half an account is stored by nobody.
      const room = begun.has(name) ? quota.left : quota.leftToday;
      if (room < request.units) {
        return { quota, at, roomAt: await findRoomAt(trx, name, rule, timezone, at, request.units) };
      }
      const id = await countRequest(trx, { ...request, providerName: name, day: dayIn(timezone, at), now: at });
      return { quota, at, id };
    });
  }

  async function countOrWait(source: ProviderSource, request: CountedRequest) {
    for (let waited = 0; ;) {
      const answer = await tryCount(source, request);
      if (answer.id !== undefined) return answer;
      const { quota, at, roomAt } = answer;
      const ms = roomAt ? Math.max(1, roomAt.getTime() - at.getTime()) : Infinity;
      if (!wait || waited + ms > LONGEST_WAIT_MS) {
        throw quotaError(source, request, quota, roomAt, timezone);
      }
      await wait(ms);
      waited += ms;
    }
  }

  return {
    get sent() {
      return sent;
    },
    async count(source, request) {
      const { id, quota, at } = await countOrWait(source, request);
      const providerName = source.provider.name;
      begun.add(providerName);
      sent++;
      return ({ success, latencyMs, error, reportedQuota, units: said }) => {
        const units = isCount(said) ? said : undefined;
        settled.push({ id, providerName, success, latencyMs, error, units });
        if (!reportedQuota || !isPlausible(reportedQuota)) return;
        const { limit, remaining, resetsInSeconds } = reportedQuota;
        reports.set(providerName, {
          provider_name: providerName,
          quota_limit: limit,
          quota_remaining: remaining,
          our_count: quota.used + (units ?? request.units),
          resets_at: new Date(at.getTime() + resetsInSeconds * 1000).toISOString(),
          reported_at: at.toISOString(),
        });
      };
    },
    async settle(trx) {
      // Kept: a transaction that is rolled back has settled nothing, and settling again changes nothing. In the same order
      // everywhere: two that correct the counts of the same providers shall not wait for each other.
      await settleRequests(
        trx,
        settled.toSorted((a, b) => compare(a.providerName, b.providerName) || a.id - b.id),
      );
      for (const [, report] of [...reports].toSorted(([a], [b]) => compare(a, b))) await saveQuotaReport(trx, report);
    },
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

const isCount = (value: number | undefined): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** A vendor may say anything: what is no number of units is left out. */
function isPlausible({ limit, remaining, resetsInSeconds }: ReportedQuota): boolean {
  return isCount(limit) && isCount(remaining) && resetsInSeconds >= 0 && resetsInSeconds <= 366 * 86_400;
}

function quotaError(
  { provider: { name }, quota: rule }: ProviderSource,
  { units }: CountedRequest,
  quota: Quota,
  roomAt: Date | undefined,
  timezone: string,
): ProviderError {
  return new ProviderError(name, 'quota', explain(rule, units, quota, roomAt, timezone), {
    hint: `smstats usage shows the counts; if your plan allows more: smstats config set providers.${name}.limit <n>`,
    retryAt: roomAt,
  });
}

function explain(rule: QuotaRule, units: number, quota: Quota, roomAt: Date | undefined, timezone: string): string {
  const { unit = 'requests' } = rule;
  const count = (value: number) => value.toLocaleString('en-US');
  const share = `${Math.round(rule.safetyMargin * 100)} % of ${count(rule.limit)} ${formatPeriod(rule.period)}`;
  const isCalendarDay = rule.zone === undefined && typeof rule.period !== 'number';
  const next = isCalendarDay ? quota.resetsOn : roomAt && formatClock(timezone, roomAt);
  const soon = next ? `, next on ${next}` : '';
  if (quota.left >= units) return `has used up today's share of its monthly quota (${share})`;
  if (quota.left > 0) {
    return `has ${count(quota.left)} ${unit} of its quota left, and the next request may take ${count(units)} (${share} allowed${soon})`;
  }
  const verb = unit === 'requests' ? 'sent' : 'used';
  return `has no quota left: ${count(quota.used)} ${unit} ${verb}, ${share} allowed${soon}`;
}
