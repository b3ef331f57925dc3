import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { collect } from '../../src/collect/collect.ts';
import { createRun } from '../../src/collect/run.ts';
import { createWorld } from '../../src/collect/world.ts';
import { loadConfig } from '../../src/config/load.ts';
import { tiktokScraper7 } from '../../src/provider/tiktok-scraper7.ts';
import type { DueAccount } from '../../src/query/list-due-accounts.ts';
import { workOn } from '../../src/store/claims.ts';
import type { Board } from './board.ts';
import { cleanEnvironment } from './child.ts';
import { openBenchStore } from './history.ts';
import { compare, type Medians } from './ratio.ts';
import type { References } from './reference.ts';

const ACCOUNTS = 200;
const POSTS = 100;
const CONCURRENCY = tiktokScraper7.concurrency;
/** What a reply takes over a good network. */
const LATENCY_MS = 50;

/** Fetching accounts through the whole pipeline, beside nothing but HTTP and JSON for the same URLs. */
export async function benchCollect(board: Board, { directory }: References): Promise<void> {
  const local = await measure(directory, 0, 7);
  const distant = await measure(directory, LATENCY_MS, 3);
  const title = (of: string) => `fetching ${ACCOUNTS} accounts x ${POSTS} posts: throughput of bare HTTP, ${of}`;
  board.atLeast(title(`${LATENCY_MS} ms a reply`), 0.8, distant.bare / distant.collect);
  // Here HTTP takes no time, so this is what a durable commit an account and four counted requests cost beside it.
  board.note(title('no latency'), `${(local.bare / local.collect).toFixed(2)}x`);
  board.note('  ms an account: smstats, bare HTTP', `${perAccount(local.collect)}, ${perAccount(local.bare)}`);
}

/** Milliseconds for all accounts, as on any day but the first: accounts and posts are known. */
async function measure(directory: string, latencyMs: number, rounds: number): Promise<Medians<'bare' | 'collect'>> {
  const server = await startServer(latencyMs);
  const home = join(directory, `home-${latencyMs}`);
  let day = 0;
  try {
    return await compare(rounds, {
      bare: () => fetchBare(server.url),
      collect: () => fetchAll(server.url, home, day++),
    });
  } finally {
    server.stop();
  }
}

function perAccount(ms: number): string {
  return (ms / ACCOUNTS).toFixed(2);
}

/** The server in a process of its own: it must not share the event loop with what is measured. */
async function startServer(latencyMs: number): Promise<{ url: string; stop(): void }> {
  const file = join(import.meta.dirname, 'tikwm-process.ts');
  const child = fork(file, [ACCOUNTS, POSTS, latencyMs].map(String), { env: cleanEnvironment() });
  const [url] = (await once(child, 'message')) as [string];
  return { url, stop: () => child.disconnect() };
}

async function fetchBare(url: string): Promise<void> {
  let next = 1;
  async function work(): Promise<void> {
    while (next <= ACCOUNTS) {
      const username = `user${next++}`;
      await getJson(`${url}/user/info?unique_id=${username}`);
      for (let cursor = 0; cursor < POSTS; cursor += 35) {
        await getJson(`${url}/user/posts?unique_id=${username}&count=35&cursor=${cursor}`);
      }
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url);
  return response.json();
}

/** Milliseconds of one run of the pipeline on a day of its own. */
async function fetchAll(url: string, home: string, daysLater: number): Promise<number> {
  const env = { SMSTATS_HOME: home, SMSTATS_TIMEZONE: 'UTC', RAPIDAPI_KEY: 'bench' };
  const config = loadConfig(env);
  const store = await openBenchStore(config.database);
  const accounts: DueAccount[] = [];
  const add = store.connection.prepare(
    `INSERT OR IGNORE INTO social_media_accounts (id, platform, username) VALUES (?, 'tiktok', ?)`,
  );
  for (let id = 1; id <= ACCOUNTS; id++) {
    add.run(id, `user${id}`);
    accounts.push({ id, platform: 'tiktok', username: `user${id}` });
  }
  const now = () => new Date(Date.now() + daysLater * 86_400_000);
  const run = createRun({ store, config, world: createWorld(now), version: '0.0.0-bench', redact: (text) => text });
  // The pace of requests is a choice, not a cost: without it both sides send as fast as they can.
  const quota = { ...tiktokScraper7.quota, requestsPerSecond: Number.POSITIVE_INFINITY };
  const source = { provider: tiktokScraper7, baseUrl: url, secret: 'bench', quota, maxResponseMb: undefined };
  const start = performance.now();
  const work = workOn(
    accounts.map(({ id }) => id),
    store.claims.claim,
  );
  const outcomes = await collect({ ...run, sourcesOf: () => [source] }, accounts, work, { posts: POSTS, delayMs: 0 });
  const elapsed = performance.now() - start;
  await store.close();
  const failed = outcomes.find(({ status, posts }) => status !== 'stored' || posts !== POSTS);
  if (failed) throw new Error(`@${failed.account.username} was not stored whole: ${failed.error?.message}`);
  return elapsed;
}
