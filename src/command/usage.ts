import { configureProvider, requireProvider } from '../collect/source.ts';
import { wholeNumber } from '../core/option.ts';
import { addDays, dayIn } from '../core/time.ts';
import type { Context } from '../context.ts';
import { PROVIDERS } from '../provider/index.ts';
import type { Provider } from '../provider/provider.ts';
import { findQuota } from '../query/find-quota.ts';
import { listUsage, listUsageErrors } from '../query/list-usage.ts';
import type { AddCommand } from './index.ts';

interface UsageOptions {
  days: number;
  provider?: string;
}

export const addUsage: AddCommand = (command, context, end) => {
  command
    .option('--days <n>', 'how many days back, today included', wholeNumber('--days', 1, 3650), 7)
    .option('--provider <name>', 'one provider only')
    .action(async (options: UsageOptions) => end(await runUsage(context, options)));
};

/** Prints requests by provider and what is left of each quota. */
export async function runUsage(context: Context, options: UsageOptions): Promise<number> {
  if (options.provider !== undefined) requireProvider(options.provider);
  const { db } = await context.openStore();
  const config = await context.config();
  const now = context.now();
  const today = dayIn(config.timezone, now);
  const from = addDays(today, 1 - options.days);
  const [used, usedToday, errors] = [
    await listUsage(db, from, options.provider),
    await listUsage(db, today, options.provider),
    await listUsageErrors(db, from, options.provider),
  ];
  const rows = [];
  for (const usage of used) {
    const provider = (PROVIDERS as Record<string, Provider>)[usage.provider_name];
    const rule = provider && configureProvider(provider, config).quota;
    const quota = rule && (await findQuota(db, usage.provider_name, rule, today, now));
    rows.push({
      ...usage,
      today: usedToday.find((each) => each.provider_name === usage.provider_name)?.requests ?? 0,
      quota_used: quota?.used ?? null,
      quota_allowed: quota?.allowed ?? null,
      quota_left_today: quota?.leftToday ?? null,
      quota_period: rule?.period ?? null,
      quota_resets_on: quota?.resetsOn ?? null,
    });
  }
  await context.print({
    command: 'usage',
    title: `API usage, ${from} to ${today}`,
    data: { from, to: today, providers: rows, errors },
    sections: [
      {
        columns: [
          { key: 'provider_name', label: 'Provider', kind: 'text' },
          { key: 'today', label: 'Today', kind: 'count' },
          { key: 'requests', label: `${options.days} days`, kind: 'count' },
          { key: 'succeeded', label: 'OK', kind: 'count', rank: 6 },
          { key: 'failed', label: 'Failed', kind: 'count', rank: 3 },
          { key: 'average_latency_ms', label: 'ms each', kind: 'count', rank: 7 },
          { key: 'quota_used', label: 'Quota used', kind: 'count' },
          { key: 'quota_allowed', label: 'of', kind: 'count' },
          { key: 'quota_period', label: 'a', kind: 'text', rank: 5 },
          { key: 'quota_left_today', label: 'Left today', kind: 'count' },
          { key: 'quota_resets_on', label: 'Resets on', kind: 'day', rank: 4 },
        ],
        rows,
        empty: 'no request in these days',
      },
      ...(errors.length > 0
        ? [
            {
              title: 'Errors',
              columns: [
                { key: 'provider_name', label: 'Provider', kind: 'text' as const },
                { key: 'endpoint', label: 'Endpoint', kind: 'text' as const },
                { key: 'times', label: 'Times', kind: 'count' as const },
                { key: 'last_at', label: 'Last', kind: 'instant' as const },
                { key: 'error_message', label: 'What it said', kind: 'text' as const, isElastic: true },
              ],
              rows: errors,
            },
          ]
        : []),
    ],
  });
  return 0;
}
