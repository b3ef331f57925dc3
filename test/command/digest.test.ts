import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';
import { seedAccount, seedDay } from '../helper/temp-store.ts';
import { seedHistory } from '../query/history.ts';

/** A home with the small history whose answers can be worked out on paper. */
async function makeFilledHome(): Promise<string> {
  const home = makeHome();
  const store = await openStore({ database: join(home, 'smstats.db'), create: true, appVersion: '0' });
  await seedHistory(store);
  await store.close();
  return home;
}

test('the week of a history, in Markdown', async () => {
  const home = await makeFilledHome();
  const { stdout, code } = await runCli(['digest', '--weekly', '--account', 'tiktok:anna'], { home });
  expect(code).toBe(0);
  // From the 15th to the 22nd: 900 views, of which 850 came with a post that was only found; followers are known on one day.
  expect(stdout).toContain('# The week of tiktok @anna: 16 to 22 November 2026');
  expect(stdout).toContain('**@anna gained 50 views, and published 1 post.**');
  expect(stdout).toContain('| @anna | tiktok | 121 | — | — | — | +50 | +500 | +1 | +5 | 1 of 7 |');
  expect(stdout).toContain('| @anna | tiktok | 1 | 0 | 700 | 7 | — | 1.00 % | views (7 / 700) |');
  expect(stdout).toContain('| new one \\#diy | @anna | 2026-11-20 | +700 | +7 | 2026-11-15 | 2026-11-22 |');
  expect(stdout).toContain('followers are known on 1 of 7 days');
});

test('says that a filter fits no active account', async () => {
  const home = await makeFilledHome();
  const { stdout, code } = await runCli(['digest', '--brand', 'nobody'], { home });
  expect(code).toBe(0);
  expect(stdout).toBe(
    '# The week of nobody: 16 to 22 November 2026\n\nNo active account fits that. Which ones there are: smstats accounts list\n',
  );
});

test('--json prints the same as data', async () => {
  const home = await makeFilledHome();
  const { stdout, code } = await runCli(['digest', '--json', '--until', '2026-11-21'], { home });
  const { command, data } = JSON.parse(stdout);
  expect([code, command]).toEqual([0, 'digest']);
  expect(data).toMatchObject({
    kind: 'week',
    period: { first: '2026-11-15', last: '2026-11-21', days: 7 },
    before: { first: '2026-11-08', last: '2026-11-14' },
  });
  expect(data.competitors.map(({ username }: { username: string }) => username)).toEqual(['bert']);
  expect(data.totals.likes).toMatchObject({ sum: 5, known: 1 });
});

test('ends yesterday while today has no numbers, and takes a month that is over', async () => {
  const home = await makeFilledHome();
  const periodOf = async (now: string, ...flags: string[]) => {
    const { stdout } = await runCli(['digest', '--json', ...flags], { home, now: new Date(now) });
    return JSON.parse(stdout).data.period;
  };
  expect(await periodOf('2026-11-22T10:00:00Z')).toMatchObject({ last: '2026-11-22' });
  expect(await periodOf('2026-11-23T10:00:00Z')).toMatchObject({ first: '2026-11-16', last: '2026-11-22' });
  expect(await periodOf('2026-11-23T23:30:00Z', '--timezone', 'Europe/Berlin')).toMatchObject({ last: '2026-11-23' });
  expect(await periodOf('2026-11-23T10:00:00Z', '--monthly')).toMatchObject({
    first: '2026-10-01',
    last: '2026-10-31',
  });
});

test('an empty database says what to do next', async () => {
  const home = makeHome();
  const store = await openStore({ database: join(home, 'smstats.db'), create: true, appVersion: '0' });
  await store.close();
  for (const flags of [[], ['-o', join(home, 'd.html')]]) {
    const { code, stdout } = await runCli(['digest', ...flags], { home });
    expect(code).toBe(0);
    const text = flags.length > 0 ? readFileSync(join(home, 'd.html'), 'utf8') : stdout;
    expect(text).toContain('smstats fetch tiktok some.creator');
  }
});

test('writes a file for its owner alone, and replaces it only with --force', async () => {
  const home = await makeFilledHome();
  const file = join(home, 'week.html');
  const write = (...flags: string[]) => runCli(['digest', '-o', file, ...flags], { home });
  const { code, stdout } = await write();
  expect([code, stdout]).toEqual([0, expect.stringContaining('week.html')]);
  expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  writeFileSync(file, 'mine');
  const again = await write();
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('--force')]);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(await write('--force', '--json')).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8')).toContain('The week: 16 to 22 November 2026');
  await runCli(['digest', '-o', join(home, 'week.md')], { home });
  expect(readFileSync(join(home, 'week.md'), 'utf8')).toMatch(/^# The week/);
});

test('refuses what cannot be, before it asks for anything', async () => {
  const home = await makeFilledHome();
  mkdirSync(join(home, 'folder.html'));
  const refused: [string[], RegExp][] = [
    [['--until', '2026-11-23'], /is in the future: today is 2026-11-22/],
    [['--until', '2026-13-01'], /must be a day such as/],
    [['--weekly', '--monthly'], /choose one/],
    [['-o', join(home, 'week.pdf')], /\.md or \.html/],
    [['-o', join(home, 'folder.html')], /is a directory/],
    [['--format', 'csv'], /no table/],
    [['--to', 'nobody'], /There is no channel "nobody"/],
  ];
  for (const [flags, message] of refused) {
    const { code, stdout, stderr } = await runCli(['digest', ...flags], { home });
    expect([code, stdout], flags.join(' ')).toEqual([2, '']);
    expect(stderr, flags.join(' ')).toMatch(message);
  }
});

test('says that a place cannot be written', async () => {
  const home = await makeFilledHome();
  writeFileSync(join(home, 'plain'), '');
  const file = join(home, 'plain', 'week.html');
  const { code, stderr } = await runCli(['digest', '-o', file], { home });
  expect([code, stderr]).toEqual([2, expect.stringContaining('cannot be written')]);
  expect(existsSync(file)).toBe(false);
});

/** A mail server on this machine that keeps what it gets. */
async function openMailServer(): Promise<{ port: number; mails: string[] }> {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData: (stream, _, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

async function makeMailHome(port: number): Promise<string> {
  const home = await makeFilledHome();
  const settings = {
    'mail.host': '127.0.0.1',
    'mail.port': String(port),
    'mail.security': 'none',
    'mail.from': 'stats@example.org',
    'channels.client.type': 'email',
    'channels.client.to': 'client@example.org',
    'channels.team.type': 'slack',
    'channels.team.url': 'https://hooks.slack.com/services/x',
  };
  for (const [key, value] of Object.entries(settings)) {
    const { code, stderr } = await runCli(['config', 'set', key, value], { home });
    if (code !== 0) {
      // What is secret is not taken from the command line.
      expect((await runCli(['config', 'set', key], { home, stdin: `${value}\n` })).code, stderr).toBe(0);
    }
  }
  return home;
}

const lookUp = () => Promise.resolve(['127.0.0.1']);

test('goes out by mail as text, as tables and whole as a file', async () => {
  const { port, mails } = await openMailServer();
  const home = await makeMailHome(port);
  const { code, stdout, stderr } = await runCli(['digest', '--to', 'client'], { home, http: { lookUp } });
  expect([code, stdout, stderr]).toEqual([0, '', expect.stringContaining('client took the digest')]);
  expect(mails).toHaveLength(1);
  const [mail = ''] = mails;
  expect(mail).toMatch(/^Subject: The week: 16 to 22 November 2026/m);
  expect(mail).toMatch(/^To: client@example\.org/m);
  expect(mail).toContain('Content-Type: text/plain');
  expect(mail).toContain('Content-Type: text/html');
  expect(mail).toMatch(/filename="?digest-2026-11-22\.html/);
  // The same digest again is the same mail.
  await runCli(['digest', '--to', 'client'], { home, http: { lookUp } });
  const idOf = (text = '') => /^Message-ID: (.+)$/im.exec(text)?.[1];
  expect(idOf(mails[1])).toBe(idOf(mail));
});

test('a channel that is no mail is refused, and a server that is down is said', async () => {
  const home = await makeMailHome(1);
  const slack = await runCli(['digest', '--to', 'team'], { home, http: { lookUp } });
  expect([slack.code, slack.stderr]).toEqual([2, expect.stringContaining('team is a channel of type slack')]);
  const down = await runCli(['digest', '--to', 'client'], { home, http: { lookUp } });
  expect([down.code, down.stderr]).toEqual([6, expect.stringContaining('client was not reached')]);
});

test('a secret in what a provider said is not passed on', async () => {
  const home = makeHome();
  const store = await openStore({ database: join(home, 'smstats.db'), create: true, appVersion: '0' });
  const id = await seedAccount(store, 'anna');
  await seedDay(store, id, '2026-11-22', { followers_count: 1 });
  await store.db
    .insertInto('analytics_fetch_jobs')
    .values({ account_id: id, status: 'failed', date: '2026-11-20', error_message: 'refused key canary-5d1f0a' })
    .execute();
  await store.close();
  chmodSync(home, 0o700);
  const env = { RAPIDAPI_KEY: 'canary-5d1f0a' };
  for (const flags of [[], ['--json']]) {
    const { stdout } = await runCli(['digest', ...flags], { home, env });
    expect(stdout).toContain('refused key');
    expect(stdout).not.toContain('canary-5d1f0a');
  }
});
