import { openRegistry } from '../../collect/registry.ts';
import { configureProvider } from '../../collect/source.ts';
import { parsePlatform, parseUsername } from '../../core/platform.ts';
import { dayIn } from '../../core/time.ts';
import type { Context } from '../../context.ts';

/** Asks for real: the requests are counted and cost quota, but no account is stored. */
export async function runTest(context: Context, name: string, given: string, of?: string): Promise<number> {
  const config = await context.config();
  const registry = await openRegistry(config);
  const provider = registry.require(name, of && parsePlatform(of, registry.platforms));
  const platform = of === undefined ? provider.platforms[0] : parsePlatform(of, registry.platforms);
  const username = parseUsername(platform, given);
  const { createLedger } = await import('../../collect/ledger.ts');
  const { createBreaker } = await import('../../collect/breaker.ts');
  const { askProviders } = await import('../../collect/ask-providers.ts');
  const { db } = await context.openStore({ create: true });
  const world = await context.httpWorld();
  const ledger = createLedger(db, config.timezone, context.now, (ms) => world.sleep(ms, context.abort));
  const ask = {
    world,
    userAgent: `smstats/${context.version}`,
    redact: context.redact,
    addSecret: context.addSecret,
    breaker: createBreaker(),
    ledger,
    paceOf: () => async () => {},
    ...(context.flags.verbose && { onRequest: (line: string) => context.say(line) }),
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
