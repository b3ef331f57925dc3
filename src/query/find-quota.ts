import { sql, type Kysely } from 'kysely';
import type { QuotaRule } from '../core/quota.ts';
import { addDays, dayIn, startOfDay } from '../core/time.ts';
import {
  allowedBy,
  judgeQuota,
  leftByVendor,
  quotaPeriod,
  windowFreeAt,
  type Quota,
  type QuotaPeriod,
  type VendorCount,
} from '../insight/quota.ts';
import type { Database } from '../store/schema.ts';

/** What was counted of a provider, in its rule's unit. */
interface Counted {
  period: QuotaPeriod;
  inPeriod: number;
  /** Of the user's day. */
  today: number;
  vendor: (VendorCount & { resetsAt: Date }) | undefined;
}

/** What is left of a provider's quota for a user in `timezone`, by our own count and the vendor's. */
export async function findQuota(
  db: Kysely<Database>,
  providerName: string,
  rule: QuotaRule,
  timezone: string,
  now: Date,
): Promise<Quota> {
  const counted = await findCounted(db, providerName, rule, timezone, now);
  return judgeQuota(rule, counted.period, counted, counted.vendor);
}

/**
 * When a quota that is spent has room for a request again.
 * @returns undefined when the request may take more than is ever allowed.
 */
export async function findRoomAt(
  db: Kysely<Database>,
  providerName: string,
  rule: QuotaRule,
  timezone: string,
  now: Date,
  units: number,
): Promise<Date | undefined> {
  const allowed = allowedBy(rule);
  if (units > allowed) return undefined;
  const { period, vendor, ...counted } = await findCounted(db, providerName, rule, timezone, now);
  const own = judgeQuota(rule, period, counted);
  const instants = [now];
  if (vendor && leftByVendor(rule, vendor) < units) instants.push(vendor.resetsAt);
  if (own.left < units) {
    const freeAt =
      typeof rule.period === 'number'
        ? windowFreeAt(rule.period, allowed, await listCounted(db, providerName, period), units)
        : period.resetsAt;
    if (freeAt) instants.push(freeAt);
  } else if (own.leftToday < units) instants.push(startOfDay(timezone, addDays(dayIn(timezone, now), 1)));
  return new Date(Math.max(...instants.map(Number)));
}

async function findCounted(
  db: Kysely<Database>,
  providerName: string,
  rule: QuotaRule,
  timezone: string,
  now: Date,
): Promise<Counted> {
  const period = quotaPeriod(rule, timezone, now);
  const report = await db
    .selectFrom('api_quota_reports')
    .selectAll()
    .where('provider_name', '=', providerName)
    .where('resets_at', '>', now.toISOString())
    .executeTakeFirst();
  const vendorOf = (sentSince: number) =>
    report && {
      limit: report.quota_limit,
      remaining: report.quota_remaining,
      sentSince: Math.max(0, sentSince),
      resetsAt: new Date(report.resets_at),
    };
  if (typeof rule.period === 'number') {
    const { startsAt } = period;
    // What was sent before the report may have left the window since, so the difference of two counts says nothing.
    const reportedAt = report && new Date(report.reported_at);
    const { inWindow, sinceReport, latestAt } = await countWindow(db, providerName, startsAt, reportedAt);
    const resetsAt = inWindow > 0 && latestAt ? new Date(latestAt.getTime() + rule.period * 1000) : now;
    return { period: { ...period, resetsAt }, inPeriod: inWindow, today: inWindow, vendor: vendorOf(sinceReport) };
  }
  const { inPeriod, today } = await countDays(db, providerName, period, timezone, now);
  return { period, inPeriod, today, vendor: vendorOf(inPeriod - (report?.our_count ?? 0)) };
}

/**
 * Counts by the user's days, whose counts outlast the requests. Where the vendor's period begins within one of them, the
 * requests of that day before it are taken off, as far as they are still there: rolled up or deleted they count too much.
 */
async function countDays(
  db: Kysely<Database>,
  providerName: string,
  { startsAt, resetsAt }: QuotaPeriod,
  timezone: string,
  now: Date,
): Promise<{ inPeriod: number; today: number }> {
  const first = dayIn(timezone, startsAt);
  const counts = await db
    .selectFrom('api_request_counts')
    .select(['date', 'quota_units'])
    .where('provider_name', '=', providerName)
    .where('date', '>=', first)
    .where('date', '<=', dayIn(timezone, new Date(resetsAt.getTime() - 1)))
    .execute();
  const all = counts.reduce((sum, { quota_units }) => sum + Number(quota_units), 0);
  const day = dayIn(timezone, now);
  const today = Number(counts.find(({ date }) => date === day)?.quota_units ?? 0);
  const begins = startOfDay(timezone, first);
  if (begins >= startsAt) return { inPeriod: all, today };
  const { units } = await db
    .selectFrom('api_usage_tracking')
    .select(({ fn }) => fn.sum<number | null>('quota_units').as('units'))
    .where('provider_name', '=', providerName)
    .where('requested_at', '>=', begins.toISOString())
    .where('requested_at', '<', startsAt.toISOString())
    .where('date', '>=', first)
    .executeTakeFirstOrThrow();
  return { inPeriod: all - Number(units ?? 0), today };
}

/** Counts single requests from an instant on, and those after a report. */
async function countWindow(
  db: Kysely<Database>,
  providerName: string,
  startsAt: Date,
  reportedAt: Date | undefined,
): Promise<{ inWindow: number; sinceReport: number; latestAt: Date | undefined }> {
  const requests = db.selectFrom('api_usage_tracking').where('provider_name', '=', providerName);
  const since = reportedAt ?? startsAt;
  const counts = await requests
    .select([
      sql<number>`coalesce(sum(case when requested_at >= ${startsAt.toISOString()} then quota_units end), 0)`.as(
        'in_window',
      ),
      sql<number>`coalesce(sum(case when requested_at > ${since.toISOString()} then quota_units end), 0)`.as(
        'since_report',
      ),
    ])
    .where('requested_at', '>=', (since < startsAt ? since : startsAt).toISOString())
    .executeTakeFirstOrThrow();
  const latest = await requests.select('requested_at').orderBy('requested_at', 'desc').limit(1).executeTakeFirst();
  return {
    inWindow: Number(counts.in_window),
    sinceReport: Number(counts.since_report),
    latestAt: latest && new Date(latest.requested_at),
  };
}

/** What a window counts, oldest first. */
async function listCounted(db: Kysely<Database>, providerName: string, { startsAt }: QuotaPeriod) {
  const rows = await db
    .selectFrom('api_usage_tracking')
    .select(['requested_at', 'quota_units'])
    .where('provider_name', '=', providerName)
    .where('requested_at', '>=', startsAt.toISOString())
    .orderBy('requested_at')
    .execute();
  return rows.map(({ requested_at, quota_units }) => ({ requestedAt: new Date(requested_at), units: quota_units }));
}
