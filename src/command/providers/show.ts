import { openRegistry } from '../../collect/registry.ts';
import { configureProvider } from '../../collect/source.ts';
import type { Context } from '../../context.ts';
import { formatQuota } from './quota.ts';
import { readiness } from './readiness.ts';

/** Prints everything about one provider. */
export async function runShow(context: Context, name: string): Promise<number> {
  const config = await context.config();
  const provider = (await openRegistry(config)).require(name);
  const source = configureProvider(provider, config);
  const { isReady, needs } = await readiness(source);
  const { reports, credential, settings = [] } = provider;
  const facts = {
    name: provider.name,
    platform: provider.platforms.join(', '),
    about: provider.about,
    covers: provider.covers === 'any' ? 'any public account' : 'the account that the key is of',
    account_metrics: reports.account.join(', '),
    post_metrics: reports.post.join(', ') || null,
    day_metrics: reports.day?.join(', ') ?? null,
    audience: reports.audience ? 'ages, genders, countries, cities, as far as the platform says' : null,
    price: provider.price ?? 'nothing',
    quota: formatQuota(source.quota),
    requests: `${provider.requestCount(50)} for 50 posts`,
    needs,
    credential: credential && `credentials.${credential.name} or ${credential.env}`,
    source: credential?.source ?? null,
    settings: settings.map((each) => `credentials.${each.name} or ${each.env} (${each.source})`).join('; ') || null,
    base_url: source.baseUrl ?? provider.baseUrl,
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
    base_url: 'Asks',
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
