import { openRegistry } from '../collect/registry.ts';
import { configureProvider, hasAccess, type ProviderSource } from '../collect/source.ts';
import { formatPeriod, type QuotaRule } from '../core/quota.ts';
import { addDays, dayIn, formatClock } from '../core/time.ts';
import type { Context } from '../context.ts';
import type { Provider } from '../provider/provider.ts';
import { findQuota } from '../query/find-quota.ts';
import { listUsage, listUsageErrors, type ProviderUsage } from '../query/list-usage.ts';
import type { Report, Section } from '../report/report.ts';
import type { Store } from '../store/open.ts';
import { whole, written, type QuestionEntry } from './parameter.ts';

interface UsageOptions {
  days: number;
  provider?: string;
}

type NamedRow = Section['rows'][number] & { provider_name: string };
type Quota = Awaited<ReturnType<typeof findQuota>>;
type UsageError = Awaited<ReturnType<typeof listUsageErrors>>[number];

/** What `smstats usage` can be given. */
export const USAGE: QuestionEntry = {
  summary: 'API requests sent, and what is left of each quota',
  parameters: [
    whole('days', 'how many days back, today included', [1, 3650], 7),
    written('provider', 'name', 'one provider only'),
  ],
  load: () => Promise.resolve((context, options) => askUsage(context, options as UsageOptions)),
};

/** Requests by provider and what is left of each quota. */
export async function askUsage(context: Context, options: UsageOptions): Promise<Report> {
  const config = await context.config();
  const registry = await openRegistry(config);
  if (options.provider !== undefined) registry.require(options.provider);
  const store = await context.openStore();
  const sources = registry.all.map((provider) => configureProvider(provider, config));
  return reportUsage(store, sources, config.timezone, context.now(), options);
}

/** What was asked of whom, and the quotas of those that were asked or whose key is there. */
export async function reportUsage(
  { db }: Pick<Store, 'db'>,
  sources: readonly ProviderSource[],
  timezone: string,
  now: Date,
  { days, provider: only }: UsageOptions,
): Promise<Report> {
  const today = dayIn(timezone, now);
  const from = addDays(today, 1 - days);
  const used = await listUsage(db, from, only);
  const usedToday = await listUsage(db, today, only);
  const errors = await listUsageErrors(db, from, only);
  const unused = sources.filter(
    (source) => isKeyed(source) && (only ?? source.provider.name) === source.provider.name && !used.some(isOf(source)),
  );
  const rows = [];
  const quotas: NamedRow[] = [];
  for (const usage of [...used, ...unused.map(({ provider }) => noUsage(provider))]) {
    const { provider_name, platform } = usage;
    const source = sources.find(({ provider }) => provider.name === provider_name);
    const quota = source && (await findQuota(db, provider_name, source.quota, timezone, now));
    const sent = usedToday.find((each) => each.provider_name === provider_name && each.platform === platform);
    rows.push({ ...usage, today: sent?.requests ?? 0, ...describeQuota(source?.quota, quota) });
    // A provider of several platforms has one quota.
    if (!source || !quota || quotas.some((each) => each.provider_name === provider_name)) continue;
    quotas.push({ provider_name, ...drawQuota(source.quota, quota, timezone) });
  }
  return {
    command: 'usage',
    title: `API usage, ${from} to ${today}`,
    data: { from, to: today, providers: rows, errors },
    sections: [
      requestSection(rows, days),
      ...(quotas.length > 0 ? [quotaSection(quotas)] : []),
      ...(errors.length > 0 ? [errorSection(errors)] : []),
    ],
  };
}

/** A provider that anyone may ask is worth a line only when it was asked. */
function isKeyed(source: ProviderSource): boolean {
  return source.provider.credential !== null && hasAccess(source);
}

const isOf =
  ({ provider }: ProviderSource) =>
  ({ provider_name }: ProviderUsage) =>
    provider_name === provider.name;

function noUsage({ name, platforms }: Provider) {
  return {
    provider_name: name,
    platform: platforms.length === 1 ? platforms[0] : null,
    requests: 0,
    units: 0,
    succeeded: 0,
    failed: 0,
    unknown: 0,
    average_latency_ms: null,
    last_request_at: null,
  };
}

/** What `--json` says of a quota. */
function describeQuota(rule: QuotaRule | undefined, quota: Quota | undefined) {
  return {
    quota_used: quota?.used ?? null,
    quota_allowed: quota?.allowed ?? null,
    quota_left_today: quota?.leftToday ?? null,
    quota_period: rule?.period ?? null,
    quota_resets_on: quota?.resetsOn ?? null,
    quota_left: quota?.left ?? null,
    quota_limit: rule?.limit ?? null,
    quota_unit: rule ? (rule.unit ?? 'requests') : null,
    quota_zone: rule?.zone ?? null,
    quota_resets_at: quota?.resetsAt.toISOString() ?? null,
  };
}

/** The same for people. */
function drawQuota(rule: QuotaRule, quota: Quota, timezone: string) {
  const count = (value: number) => value.toLocaleString('en-US');
  // A day of the user's own, and a month, begin at a midnight that needs no clock.
  const isByDay = rule.period === 'month' || (rule.period === 'day' && rule.zone === undefined);
  const isFree = typeof rule.period === 'number' && quota.used === 0;
  return {
    quota_share: quota.allowed === 0 ? null : (quota.used / quota.allowed) * 100,
    quota_used: `${count(quota.used)} / ${count(quota.allowed)} ${rule.unit ?? 'requests'}`,
    quota_period: formatPeriod(rule.period),
    quota_left_today: quota.leftToday,
    quota_resets: isByDay ? quota.resetsOn : isFree ? null : formatClock(timezone, quota.resetsAt),
  };
}

function requestSection(rows: readonly NamedRow[], days: number): Section {
  const hasPlatforms = new Set(rows.map(({ provider_name }) => provider_name)).size < rows.length;
  return {
    columns: [
      { key: 'provider_name', label: 'Provider', kind: 'text' },
      ...(hasPlatforms ? [{ key: 'platform', label: 'Platform', kind: 'text' } as const] : []),
      { key: 'today', label: 'Today', kind: 'count' },
      { key: 'requests', label: `${days} days`, kind: 'count' },
      { key: 'succeeded', label: 'OK', kind: 'count', rank: 5 },
      { key: 'failed', label: 'Failed', kind: 'count', rank: 3 },
      { key: 'average_latency_ms', label: 'ms each', kind: 'count', rank: 6 },
      { key: 'last_request_at', label: 'Last', kind: 'instant', rank: 4 },
      ...['used', 'allowed', 'unit', 'period', 'left_today', 'resets_on', 'resets_at'].map((name) => ({
        key: `quota_${name}`,
        label: name,
        kind: 'text' as const,
        isForFiles: true,
      })),
    ],
    rows,
    empty: 'no request in these days',
  };
}

function quotaSection(rows: Section['rows']): Section {
  return {
    title: 'Quota',
    columns: [
      { key: 'provider_name', label: 'Provider', kind: 'text', isElastic: true },
      { key: 'quota_share', label: 'Used', kind: 'share', rank: 1 },
      { key: 'quota_used', label: 'Used / allowed', kind: 'text' },
      { key: 'quota_period', label: '', kind: 'text', rank: 3 },
      { key: 'quota_left_today', label: 'Left now', kind: 'count', rank: 2 },
      { key: 'quota_resets', label: 'Resets', kind: 'text' },
    ],
    rows,
  };
}

function errorSection(errors: readonly UsageError[]): Section {
  return {
    title: 'Errors',
    columns: [
      { key: 'provider_name', label: 'Provider', kind: 'text' },
      { key: 'endpoint', label: 'Endpoint', kind: 'text' },
      { key: 'times', label: 'Times', kind: 'count' },
      { key: 'last_at', label: 'Last', kind: 'instant' },
      { key: 'error_message', label: 'What it said', kind: 'text', isElastic: true },
    ],
    rows: errors.map((error) => ({ ...error })),
  };
}
