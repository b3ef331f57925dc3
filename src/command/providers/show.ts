import { openRegistry } from '../../collect/registry.ts';
import { configureProvider } from '../../collect/source.ts';
import type { Context } from '../../context.ts';
import type { Reports } from '../../provider/provider.ts';
import { formatQuota } from './quota.ts';
import { readiness } from './readiness.ts';

/** Prints everything about one provider. */
export async function runShow(context: Context, name: string): Promise<number> {
  const config = await context.config();
  const provider = (await openRegistry(config)).require(name);
  const source = configureProvider(provider, config);
  const { isReady, needs } = await readiness(source);
  const { reports, credential, settings = [] } = provider;
  const { reportsByPlatform = {} } = provider;
  const differs = Object.keys(reportsByPlatform).length > 0;
  const describe = (what: (reports: Reports) => readonly string[] | undefined) =>
    differs
      ? Object.entries(reportsByPlatform)
          .map(([platform, each]) => `${platform}: ${what(each)?.join(', ') || 'nothing'}`)
          .join('; ')
      : what(reports)?.join(', ') || null;
  const facts = {
    name: provider.name,
    platform: provider.platforms.join(', '),
    about: provider.about,
    covers: provider.covers === 'any' ? 'any public account' : 'the account that the key is of',
    account_metrics: describe(({ account }) => account),
    post_metrics: describe(({ post }) => post),
    day_metrics: reports.day?.join(', ') ?? null,
    audience: reports.audience ? 'ages, genders, countries, cities, as far as the platform says' : null,
    price: provider.price ?? 'nothing',
    quota: formatQuota(source.quota),
    requests: `about ${provider.requestCount(50)} for 50 posts`,
    needs,
    credential: credential && `credentials.${credential.name} or ${credential.env}`,
    source: credential?.source ?? null,
    settings: settings.map((each) => `credentials.${each.name} or ${each.env} (${each.source})`).join('; ') || null,
    asks: provider.program ? `the program ${provider.program}` : (source.baseUrl ?? provider.baseUrl),
  };
  const labels: Record<keyof typeof facts, string> = {
    name: 'Provider',
    platform: 'Platform',
    about: 'About',
    covers: 'Accounts',
    account_metrics: 'Of an account',
    post_metrics: 'Of a post',
    day_metrics: 'Of a day',
    audience: 'Audience',
    price: 'Costs',
    quota: 'Quota',
    requests: 'Requests',
    needs: 'Needs',
    credential: 'Key',
    source: 'Where to get it',
    settings: 'May be told',
    asks: 'Asks',
  };
  await context.print({
    command: 'providers show',
    data: { ...facts, is_ready: isReady },
    sections: [
      {
        isFacts: true,
        columns: [
          { key: 'name', label: '', kind: 'text' },
          { key: 'value', label: '', kind: 'text' },
        ],
        rows: Object.entries(facts)
          .filter(([, value]) => value !== null)
          .map(([key, value]) => ({ name: labels[key as keyof typeof facts], value, kind: 'text' })),
      },
    ],
  });
  return 0;
}
