/** What the tests let a process of its own do: it says "ready", waits for a line on stdin, acts, prints one word. */
import { createInterface } from 'node:readline/promises';
import { sql } from 'kysely';
import type { Counting } from './start-child.ts';

const [action, database = '', counting] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (word: string) => process.stdout.write(`${word}\n`);

async function waitForGo(): Promise<void> {
  say('ready');
  await lines.next();
}

if (action === 'lock') {
  const { takeLock } = await import('../../src/store/sqlite/lock.ts');
  await waitForGo();
  const release = takeLock(database, 'run');
  say(release ? 'held' : 'busy');
  await lines.next();
  release?.();
} else if (action === 'open') {
  const { openStore } = await import('../../src/store/open.ts');
  await waitForGo();
  const store = await openStore({ database, create: true, appVersion: '0.0.0-test' });
  const { rows } = await sql<{ version: number }>`SELECT max(version) AS version FROM schema_migrations`.execute(
    store.db,
  );
  say(`schema-${rows[0]?.version}`);
  await store.close();
} else if (action === 'count') {
  const { createLedger } = await import('../../src/collect/ledger.ts');
  const { tiktokScraper7: provider } = await import('../../src/provider/tiktok-scraper7.ts');
  const { openStore } = await import('../../src/store/open.ts');
  const store = await openStore({ database, appVersion: '0.0.0-test' });
  const { rule, units } = JSON.parse(counting ?? '') as Counting;
  const quota = { ...rule, requestsPerSecond: 10 };
  const source = { provider, baseUrl: undefined, secret: 'key', quota, maxResponseMb: undefined };
  const ledger = createLedger(store.db, 'UTC', () => new Date('2026-11-22T10:00:00Z'));
  await waitForGo();
  try {
    for (;;) await ledger.count(source, { platform: 'tiktok', endpoint: '/user/info', units });
  } catch (error) {
    say((error as { problem?: string }).problem === 'quota' ? String(ledger.sent) : String(error));
  }
  await store.close();
}
process.stdin.destroy();
