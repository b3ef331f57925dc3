import { sourcesOf } from '../../collect/run.ts';
import { hasAccess, type ProviderSource } from '../../collect/source.ts';
import { EXIT_CODES, UsageError } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import type { Provider } from '../../provider/provider.ts';
import { findQuota } from '../../query/find-quota.ts';
import type { DueAccount } from '../../query/list-due-accounts.ts';

/**
 * Prints what a run would ask of whom: nothing is sent and no account is added.
 * @returns the exit code.
 */
export async function planFetch(
  context: Context,
  accounts: readonly DueAccount[],
  posts: number,
  provider: Provider | undefined,
): Promise<number> {
  const store = await context.openStore({ create: true });
  const config = await context.config();
  const now = context.now();
  const rows = [];
  for (const account of accounts) {
    const sources = await sourcesOf(store, config, account, provider);
    const source = sources.find(hasAccess) ?? sources[0];
    if (!source) throw new UsageError(`There is no provider for ${account.platform} yet.`, 'smstats providers list');
    const quota = await findQuota(store.db, source.provider.name, source.quota, config.timezone, now);
    rows.push({
      platform: account.platform,
      username: account.username,
      provider_name: source.provider.name,
      requests: source.provider.requestCount(posts, source.login !== undefined),
      units: countUnits(source, posts),
      unit: source.quota.unit ?? 'requests',
      left_today: quota.leftToday,
      remark: hasAccess(source) ? null : `needs ${source.provider.credential?.env ?? source.provider.program}`,
    });
  }
  const hasUnits = rows.some(({ unit }) => unit !== 'requests');
  const requests = rows.reduce((sum, row) => sum + row.requests, 0);
  await context.print({
    command: 'fetch --dry-run',
    data: { accounts: rows, requests },
    sections: [
      {
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text' },
          { key: 'username', label: 'Account', kind: 'text' },
          { key: 'provider_name', label: 'Provider', kind: 'text' },
          { key: 'requests', label: 'Requests', kind: 'count' },
          ...(hasUnits
            ? [
                { key: 'units', label: 'Takes', kind: 'count' } as const,
                { key: 'unit', label: 'of its', kind: 'text' } as const,
              ]
            : []),
          { key: 'left_today', label: 'Left now', kind: 'count' },
          { key: 'remark', label: 'Remark', kind: 'text' },
        ],
        rows,
        empty: 'no account to fetch',
      },
    ],
    warnings: [
      `about ${requests} request${requests === 1 ? '' : 's'} (up to ${posts} posts an account); nothing was sent`,
    ],
  });
  return EXIT_CODES.done.code;
}

/** About what an account takes from the quota. */
function countUnits({ provider, quota, login }: ProviderSource, posts: number): number {
  const requests = provider.requestCount(posts, login !== undefined);
  return provider.unitCount?.(posts) ?? (quota.unit === 'posts' ? posts : requests);
}
