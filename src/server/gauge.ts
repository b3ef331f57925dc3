import { openRegistry } from '../collect/registry.ts';
import { configureProvider } from '../collect/source.ts';
import { daysBetween, dayIn } from '../core/time.ts';
import { findDatabaseSize } from '../query/find-database-size.ts';
import { findQuota } from '../query/find-quota.ts';
import { findSchemaVersion } from '../query/find-schema-version.ts';
import { listFailedJobs } from '../query/list-failed-jobs.ts';
import { listFreshness, type Freshness } from '../query/list-freshness.ts';
import { listUsage } from '../query/list-usage.ts';
import type { ServerParts } from './parts.ts';
import type { Family, Sample } from './prometheus.ts';

/** What the database says of how things stand: its size, how fresh the numbers are, what failed, what is left. */
export async function listGauges({ context }: ServerParts): Promise<Family[]> {
  const { db, engine } = await context.openStore();
  const { timezone } = await context.config();
  const today = dayIn(timezone, context.now());
  const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
    name,
    help,
    type: 'gauge',
    samples,
  });
  const platforms = await listFreshness(db);
  const age = (key: 'newest_day' | 'oldest_day') =>
    platforms.flatMap(({ platform, [key]: day }: Freshness) =>
      day === null ? [] : [{ labels: { platform }, value: daysBetween(day, today) }],
    );
  const failed = await listFailedJobs(db);
  const quotas = await listQuotas({ context });
  const labels = { version: context.version, schema: String(await findSchemaVersion(db)), engine };
  return [
    gauge('smstats_build_info', 'The program, its schema and the kind of its database.', [{ labels, value: 1 }]),
    gauge('smstats_database_bytes', 'What the database takes.', [{ value: await findDatabaseSize(db) }]),
    gauge(
      'smstats_accounts',
      'Accounts, by platform and whether they are fetched.',
      platforms.flatMap(({ platform, active, paused }) => [
        { labels: { platform, state: 'active' }, value: active },
        { labels: { platform, state: 'paused' }, value: paused },
      ]),
    ),
    gauge('smstats_newest_snapshot_age_days', "Days since any active account's latest numbers.", age('newest_day')),
    gauge(
      'smstats_oldest_snapshot_age_days',
      'Days since the latest numbers of the active account that is furthest behind.',
      age('oldest_day'),
    ),
    gauge(
      'smstats_failed_fetches',
      'Active accounts whose latest fetch failed.',
      platforms.map(({ platform }) => ({
        labels: { platform },
        value: failed.filter((job) => job.platform === platform).length,
      })),
    ),
    gauge(
      'smstats_quota_used',
      "What was taken from a provider's quota in its period, in the vendor's unit.",
      quotas.map(({ provider, used }) => ({ labels: { provider }, value: used })),
    ),
    gauge(
      'smstats_quota_allowed',
      'What may be taken from it at most.',
      quotas.map(({ provider, allowed }) => ({ labels: { provider }, value: allowed })),
    ),
  ];
}

/** Of the providers that were asked in this month: what period a quota has is the vendor's. */
async function listQuotas({ context }: Pick<ServerParts, 'context'>) {
  const { db } = await context.openStore();
  const config = await context.config();
  const now = context.now();
  const asked = await listUsage(db, `${dayIn(config.timezone, now).slice(0, 7)}-01`);
  const names = new Set(asked.map(({ provider_name }) => provider_name));
  const registry = await openRegistry(config);
  const quotas = [];
  for (const provider of registry.all.filter(({ name }) => names.has(name))) {
    const { quota } = configureProvider(provider, config);
    const { used, allowed } = await findQuota(db, provider.name, quota, config.timezone, now);
    quotas.push({ provider: provider.name, used, allowed });
  }
  return quotas;
}
