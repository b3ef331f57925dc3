import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import { loadScheduler } from '../../src/schedule/index.ts';
import { locateInstallation } from '../../src/schedule/installation.ts';
import { installedPath, renderInstalled, saveHeartbeat } from '../../src/schedule/record.ts';
import { parseTimeOfDay } from '../../src/schedule/times.ts';
import { NOW, runCli } from '../helper/run-cli.ts';
import { runSql, seedAccount, seedDay } from '../helper/temp-store.ts';
import { openBoard } from './board.ts';

const TODAY = '2026-11-22';

test('accounts: text for ids, null for what is not known, nothing of a database without accounts', async () => {
  const board = await openBoard();
  expect((await board.send('accounts')).body).toEqual({ success: true, data: { days: 30, accounts: [] } });
  const anna = await seedAccount(board.store, 'anna', { is_competitor: 1 });
  await seedAccount(board.store, 'new');
  await seedDay(board.store, anna, TODAY, { followers_count: 0, provider_name: 'sample' });

  const { body } = await board.send('accounts?days=7');

  expect(body.data.accounts[0]).toMatchObject({
    account_id: String(anna),
    platform: 'tiktok',
    brand: 'anna',
    is_active: true,
    is_competitor: true,
    is_sample: true,
    followers_count: 0,
    total_views: null,
    followers_series: [null, null, null, null, null, null, 0],
    profile_url: 'https://www.tiktok.com/@anna',
    followers_change: { change: null, rate: null, reason: 'one day alone is known' },
    failing: null,
  });
  expect(body.data.accounts[1]).toMatchObject({
    last_snapshot_date: null,
    followers_count: null,
    followers_series: [],
  });
});

test('accounts: the cost does not grow by a query an account', async () => {
  const board = await openBoard();
  for (let i = 0; i < 60; i++) {
    const id = await seedAccount(board.store, `user${i}`);
    for (let day = 0; day < 3; day++) {
      await seedDay(board.store, id, addDays(TODAY, -day - (i % 4)), { followers_count: i });
    }
  }
  let queries = 0;
  const executor = board.store.db.getExecutor();
  const execute = executor.executeQuery.bind(executor);
  executor.executeQuery = ((...args: Parameters<typeof execute>) => {
    queries++;
    return execute(...args);
  }) as typeof execute;

  expect((await board.send('accounts')).body.data.accounts).toHaveLength(60);
  expect(queries).toBeLessThanOrEqual(5);
});

test('series: a row a day for the window and the one before, or nulls where nothing is known', async () => {
  const board = await openBoard();
  const anna = await seedAccount(board.store, 'anna');
  const empty = await seedAccount(board.store, 'empty');
  for (const [i, followers] of [100, 110, 130, 160].entries()) {
    await seedDay(board.store, anna, addDays(TODAY, i - 3), { followers_count: followers });
  }

  const { body } = await board.send(`series?account_id=${anna}&days=2`);

  expect(body.data).toMatchObject({ account_id: String(anna), days: 2, is_sample: false });
  expect(body.data.now.rows.map((row: Record<string, unknown>) => row['followers_gain'])).toEqual([20, 30]);
  expect(body.data.before.rows.map((row: Record<string, unknown>) => row['followers_gain'])).toEqual([null, 10]);
  expect(body.data.now.growth.followers_count).toMatchObject({ change: 50, coverage: 100 });
  expect((await board.send(`series?account_id=${empty}`)).body.data).toMatchObject({ now: null, before: null });
  expect(await board.send('series?account_id=999999999999')).toMatchObject({
    status: 404,
    body: { success: false, error: 'not_found' },
  });
});

test.each([
  'series',
  'series?account_id=1%20or%201',
  'series?account_id=-1',
  'series?account_id=1&days=0',
  'series?account_id=1&days=1e9',
  'accounts?days=abc',
  'accounts?days=9999999999',
  'mapping?limit=501',
  'alerts?days=',
  'schedule?days=0.5',
])('%s is refused', async (path) => {
  const { send } = await openBoard();
  const { status, body } = await send(path);
  expect(status).toBe(400);
  expect(body).toMatchObject({ success: false, error: 'bad_request' });
  expect(body.message).toMatch(/account_id|days|limit/);
});

test('schedule: nothing installed, and what failed', async () => {
  const board = await openBoard();
  const anna = await seedAccount(board.store, 'anna', { created_at: '2026-11-01T00:00:00.000Z' });
  await runSql(board.store, "UPDATE social_media_accounts SET updated_at = '2026-11-01T00:00:00.000Z'");
  await runSql(
    board.store,
    `INSERT INTO analytics_fetch_jobs (account_id, status, date, completed_at, error_message)
     VALUES (${anna}, 'failed', '${TODAY}', '${TODAY}T03:00:00.000Z', 'the provider is down')`,
  );

  const { body } = await board.send('schedule');

  expect(body.data).toMatchObject({
    is_installed: false,
    system: null,
    next_run: null,
    last_run: null,
    last_success_at: null,
    overdue_hours: 26,
    problems: ['No schedule is installed.'],
  });
  expect(body.data.accounts).toMatchObject([
    { platform: 'tiktok', username: 'anna', last_error: 'the provider is down', is_overdue: true },
  ]);
  expect(body.data.failures).toMatchObject([{ username: 'anna', date: TODAY, error_message: 'the provider is down' }]);
});

test('schedule: says what is wrong without a path of this machine', async () => {
  const board = await openBoard();
  const status = await runCli(['install-schedule', '--status', '--json'], { home: board.home });
  const { log } = (JSON.parse(status.stdout) as { data: { log: string } }).data;
  mkdirSync(dirname(log), { recursive: true });
  saveHeartbeat(dirname(log), {
    started_at: '2026-11-22T03:00:00.000Z',
    ended_at: '2026-11-22T03:00:05.000Z',
    exit_code: 5,
    message: `cannot open ${board.home}/smstats.db`,
    pid: 1,
    node: 'v22',
  });

  const { body } = await board.send('schedule');

  expect(body.data.last_run).toEqual({
    started_at: '2026-11-22T03:00:00.000Z',
    ended_at: '2026-11-22T03:00:05.000Z',
    state: 'ended',
    exit_code: 5,
    meaning: 'quota spent or rate limit reached',
  });
  expect(JSON.stringify(body)).not.toContain(board.home);
});

test('schedule: what is installed, its next run, and that it was changed since', async () => {
  const { context, machine, setCrontab, send } = await openBoard();
  const {
    id,
    directory,
    machine: whole,
  } = locateInstallation({ ...context, machine }, context.env['SMSTATS_HOME'] as string);
  const argv = ['/usr/bin/node', '/opt/smstats/bin/smstats.js', 'fetch', '--if-due', '--scheduled', id];
  const times = parseTimeOfDay('03:00', false);
  const found = await (await loadScheduler('crontab')).look(whole, id, directory);
  const { steps } = found.planInstall({ id, argv, times, directory });
  const input = steps.flatMap((step) => (step.do === 'run' && step.input ? [step.input.toString()] : []));
  mkdirSync(directory, { recursive: true });
  const installed = { system: 'crontab', expression: times.expression, argv, installed_at: NOW.toISOString() } as const;
  writeFileSync(installedPath(directory), renderInstalled(installed));

  // Whether a cron runs is a matter of the machine that the test runs on.
  const ask = async () => {
    const { data } = (await send('schedule')).body;
    const problems = (data.problems as string[]).filter((problem) => !problem.includes('does not run it'));
    return { ...data, problems };
  };
  setCrontab(input[0] ?? '');
  expect(await ask()).toMatchObject({
    is_installed: true,
    system: 'crontab',
    expression: '0 3 * * *',
    words: 'At 03:00',
    next_run: expect.stringMatching(/^2026-11-2[23]T/),
    problems: [],
  });

  setCrontab((input[0] ?? '').replace('0 3', '5 4'));
  expect((await ask()).problems).toEqual(['The schedule was changed since it was installed.']);
  setCrontab('# mine\n');
  expect(await ask()).toMatchObject({
    is_installed: false,
    next_run: null,
    problems: ['The schedule is not where it was installed any more.'],
  });
});

test('alerts: what fired in these days, with who was told', async () => {
  const board = await openBoard();
  const anna = await seedAccount(board.store, 'anna');
  await runSql(board.store, "INSERT INTO alert_rules (id, kind, cooldown_days) VALUES (1, 'spike', 1)");
  const details = JSON.stringify({
    facts: [{ label: 'n', value: '3' }],
    doubts: [],
    url: 'data:text/html,x',
    values: {},
  });
  for (const [key, fired] of [
    ['a', '2026-11-21T03:00:00.000Z'],
    ['b', '2026-01-01T03:00:00.000Z'],
  ]) {
    await runSql(
      board.store,
      `INSERT INTO alert_events (rule_id, account_id, subject, event_key, date, title, details, fired_at)
       VALUES (1, ${anna}, 's', '${key}', '${TODAY}', 'Views rose', '${details}', '${fired}')`,
    );
  }

  const { body } = await board.send('alerts?days=30');

  expect(body.data.events).toMatchObject([
    { kind: 'spike', username: 'anna', title: 'Views rose', url: null, facts: [{ label: 'n', value: '3' }] },
  ]);
  expect((await board.send('alerts?days=365')).body.data.events).toHaveLength(2);
  expect((await board.send('alerts?days=365&limit=1')).body.data.events).toHaveLength(1);
});

test('what the routes answer stands in the API document', async () => {
  const { app } = await openBoard();
  const document = (await (await app.request('/openapi.json')).json()) as {
    paths: Record<string, { post?: { responses: object } }>;
  };
  for (const name of ['accounts', 'series', 'mapping', 'schedule', 'alerts'])
    expect(document.paths).toHaveProperty([`/api/social-media/${name}`]);
  expect(document.paths['/api/social-media/mapping']?.post?.responses).toHaveProperty('409');
});
