import { openRegistry } from '../../collect/registry.ts';
import { configureProvider, type ProviderSource } from '../../collect/source.ts';
import type { Context } from '../../context.ts';
import { POST_METRICS } from '../../core/metric.ts';
import type { Provider } from '../../provider/provider.ts';
import { sample } from '../../provider/sample.ts';
import { formatQuota } from './quota.ts';
import { readiness, type Readiness } from './readiness.ts';

interface Listed {
  provider: Provider;
  source: ProviderSource;
  ready: Readiness;
}

/** Prints what can be asked now, and what each key would add. */
export async function runList(context: Context): Promise<number> {
  const config = await context.config();
  const all: Listed[] = [];
  const registry = await openRegistry(config);
  for (const provider of registry.all) {
    const source = configureProvider(provider, config);
    all.push({ provider, source, ready: await readiness(source) });
  }
  const real = all.filter(({ provider }) => provider.name !== sample.name);
  const ready = real.filter((each) => each.ready.isReady);
  const waiting = real.filter((each) => !each.ready.isReady);
  await context.print({
    command: 'providers list',
    data: all.map(({ provider, source, ready: { isReady, needs } }) => {
      const order = config.providerOrder(provider.platforms[0]);
      return {
        name: provider.name,
        platform: provider.platforms.join(', '),
        covers: provider.covers,
        account_metrics: provider.reports.account.join(', '),
        post_metrics: provider.reports.post.join(', '),
        day_metrics: (provider.reports.day ?? []).join(', '),
        reports_audience: provider.reports.audience ?? false,
        quota: formatQuota(source.quota),
        price: provider.price,
        credential: provider.credential?.env ?? null,
        is_ready: isReady,
        needs,
        is_in_order: order ? order.includes(provider.name) : provider.name !== sample.name,
        base_url: source.baseUrl ?? provider.baseUrl,
        about: provider.about,
      };
    }),
    sections: [
      {
        title: 'Ready now',
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text' },
          { key: 'name', label: 'Provider', kind: 'text' },
          { key: 'covers', label: 'Whose', kind: 'text' },
          { key: 'reports', label: 'Reports', kind: 'text', isElastic: true },
        ],
        rows: ready.map(({ provider }) => ({
          platform: provider.platforms.join(', '),
          name: provider.name,
          covers: describeCovers([provider]),
          reports: describeReports([provider]),
        })),
        empty: 'nothing',
      },
      {
        title: 'What would add more',
        columns: [
          { key: 'needs', label: 'Needs', kind: 'text' },
          { key: 'platform', label: 'For', kind: 'text' },
          { key: 'covers', label: 'Whose', kind: 'text' },
          { key: 'reports', label: 'Reports', kind: 'text', isElastic: true },
          { key: 'price', label: 'Costs', kind: 'text', rank: 1 },
          { key: 'names', label: 'Through', kind: 'text', rank: 2 },
        ],
        rows: groupByNeed(waiting).map(([needs, providers]) => ({
          needs,
          platform: [...new Set(providers.flatMap(({ platforms }) => platforms))].join(', '),
          covers: describeCovers(providers),
          reports: describeReports(providers),
          names: providers.map(({ name }) => name).join(', '),
          price: providers.find(({ price }) => price !== null)?.price ?? 'nothing',
        })),
        empty: 'nothing: every provider is ready',
      },
    ],
  });
  for (const { message, hint } of registry.problems) context.say(hint ? `${message}\n  → ${hint}` : message);
  context.say('one of them in full: smstats providers show <name>; log in or hand over a key: smstats login <name>');
  return 0;
}

function groupByNeed(waiting: readonly Listed[]): [string, Provider[]][] {
  const groups = new Map<string, Provider[]>();
  for (const { provider } of waiting) {
    const need = provider.credential?.env ?? provider.program ?? provider.name;
    groups.set(need, [...(groups.get(need) ?? []), provider]);
  }
  return [...groups];
}

function describeCovers(providers: readonly Provider[]): string {
  return providers.some(({ covers }) => covers === 'any') ? 'any' : 'own';
}

/** Everything that the providers report between them, in a line: what few have comes first. */
function describeReports(providers: readonly Provider[]): string {
  const posts = new Set(providers.flatMap(({ reports }) => reports.post));
  return [
    ...(providers.some(({ reports }) => reports.audience) ? ['audience'] : []),
    ...(providers.some(({ reports }) => (reports.day ?? []).length > 0) ? ['insights'] : []),
    ...POST_METRICS.filter((name) => posts.has(name)).toReversed(),
    ...(providers.some(({ reports }) => reports.account.includes('followers')) ? ['followers'] : []),
  ].join(', ');
}
