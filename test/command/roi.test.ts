import { describe, expect, test } from 'vitest';
import { queryRows } from '../helper/query-database.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';

const CHECK = [
  '--cost',
  '5000',
  '--revenue',
  '25000',
  '--conversions',
  '150',
  '--impressions',
  '500000',
  '--reach',
  '150000',
];
const dataOf = (stdout: string) => (JSON.parse(stdout) as { data: Record<string, unknown> }).data;
const spring = (...flags: string[]) => ['roi', '--campaign', 'spring', ...flags];

test('the check numbers of the contract are printed as it prints them', async () => {
  const home = makeHome();
  const { code, stdout } = await runCli(spring(...CHECK, '--json'), { home });
  expect(code).toBe(0);
  expect(dataOf(stdout)).toMatchObject({
    campaign_id: 'spring',
    roi: 400,
    roas: 5,
    conversion_rate: 0.03,
    cost_per_conversion: 33.33,
    cost_per_reach: 0.0333,
    cpm: 10,
    cost_per_engagement: null,
    reasons: { cost_per_engagement: 'engagement is not known' },
    currency: null,
    is_stored: true,
  });
  const table = await runCli(spring('--currency', 'eur'), { home });
  expect(table.stdout).toContain('spring: every platform, EUR');
  for (const line of [
    /^ROI +400\.00 % +\(revenue - cost\) \/ cost x 100/m,
    /^Cost per conversion +33\.33 /m,
    /^Cost per reach +0\.0333 /m,
    /engagement is not known$/m,
  ])
    expect(table.stdout).toMatch(line);
});

test.each([
  ['0', '5', 'cost is 0'],
  ['0', '0', 'cost is 0'],
])('a cost of %s and a revenue of %s: no rate, and why', async (cost, revenue, reason) => {
  const { code, stdout } = await runCli(spring('--cost', cost, '--revenue', revenue, '--json'), { home: makeHome() });
  expect(code).toBe(0);
  expect(dataOf(stdout)).toMatchObject({ roi: null, roas: null, reasons: { roi: reason, roas: reason } });
});

test.each([['1,000'], ['1.000,50'], ['-5'], ['1e308'], ['NaN'], ['Infinity'], [''], ['five']])(
  'a cost of "%s" is refused, and nothing is made',
  async (cost) => {
    const home = makeHome();
    const { code, stderr } = await runCli(spring(`--cost=${cost}`), { home });
    expect(code).toBe(2);
    expect(stderr).toContain('cost must be an amount, 0 or more');
    expect(await runCli(['roi', 'list'], { home })).toMatchObject({ code: 2 });
  },
);

test('--dry-run works it out and keeps nothing, also without a database', async () => {
  const home = makeHome();
  const first = await runCli(spring(...CHECK, '--dry-run', '--json'), { home });
  expect(first.code).toBe(0);
  expect(dataOf(first.stdout)).toMatchObject({ roi: 400, is_stored: false });
  expect(await runCli(['roi', 'list'], { home })).toMatchObject({ code: 2 });
  await runCli(spring('--cost', '100'), { home });
  const second = await runCli(spring('--revenue', '150', '--dry-run', '--json'), { home });
  expect(dataOf(second.stdout)).toMatchObject({ roi: 50, cost: 100 });
  expect(second.stderr).toBe('');
  expect(queryRows(home, 'SELECT revenue_generated FROM campaign_social_metrics')).toEqual([[null]]);
  expect(queryRows(home, 'SELECT count(*) FROM audit_log')).toEqual([[1]]);
});

test('--dry-run of an account or a video needs the database that knows it', async () => {
  const home = makeHome();
  const account = spring('--cost', '1', '--dry-run', '--account', 'tiktok:nosuch');
  const video = spring('--cost', '1', '--dry-run', '--video', 'nosuch');
  for (const argv of [account, video]) {
    const { code, stdout, stderr } = await runCli(argv, { home });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('There is no database');
  }
  expect(await runCli([...account, '--create'], { home })).toMatchObject({ code: 0 });
  await runCli(['accounts', 'add', 'tiktok', 'anna'], { home });
  const refused = await runCli(account, { home });
  expect(refused).toMatchObject({ code: 7, stderr: expect.stringContaining('tiktok @nosuch is not tracked') });
  expect(await runCli(video, { home })).toMatchObject({ code: 7 });
  expect(queryRows(home, 'SELECT count(*) FROM campaign_social_metrics')).toEqual([[0]]);
});

test('a currency that is said later tells which amounts it is for now', async () => {
  const home = makeHome();
  await runCli(spring('--cost', '5'), { home });
  const named = await runCli(spring('--revenue', '9', '--currency', 'EUR', '--json'), { home });
  expect(named.stderr).toBe('cost 5 now counts as EUR\n');
  expect((await runCli(spring('--currency', 'EUR'), { home })).stderr).toBe('');
  await runCli(['roi', '--campaign', 'autumn', '--cost', '1', '--revenue', '2'], { home });
  const recorded = await runCli(['record', 'campaign', '--campaign', 'autumn', '--currency', 'USD'], { home });
  expect(recorded.stderr).toContain('autumn: cost 1 now counts as USD\nautumn: revenue 2 now counts as USD\n');
  // Given again together with the currency, it is no news.
  await runCli(['roi', '--campaign', 'may', '--cost', '1'], { home });
  expect((await runCli(['roi', '--campaign', 'may', '--cost', '1', '--currency', 'EUR'], { home })).stderr).toBe('');
});

test('a currency that is not known is empty in CSV and a dash in a table', async () => {
  const home = makeHome();
  await runCli(spring('--cost', '5'), { home });
  await runCli(['roi', '--campaign', 'autumn', '--cost', '7'], { home });
  const commands = [
    ['roi', 'list'],
    ['roi', 'report'],
    ['roi', 'report', '--by', 'video'],
    ['report', 'campaigns'],
  ];
  for (const command of commands) {
    for (const format of ['csv', 'table', 'json'])
      expect((await runCli([...command, '--format', format], { home })).stdout).not.toContain('no currency');
  }
  expect((await runCli(['roi', 'report', '--format', 'csv'], { home })).stdout).toMatch(/^"autumn","7",,,/m);
  const report = await runCli(['roi', 'report'], { home });
  expect(report.stdout).toMatch(/^autumn +7\.00 +— +— /m);
  expect(report.stderr).toBe(
    'amounts without a currency are not added up: autumn, spring; say theirs: smstats roi --campaign <id> --currency <code>\n',
  );
});

test('report says how many posts have no known views', async () => {
  const home = makeHome();
  await runCli(['accounts', 'add', 'tiktok', 'anna'], { home });
  for (const id of ['1', '2']) {
    await runCli(['content', 'add', `v${id}`, '--title', `Video ${id}`], { home });
    const post = ['--account', 'tiktok:anna', '--post', id, '--posted-at', '2026-11-20T10:00:00Z', '--likes', '1'];
    expect(await runCli(['record', 'content', ...post], { home })).toMatchObject({ code: 0 });
    expect(await runCli(['map', id, '--video', `v${id}`], { home })).toMatchObject({ code: 0 });
  }
  await runCli(spring('--cost', '100', '--currency', 'EUR'), { home });
  const equally = await runCli(['roi', 'report', '--by', 'video'], { home });
  expect(equally.stdout).toMatch(/^Video 1 +50\.00 /m);
  expect(equally.stderr).toBe('spring: the views of none of its 2 posts are known; it is spread equally\n');
  await runCli(['record', 'content', '--account', 'tiktok:anna', '--post', '1', '--views', '1'], { home });
  const { stdout, stderr } = await runCli(['roi', 'report', '--by', 'video'], { home });
  expect(stdout).toMatch(/^Video 1 +100\.00 /m);
  expect(stdout).toMatch(/^Video 2 +— +— +EUR +— /m);
  expect(stderr).toBe('spring: the views of 1 of its 2 posts are not known; it is spread over the others\n');
});

test('the configured currency is that of amounts, until another is said', async () => {
  const home = makeHome();
  expect(await runCli(['config', 'set', 'currency', 'euro'], { home })).toMatchObject({ code: 2 });
  expect(await runCli(['config', 'set', 'currency', 'EUR'], { home })).toMatchObject({ code: 0 });
  await runCli(spring('--cost', '1', '--revenue', '2'), { home });
  expect(queryRows(home, 'SELECT currency FROM campaign_social_metrics')).toEqual([['EUR']]);
  const refused = await runCli(spring('--cost', '3', '--currency', 'USD'), { home });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('The revenue of spring is stored in EUR; it cannot become USD by itself.');
  expect(refused.stderr).toContain('--currency EUR');
});

test('a second row of a campaign is remarked on', async () => {
  const home = makeHome();
  await runCli(['accounts', 'add', 'tiktok', 'anna'], { home });
  await runCli(spring('--cost', '1'), { home });
  const { stderr, stdout } = await runCli(spring('--cost', '1', '--account', 'tiktok:anna'), { home });
  expect(stdout).toContain('spring: tiktok, @anna, no currency');
  expect(stderr).toContain('spring has 2 rows now');
});

test('list, report and remove', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  expect((await runCli(['roi', 'list'], { home })).stdout).toContain('no campaign yet');
  expect((await runCli(['roi', 'report'], { home })).stdout).toContain('no campaign;');
  await runCli(spring(...CHECK, '--currency', 'EUR'), { home });
  await runCli(['roi', '--campaign', 'autumn', '--cost', '10'], { home });
  const list = await runCli(['roi', 'list'], { home });
  expect(list.stdout).toMatch(/^spring .* 5,000\.00 +25,000\.00 +EUR +400\.00 % +5\.00 +150$/m);
  expect(list.stdout).toMatch(/^autumn .* 10\.00 +— +— +— +— +—$/m);
  const report = await runCli(['roi', 'report', '--by', 'video'], { home });
  expect(report.stdout).toMatch(/^not attributed +5,000\.00 +25,000\.00 +EUR/m);
  expect(report.stdout).toMatch(/^spring .* no video is confirmed for 36 of its 36 posts$/m);
  expect(report.stderr).toContain('these are sample numbers');
  expect(report.stderr).toContain('different currencies');
  const campaigns = await runCli(['report', 'campaigns', '--json'], { home });
  expect(dataOf(campaigns.stdout)).toMatchObject([
    { campaign_id: 'autumn', currency: null, reasons: { roi: 'revenue is not known' } },
    { campaign_id: 'spring', currency: 'EUR', roi: 400, cost_per_conversion: 5000 / 150 },
  ]);
  expect(await runCli(['roi', 'remove', 'spring'], { home })).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('spring is gone, with 1 row'),
  });
  expect(await runCli(['roi', 'remove', 'spring'], { home })).toMatchObject({ code: 7 });
  expect(
    queryRows(home, "SELECT json_extract(before_json, '$.cost'), after_json FROM audit_log WHERE action = 'remove'"),
  ).toEqual([[5000, null]]);
});

describe('record campaign does what roi does', () => {
  test('by flags and from a file', async () => {
    const home = makeHome();
    const { code } = await runCli(['record', 'campaign', '--campaign', 'spring', ...CHECK], { home });
    expect(code).toBe(0);
    const stdin =
      'campaign_id,cost,revenue_generated,currency,start_date\nautumn,10.5,21,eur,2026-11-01\nspring,,30000,,\n';
    expect(await runCli(['record', 'campaign', '--from', '-'], { home, stdin })).toMatchObject({ code: 0 });
    expect(
      queryRows(home, 'SELECT campaign_id, cost, revenue_generated, roi, currency FROM campaign_social_metrics'),
    ).toEqual([
      ['spring', 5000, 30_000, 500, null],
      ['autumn', 10.5, 21, 100, 'EUR'],
    ]);
  });
});
