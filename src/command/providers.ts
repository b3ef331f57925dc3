import { configureProvider, requireProvider } from '../collect/source.ts';
import { parseUsername } from '../core/platform.ts';
import { dayIn } from '../core/time.ts';
import type { Context } from '../context.ts';
import { PROVIDERS } from '../provider/index.ts';
import type { Provider } from '../provider/provider.ts';
import type { AddCommand } from './index.ts';

export const addProviders: AddCommand = (command, context, end) => {
  command
    .command('list', { isDefault: true })
    .description('what each provider reports, costs and needs')
    .action(async () => end(await runList(context)));
  command
    .command('test')
    .description('ask a provider for one account and show what it says; nothing is stored')
    .argument('<name>', 'a provider')
    .argument('<username>', 'handle or profile URL')
    .action(async (name: string, username: string) => end(await runTest(context, name, username)));
};

async function runList(context: Context): Promise<number> {
  const config = await context.config();
  const rows = Object.values<Provider>(PROVIDERS).map((provider) => {
    const { quota, secret, baseUrl } = configureProvider(provider, config);
    const order = config.providerOrder(provider.platforms[0]);
    return {
      name: provider.name,
      platform: provider.platforms.join(', '),
      account_metrics: provider.reports.account.join(', '),
      post_metrics: provider.reports.post.join(', '),
      quota: `${quota.limit.toLocaleString('en-US')} a ${quota.period} x ${quota.safetyMargin}`,
      credential: provider.credential?.env ?? null,
      is_ready: secret !== undefined,
      needs: secret === undefined ? `${provider.credential?.env} (${provider.credential?.source})` : 'nothing more',
      is_in_order: order ? order.includes(provider.name) : provider.name !== 'sample',
      base_url: baseUrl ?? provider.baseUrl,
      about: provider.about,
    };
  });
  await context.print({
    command: 'providers list',
    data: rows,
    sections: [
      {
        columns: [
          { key: 'name', label: 'Provider', kind: 'text' },
          { key: 'platform', label: 'Platform', kind: 'text', rank: 4 },
          { key: 'is_ready', label: 'Ready', kind: 'flag' },
          { key: 'account_metrics', label: 'Of an account', kind: 'text', rank: 3 },
          { key: 'post_metrics', label: 'Of a post', kind: 'text', rank: 2 },
          { key: 'quota', label: 'Quota', kind: 'text', rank: 1 },
          { key: 'needs', label: 'Needs', kind: 'text' },
        ],
        rows,
      },
    ],
  });
  return 0;
}

/** Asks for real: the requests are counted and cost quota, but no account is stored. */
async function runTest(context: Context, name: string, given: string): Promise<number> {
  const provider = requireProvider(name);
  const [platform] = provider.platforms;
  const username = parseUsername(platform, given);
  const config = await context.config();
  const { createLedger } = await import('../collect/ledger.ts');
  const { createBreaker } = await import('../collect/breaker.ts');
  const { askProviders } = await import('../collect/ask-providers.ts');
  const { db } = await context.openStore({ create: true });
  const world = await context.httpWorld();
  const ledger = createLedger(db, config.timezone, context.now);
  const ask = {
    world,
    userAgent: `smstats/${context.version}`,
    redact: context.redact,
    breaker: createBreaker(),
    ledger,
    paceOf: () => async () => {},
  };
  const account = { platform, username, storedPosts: 0 };
  const start = performance.now();
  try {
    const { answer } = await askProviders(ask, account, [configureProvider(provider, config)], 35);
    const { profile, posts } = answer;
    const newest = posts
      .map(({ postedAt }) => postedAt)
      .filter((date) => date !== null)
      .toSorted((a, b) => b.getTime() - a.getTime())[0];
    const facts = [
      { name: 'Account', value: `${platform} @${username}`, kind: 'text' },
      { name: 'Name', value: profile.displayName, kind: 'text' },
      { name: 'Followers', value: profile.followers, kind: 'count' },
      { name: 'Posts counted', value: profile.posts, kind: 'count' },
      { name: 'Posts listed', value: posts.length, kind: 'count' },
      { name: 'Newest post', value: newest ? dayIn(config.timezone, newest) : null, kind: 'day' },
      { name: 'Requests', value: ledger.sent, kind: 'count' },
      { name: 'Milliseconds', value: Math.round(performance.now() - start), kind: 'count' },
    ];
    await context.print({
      command: 'providers test',
      title: `${name} works`,
      data: { provider: name, username, profile, posts: posts.length, requests: ledger.sent },
      sections: [
        {
          isFacts: true,
          columns: [
            { key: 'name', label: '', kind: 'text' },
            { key: 'value', label: '', kind: 'text' },
          ],
          rows: facts,
        },
      ],
    });
    return 0;
  } finally {
    await ledger.settle(db);
  }
}
