import { expect, test } from 'vitest';
import { queryRows } from '../helper/query-database.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';

test('an account is added once, in its normal form, and listed', async () => {
  const home = makeHome();
  await runCli(['accounts', 'add', 'TikTok', '@Some.Creator', '--competitor'], { home });
  const again = await runCli(['accounts', 'add', 'tiktok', 'https://www.tiktok.com/@some.creator'], { home });
  expect(again.stderr).toContain('tiktok @some.creator is tracked already');
  const { stdout } = await runCli(['accounts', 'list', '--json'], { home });
  const { data } = JSON.parse(stdout) as { data: unknown[] };
  expect(data).toEqual([
    expect.objectContaining({
      platform: 'tiktok',
      username: 'some.creator',
      brand: 'some.creator',
      is_active: true,
      is_competitor: true,
      days: 0,
      last_snapshot_date: null,
    }),
  ]);
});

test('a paused account keeps its history and is not fetched', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  expect(await runCli(['accounts', 'pause', 'tiktok', 'isaiah_dupree'], { home })).toMatchObject({ code: 0 });
  const fetched = await runCli(['fetch'], { home });
  expect(fetched).toMatchObject({ code: 0 });
  expect(fetched.stderr).toContain('there is no active account');
  expect(queryRows(home, 'SELECT count(*) FROM social_media_analytics_snapshots')).toEqual([[1]]);
  await runCli(['accounts', 'resume', 'tiktok', 'isaiah_dupree'], { home });
  expect((await runCli(['fetch'], { home })).stdout).toContain('stored');
});

test('removing asks first; without a terminal it wants --yes, and then takes everything along', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  const refused = await runCli(['accounts', 'remove', 'tiktok', 'isaiah_dupree'], { home });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('add --yes if you are sure');
  expect(queryRows(home, 'SELECT count(*) FROM social_media_posts')).toEqual([[36]]);
  const removed = await runCli(['accounts', 'remove', 'tiktok', 'isaiah_dupree', '--yes'], { home });
  expect(removed.stderr).toContain('with 36 posts, 1 days');
  for (const table of [
    'social_media_accounts',
    'social_media_posts',
    'social_media_post_analytics',
    'social_media_post_range',
  ]) {
    expect(queryRows(home, `SELECT count(*) FROM ${table}`), table).toEqual([[0]]);
  }
  expect(queryRows(home, 'SELECT actor, action, table_name FROM audit_log')).toEqual([
    ['cli', 'remove', 'social_media_accounts'],
  ]);
});

test('an account that is not tracked is exit 7', async () => {
  const home = makeHome();
  await runCli(['init', '--sample'], { home });
  for (const argv of [
    ['accounts', 'pause', 'tiktok', 'nobody'],
    ['accounts', 'remove', 'tiktok', 'nobody', '--yes'],
    ['report', 'account', 'tiktok', 'nobody'],
  ]) {
    const { code, stderr } = await runCli(argv, { home });
    expect(code, argv.join(' ')).toBe(7);
    expect(stderr).toContain('tiktok @nobody is not tracked');
  }
});
