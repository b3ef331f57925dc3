import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { startWebhookServer, type Answer, type WebhookServer } from '../helper/webhook-server.ts';
import { makeDirectory, run, start } from './process.ts';

const ACCOUNTS = 40;
const CHECK = ['alerts', 'check', '--json'];

let server: WebhookServer;
afterEach(() => server.close());

/** A home whose accounts all have old numbers: as many events as accounts, on their way to a webhook. */
async function makeStaleHome(answer?: (id: string, count: number) => Answer): Promise<string> {
  server = await startWebhookServer(answer);
  const home = makeDirectory();
  writeFileSync(
    join(home, 'config.toml'),
    `[fetch]\ndelay_ms = 0\n[channels.hook]\ntype = "webhook"\nurl = "${server.url}"\nsecret = "${server.secret}"\nallow_private = true\n`,
    { mode: 0o600 },
  );
  expect((await run(['init', '--yes', '--no-fetch', '--account', 'tiktok:name0'], { home })).code).toBe(0);
  const db = new SqliteDatabase(join(home, 'smstats.db'));
  const day = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10);
  for (let i = 0; i < ACCOUNTS; i++) {
    if (i > 0)
      db.prepare("INSERT INTO social_media_accounts (platform, username) VALUES ('tiktok', ?)").run(`name${i}`);
    db.prepare(
      `INSERT INTO social_media_analytics_snapshots (account_id, snapshot_date, followers_count, provider_name)
       SELECT id, ?, 1000, 'test' FROM social_media_accounts WHERE username = ?`,
    ).run(day, `name${i}`);
  }
  db.close();
  const added = await run(['alerts', 'add', 'stale', '--to', 'hook'], { home });
  expect(added.code, added.stderr).toBe(0);
  return home;
}

function deliveries(home: string): Record<string, number> {
  const db = new SqliteDatabase(join(home, 'smstats.db'), { readonly: true });
  const rows = db
    .prepare("SELECT status, count(*) AS n FROM alert_deliveries WHERE channel = 'hook' GROUP BY status")
    .all() as { status: string; n: number }[];
  db.close();
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
}

/** The account that each message is about. */
const accountsOf = (taken: WebhookServer['taken']) =>
  taken.map(({ body }) => JSON.stringify((body.data as { account: unknown }).account));

test('each event reaches a webhook once through kill -9 and restarts', { timeout: 240_000 }, async () => {
  // Some are refused at first, some connections break, and all take a moment: a kill meets messages at every stage.
  const home = await makeStaleHome((_, count) => {
    if (count % 7 === 3) return { status: 503 };
    if (count % 11 === 5) return 'hang up';
    return { status: 200, delayMs: 30 };
  });
  let kills = 0;
  for (let round = 0; round < 25; round++) {
    const running = start(CHECK, { home });
    const timer = setTimeout(() => running.kill('SIGKILL'), 250 + ((round * 137) % 900));
    const { signal } = await running.ended;
    clearTimeout(timer);
    if (signal === 'SIGKILL') kills++;
  }
  expect(kills).toBeGreaterThan(5);
  // What a killed process held is free again some seconds later.
  await expect
    .poll(
      async () => {
        await run([...CHECK, '--resend'], { home });
        return deliveries(home);
      },
      { timeout: 120_000, interval: 2_000 },
    )
    .toEqual({ sent: ACCOUNTS });

  const ids = new Set(server.taken.map(({ id }) => id));
  const repeats = server.taken.length - ids.size;
  // A receiver tells a repeated message by its id: what it acts on is each event once.
  const acted = server.taken.filter(({ id }, at) => server.taken.findIndex((other) => other.id === id) === at);
  expect(acted).toHaveLength(ACCOUNTS);
  expect(new Set(accountsOf(acted)).size).toBe(ACCOUNTS);
  // A message repeats only where the process was killed between the receiver's answer and writing it down.
  expect(repeats).toBeLessThanOrEqual(kills);
  expect(server.forged).toBe(0);
  process.stdout.write(`${kills} kills, ${server.requests} requests, ${repeats} repeats of ${ACCOUNTS} messages\n`);

  const requests = server.requests;
  expect((await run([...CHECK, '--exit-code'], { home })).code).toBe(0);
  expect(server.requests).toBe(requests);
});

test('four processes that check at once send each event once', { timeout: 60_000 }, async () => {
  const home = await makeStaleHome();
  const all = await Promise.all(Array.from({ length: 4 }, () => run(CHECK, { home })));
  for (const { code, stderr } of all) expect(code, stderr).toBe(0);
  expect(server.taken).toHaveLength(ACCOUNTS);
  expect(new Set(server.taken.map(({ id }) => id)).size).toBe(ACCOUNTS);
  expect(new Set(accountsOf(server.taken)).size).toBe(ACCOUNTS);
  expect(deliveries(home)).toEqual({ sent: ACCOUNTS });
});

test('without the opt-in nothing reaches a webhook inside, and the next check does not lose it', async () => {
  const home = await makeStaleHome();
  const config = join(home, 'config.toml');
  const set = async (value: string) =>
    expect((await run(['config', 'set', 'channels.hook.allow_private', value], { home })).code).toBe(0);
  await set('false');
  const refused = await run(['alerts', 'check'], { home });
  expect(refused.code).toBe(0);
  expect(refused.stderr).toContain('an alert did not reach hook');
  expect(refused.stderr + refused.stdout).not.toContain('of-nobody');
  expect(server.requests).toBe(0);
  expect(deliveries(home)).toEqual({ pending: ACCOUNTS });
  const once = await run([...CHECK, '--resend', '--allow-private-webhooks'], { home });
  expect(once.code, `${config}: ${once.stderr}`).toBe(0);
  expect(server.taken).toHaveLength(ACCOUNTS);
});

test('a scheduled fetch checks the alerts, also when it fails, and says what fired in its log', async () => {
  const home = await makeStaleHome();
  const env = { RAPIDAPI_KEY: '' };
  expect((await run(['alerts', 'add', 'failed-fetch', '--to', 'hook'], { home })).code).toBe(0);
  const { code } = await run(['fetch', '--if-due', '--scheduled', 'daily'], { home, env });
  expect(code).not.toBe(0);
  const kinds = server.taken.map(({ body }) => body.type);
  expect(kinds.filter((kind) => kind === 'alert.stale')).toHaveLength(ACCOUNTS);
  const seen = await run(['alerts', 'check', '--exit-code', '--json'], { home, env });
  expect(seen.code).toBe(10);
  expect((JSON.parse(seen.stdout) as { data: { events: unknown[] } }).data.events.length).toBe(server.taken.length);
  expect((await run(['alerts', 'check', '--exit-code'], { home, env })).code).toBe(0);
});
