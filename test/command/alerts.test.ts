import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { queryDatabase } from '../helper/query-database.ts';
import { makeHome, NOW, runCli, type CliOptions } from '../helper/run-cli.ts';
import { startWebhookServer, type Answer, type WebhookServer } from '../helper/webhook-server.ts';

let home: string;
let server: WebhookServer | undefined;
beforeEach(async () => {
  home = makeHome();
  await cli('init', '--sample', '--yes');
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const cli = (...argv: string[]) => runCli(argv, { home });
const later = (days: number): Partial<CliOptions> => ({ now: new Date(NOW.getTime() + days * 86_400_000) });
const json = async (argv: string[], more: Partial<CliOptions> = {}) => {
  const { code, stdout, stderr } = await runCli([...argv, '--json'], { home, ...more });
  return { code, stderr, data: stdout === '' ? undefined : (JSON.parse(stdout) as { data: never }).data };
};

function execute(sql: string): void {
  const db = new SqliteDatabase(join(home, 'smstats.db'));
  db.exec(sql);
  db.close();
}

/** A webhook that a rule can be sent to. */
async function addHook(answer?: (id: string, count: number) => Answer): Promise<WebhookServer> {
  server = await startWebhookServer(answer);
  writeFileSync(
    join(home, 'config.toml'),
    `[channels.hook]\ntype = "webhook"\nurl = "${server.url}"\nsecret = "${server.secret}"\nallow_private = true\n`,
    { mode: 0o600 },
  );
  return server;
}

test('a rule is added, listed, found to be there already, and removed', async () => {
  const added = await cli(
    'alerts',
    'add',
    'spike',
    '--account',
    'tiktok:isaiah_dupree',
    '--metric',
    'likes',
    '--threshold',
    '4x',
  );
  expect(added).toMatchObject({ code: 0, stdout: '' });
  expect(added.stderr).toContain('rule 1 watches for spike of @isaiah_dupree');
  const again = await cli(
    'alerts',
    'add',
    'spike',
    '--account',
    'tiktok:@Isaiah_Dupree',
    '--metric',
    'likes',
    '--threshold',
    '4 x',
  );
  expect(again.stderr).toContain('rule 1 is the same already');
  const quota = await cli('alerts', 'add', 'quota', '--threshold', '80 %');
  expect(quota.stderr).toContain('rule 2 watches for quota; every scheduled fetch');
  const named = await cli('alerts', 'add', 'viral', '--account', 'tiktok:@Isaiah_Dupree');
  expect(named.stderr).toContain('watches for viral of @isaiah_dupree;');
  await cli('alerts', 'remove', '3');
  const { stdout } = await cli('alerts');
  expect(stdout).toMatch(/1\s+spike\s+tiktok @isaiah_dupree\s+4 x, likes\s+3\s+terminal\s+0\s+—/);
  expect(stdout).toMatch(/2\s+quota\s+all accounts\s+80 %/);
  expect((await cli('alerts', 'remove', '1')).code).toBe(0);
  expect((await json(['alerts', 'list'])).data).toMatchObject([{ id: 2, kind: 'quota', channels: [] }]);
  expect(queryDatabase(home, 'SELECT action FROM audit_log ORDER BY id')).toEqual([
    { action: 'add' },
    { action: 'add' },
    { action: 'add' },
    { action: 'remove' },
    { action: 'remove' },
  ]);
});

test.each([
  [['add', 'spyke'], 2, /no kind of alert "spyke"[^]*did you mean spike/],
  [['add', 'viral', '--metric', 'likes'], 2, /viral watches no likes/],
  [['add', 'anomaly', '--threshold', '3'], 2, /anomaly has no use for --threshold/],
  [['add', 'growth-drop', '--threshold', '-5'], 2, /--threshold must be a number/],
  [['add', 'viral', '--threshold', '500%'], 2, /--threshold of viral is not in %/],
  [['add', 'growth-drop', '--threshold', '50x'], 2, /--threshold of growth-drop is not in x/],
  [['add', 'failed-fetch', '--threshold', '1.5'], 2, /--threshold of failed-fetch must be a whole number, not 1.5/],
  [['add', 'quota', '--threshold', '900'], 2, /--threshold of quota must be from 1 to 100, not 900/],
  [['add', 'quota', '--brand', 'x'], 2, /A quota is a provider's/],
  [['add', 'stale', '--account', 'tiktok:nobody'], 7, /There is no account tiktok:nobody/],
  [['add', 'stale', '--brand', 'isaiah_dupre'], 7, /No account is of the brand[^]*did you mean isaiah_dupree/],
  [['add', 'stale', '--account', 'tiktok:isaiah_dupree', '--platform', 'tiktok'], 2, /--account names one account/],
  [['add', 'stale', '--to', 'team'], 2, /There is no channel "team"/],
  [['add', 'stale', '--cooldown', 'x'], 2, /--cooldown must be a whole number/],
  [['remove', '9'], 7, /There is no rule 9/],
  [['test'], 2, /What is to be tried/],
  [['test', '9'], 7, /There is no rule 9/],
  [['test', '--to', 'team'], 2, /There is no channel "team"/],
] as const)('alerts %j is refused', async (argv, code, message) => {
  const result = await cli('alerts', ...argv);
  expect(result.code).toBe(code);
  expect(result.stderr).toMatch(message);
  expect(queryDatabase(home, 'SELECT count(*) AS n FROM alert_rules')).toEqual([{ n: 0 }]);
});

test('what fired is shown once, with exit 10 where it is asked for; a dry run keeps nothing', async () => {
  await cli('alerts', 'add', 'stale');
  expect(await runCli(['alerts', 'check', '--exit-code'], { home })).toMatchObject({ code: 0 });
  const inDays = later(9);
  const dry = await runCli(['alerts', 'check', '--dry-run', '--exit-code'], { home, ...inDays });
  expect(dry.code).toBe(10);
  expect(dry.stdout).toMatch(/stale\s+.*@isaiah_dupree/);
  expect(queryDatabase(home, 'SELECT count(*) AS n FROM alert_events')).toEqual([{ n: 0 }]);
  const first = await runCli(['alerts', 'check', '--exit-code'], { home, ...inDays });
  expect(first.code).toBe(10);
  expect(first.stdout).toMatch(/stale\s+.*@isaiah_dupree/);
  const second = await runCli(['alerts', 'check', '--exit-code'], { home, ...inDays });
  expect(second).toMatchObject({ code: 0, stdout: 'Alerts\n\nnothing new\n' });
  const listed = await runCli(['alerts', 'list', '--events'], { home, ...inDays });
  expect(listed.stdout).toMatch(/stale\s+.*seen/);
  expect((await runCli(['alerts', 'check'], { home, ...inDays })).code).toBe(0);
});

test('what fired is shown whole on a narrow screen, for it counts as seen then', async () => {
  await cli('alerts', 'add', 'stale');
  const { stdout } = await runCli(['alerts', 'check'], { home, ...later(9), columns: 60 });
  expect(stdout).toContain('@isaiah_dupree (sample) has no new numbers since 2026-11-22, for 9 days');
});

test('an event goes to its webhook once, signed, with its values', async () => {
  const { taken, url } = await addHook();
  await cli('alerts', 'add', 'stale', '--to', 'hook', 'hook');
  const again = await json(['alerts', 'add', 'stale', '--to', 'hook', 'hook']);
  expect(again.data).toMatchObject({ id: 1, is_new: false, channels: ['hook'], account_id: null });
  const { code, data } = await json(['alerts', 'check'], later(9));
  expect([code, (data as { sent: number } | undefined)?.sent]).toEqual([0, 1]);
  expect(taken).toHaveLength(1);
  expect(taken[0]?.id).toMatch(/^msg_[0-9a-f-]{36}$/);
  expect(taken[0]?.body.type).toBe('alert.stale');
  expect(JSON.stringify(taken[0]?.body)).toContain('isaiah_dupree');
  await json(['alerts', 'check'], later(9));
  await json(['alerts', 'check'], later(10));
  expect(taken).toHaveLength(1);
  expect(new URL(url).pathname).toBe('/hook/of-nobody');
  const stored = JSON.stringify(queryDatabase(home, 'SELECT * FROM alert_deliveries'));
  expect(stored).not.toContain('of-nobody');
});

test('a receiver that is down gets the event later; one that refuses is given up, and asked again on request', async () => {
  let status = 503;
  const { taken } = await addHook(() => ({ status }));
  await cli('alerts', 'add', 'stale', '--to', 'hook');
  const first = await runCli(['alerts', 'check'], { home, ...later(9) });
  expect(first.code).toBe(0);
  expect(first.stderr).toMatch(/an alert did not reach hook: .*503.*; it will be tried again after /);
  expect(first.stderr).not.toContain('of-nobody');
  expect(queryDatabase(home, "SELECT attempts, status FROM alert_deliveries WHERE channel = 'hook'")).toEqual([
    { attempts: 3, status: 'pending' },
  ]);
  expect((await json(['alerts', 'check'], later(9))).data).toMatchObject({ sent: 0, unsent: [] });
  status = 404;
  const second = await runCli(['alerts', 'check'], { home, ...later(10) });
  expect(second.stderr).toMatch(/it was given up; smstats alerts check --resend/);
  status = 200;
  expect((await json(['alerts', 'check'], later(11))).data).toMatchObject({ sent: 0 });
  expect((await json(['alerts', 'check', '--resend'], later(11))).data).toMatchObject({ sent: 1 });
  expect(taken).toHaveLength(1);
});

test('many events reach people as one message, and a program one by one', async () => {
  execute(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
    INSERT INTO social_media_accounts (platform, username) SELECT 'tiktok', 'name' || i FROM n`);
  execute(`INSERT INTO social_media_analytics_snapshots (account_id, snapshot_date, followers_count, provider_name)
    SELECT id, '2026-11-20', 5, 'test' FROM social_media_accounts WHERE username LIKE 'name%'`);
  const { taken, url } = await addHook();
  writeFileSync(
    join(home, 'config.toml'),
    `[channels.hook]\ntype = "webhook"\nurl = "${url}"\nsecret = "${server?.secret}"\nallow_private = true
[channels.team]\ntype = "slack"\nurl = "${url}"\nallow_private = true\n`,
    { mode: 0o600 },
  );
  await cli('alerts', 'add', 'stale', '--to', 'hook', 'team');
  const { data } = await json(['alerts', 'check'], later(9));
  expect(data).toMatchObject({ sent: 13, unsent: [{ channel: 'team', next_attempt_at: null }] });
  expect((data as unknown as { events: unknown[] }).events).toHaveLength(13);
  expect(taken).toHaveLength(13);
  // Slack signs nothing, so the receiver refused that one message.
  expect(server?.forged).toBe(1);
});

test('a test message reaches a channel, and a failure says what to do', async () => {
  const { taken } = await addHook();
  const { code, stderr } = await cli('alerts', 'test', '--to', 'hook');
  expect([code, stderr]).toEqual([0, 'hook took the message\n']);
  expect(taken[0]?.body.type).toBe('alert.test');
  await server?.close();
  const down = await cli('alerts', 'test', '--to', 'hook');
  expect(down.code).toBe(6);
  expect(down.stderr).toMatch(/hook was not reached/);
  expect(down.stderr).not.toContain('of-nobody');
});

test('a scheduled fetch checks the rules and leaves a word in its log; others do not', async () => {
  const { taken } = await addHook();
  await cli('alerts', 'add', 'stale', '--to', 'hook');
  execute("UPDATE social_media_analytics_snapshots SET snapshot_date = '2026-11-01'");
  execute('UPDATE social_media_accounts SET is_active = 1');
  await runCli(['fetch', '--dry-run'], { home });
  expect(taken).toHaveLength(0);
  // No key, no answer: the fetch fails, and the accounts' numbers are old.
  execute("UPDATE social_media_analytics_snapshots SET provider_name = 'tiktok-api23'");
  const { code } = await runCli(['fetch', '--scheduled', 'daily'], { home });
  expect(code).not.toBe(0);
  expect(taken.map(({ body }) => body.type)).toEqual(['alert.stale']);
  // Nobody has seen it on a terminal yet.
  expect((await cli('alerts', 'check', '--exit-code')).code).toBe(10);
  expect((await cli('alerts', 'check', '--exit-code')).code).toBe(0);
  expect(taken).toHaveLength(1);
});

test('a rule tells how often it would have fired', async () => {
  await cli('alerts', 'add', 'anomaly');
  await cli('alerts', 'add', 'failed-fetch');
  const { code, data } = await json(['alerts', 'test', '1', '--days', '90']);
  expect([code, data]).toEqual([0, { rule_id: 1, days: 90, fired: [], cooling: 0 }]);
  expect((await cli('alerts', 'test', '2')).stderr).toMatch(/not kept by day/);
});

test('a rule of a newer version is left out and said, and the others are asked', async () => {
  await cli('alerts', 'add', 'stale');
  execute("INSERT INTO alert_rules (kind, cooldown_days) VALUES ('moonphase', 1)");
  const { code, stderr, stdout } = await runCli(['alerts', 'check'], { home, ...later(9) });
  expect(code).toBe(0);
  expect(stderr).toContain('rule 2 was left out: this version knows no kind "moonphase"');
  expect(stdout).toContain('stale');
  const dry = await runCli(['alerts', 'check', '--dry-run'], { home, ...later(20) });
  expect(dry.code).toBe(0);
  expect(dry.stderr).toContain('rule 2 was left out');
  expect((await cli('alerts', 'list')).stdout).toContain('moonphase');
});

test('a rule of a paused account says that it is silent', async () => {
  await cli('accounts', 'pause', 'tiktok', 'isaiah_dupree');
  const { code, stderr } = await cli('alerts', 'add', 'stale', '--account', 'tiktok:isaiah_dupree');
  expect(code).toBe(0);
  expect(stderr).toContain('the account is paused, so the rule is silent until');
});
