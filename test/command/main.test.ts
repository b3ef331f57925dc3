import { expect, test } from 'vitest';
import { makeHome, runCli } from '../helper/run-cli.ts';

test.each([
  [['reprot'], 'There is no command "smstats reprot".', 'did you mean: smstats report'],
  [['report', 'pots'], 'There is no command "smstats report pots".', 'did you mean: smstats report posts'],
  [
    ['accounts', 'ad', 'tiktok', 'x'],
    'There is no command "smstats accounts ad".',
    'did you mean: smstats accounts add',
  ],
  [['fetch', 'tictok', 'x'], '"tictok" is not a platform smstats knows. Did you mean "tiktok"?', 'platforms:'],
  [['fetch', 'tiktok', 'two words'], 'it contains a space', 'give the handle as the platform shows it'],
  [['fetch', 'tiktok', ''], 'it is empty', 'give the handle'],
  [['fetch', 'tiktok', 'x'.repeat(300)], 'it is longer than 100 characters', 'give the handle'],
  [['fetch', 'tiktok', 'a\u001b[31mb'], 'it may hold letters, digits', 'give the handle'],
  [
    ['fetch', 'tiktok', 'https://www.instagram.com/someone/'],
    'is a instagram URL, not a tiktok account',
    'smstats fetch instagram someone',
  ],
  [['fetch', 'tiktok', 'x', '--posts', '0'], '--posts must be a whole number from 1 to 10000, not "0"', ''],
  [
    ['fetch', 'tiktok', 'x', '--provider', 'tiktok-scraper8'],
    'There is no provider "tiktok-scraper8".',
    'did you mean tiktok-scraper7?',
  ],
  [['report', '--format', 'jsno'], 'There is no format "jsno".', 'did you mean json?'],
  [['report', 'posts', '--since', '2026-02-31'], '--since must be a day such as 2026-01-31', ''],
  [['report', '--timezone', 'Mars/Olympus'], '--timezone: timezone must be an IANA time zone', ''],
  [['fetch', '--unknown'], "Unknown option '--unknown'.", 'smstats help fetch'],
  [['help', 'exit-code'], 'There is no command "exit-code".', 'did you mean: smstats help exit-codes'],
])('%j is exit 2 with one clear line and the next step', async (argv, message, hint) => {
  const { code, stdout, stderr } = await runCli(argv, { home: makeHome() });
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
  expect(stderr).not.toMatch(/^\s+at /m);
  // oxlint-disable-next-line no-control-regex -- what a person typed is printed safely, too
  expect(stderr).not.toMatch(/\u001b/);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('help, version and the exit codes are printed on stdout', async () => {
  const home = makeHome();
  expect(await runCli(['--version'], { home })).toMatchObject({ code: 0, stdout: '0.0.0-test\n' });
  expect((await runCli([], { home })).stdout).toContain('Usage: smstats <command>');
  expect((await runCli(['help', 'fetch'], { home })).stdout).toContain('--if-due');
  expect((await runCli(['help', 'exit-codes'], { home })).stdout).toMatch(/3 +partial: some accounts failed/);
});

test('completion knows commands, subcommands, flags, choices, platforms and accounts', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const complete = async (...words: string[]) =>
    (await runCli(['complete', '--', ...words], { home })).stdout.split('\n').filter(Boolean);
  expect(await complete('re')).toEqual(['record', 'report', 'restore']);
  expect(await complete('report', 'po')).toEqual(['posts']);
  expect(await complete('export', 'po')).toEqual(['posts', 'post-metrics']);
  expect(await complete('fetch', '--if')).toEqual(['--if-due']);
  expect(await complete('report', 'posts', '--sort', 's')).toEqual(['shares', 'saves']);
  expect(await complete('fetch', 'tik')).toEqual(['tiktok']);
  expect(await complete('fetch', 'tiktok', '')).toContain('isaiah_dupree');
  expect(await complete('report', '--account', 'tik')).toEqual(['tiktok:isaiah_dupree']);
  expect(await complete('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
  for (const shell of ['bash', 'zsh', 'fish']) {
    expect((await runCli(['completion', shell], { home })).stdout).toContain('smstats complete --');
  }
});

test('doctor passes on the sample and fails on a damaged configuration', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const { code, stdout } = await runCli(['doctor'], { home });
  expect(code).toBe(0);
  expect(stdout).toMatch(/ok +database .*schema \d+.*integrity ok/);
  const broken = await runCli(['doctor'], { home, env: { SMSTATS_TIMEZONE: 'Mars/Olympus' } });
  expect(broken.code).toBe(1);
  expect(broken.stdout).toMatch(/failed +configuration +SMSTATS_TIMEZONE: timezone must be/);
});

test('a provider is tried without storing the account', async () => {
  const home = makeHome();
  await runCli(['init', '--yes'], { home });
  const { code, stdout } = await runCli(['providers', 'test', 'sample', 'isaiah_dupree'], { home });
  expect(code).toBe(0);
  expect(stdout).toMatch(/sample works[\s\S]*Followers +1,482[\s\S]*Posts listed +35/);
  const { stdout: listed } = await runCli(['accounts', '--json'], { home });
  expect((JSON.parse(listed) as { data: unknown[] }).data).toEqual([]);
});
