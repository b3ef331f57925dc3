import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeAccount, startTikwmServer, type TikwmServer } from '../helper/tikwm-server.ts';
import { configure, makeDirectory, run, start } from './process.ts';

let server: TikwmServer;
let home: string;
beforeEach(async () => {
  server = await startTikwmServer({ anna: makeAccount(3, 1), bert: makeAccount(3, 2), cora: makeAccount(3, 3) });
  home = makeDirectory();
  configure(home, server.url);
});
afterEach(() => server.close());

function query(sql: string): unknown[] {
  const db = new SqliteDatabase(join(home, 'smstats.db'), { readonly: true });
  try {
    return db.prepare(sql).pluck().all();
  } finally {
    db.close();
  }
}

test('two processes with a quota of 10 x 0.8 send at most 8 requests together, and use them', async () => {
  configure(home, server.url, 'limit = 10\nperiod = "day"\nsafety_margin = 0.8\n');
  server.accounts.set('anna', makeAccount(400, 1));
  server.accounts.set('bert', makeAccount(400, 2));
  expect((await run(['accounts', 'add', 'tiktok', 'anna'], { home })).code).toBe(0);
  const fetches = ['anna', 'bert'].map((name) => run(['fetch', 'tiktok', name, '--posts', '400'], { home }));
  const ended = await Promise.all(fetches);
  expect(ended.map(({ code }) => code)).toEqual([5, 5]);
  for (const { stderr } of ended) expect(stderr).toMatch(/has no quota left: \d requests sent/);
  expect(server.requests).toHaveLength(8);
  expect(query('SELECT sum(request_count) FROM api_request_counts')).toEqual([8]);
  expect(query('SELECT count(*) FROM social_media_analytics_snapshots')).toEqual([0]);
  // A third one is refused before it asks.
  expect((await run(['fetch', 'tiktok', 'cora'], { home })).code).toBe(5);
  expect(server.requests).toHaveLength(8);
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (signal, exitCode) => {
  test('lets the account in hand finish, takes up no further one, and is told by the exit code', async () => {
    for (const name of ['anna', 'bert', 'cora']) await run(['accounts', 'add', 'tiktok', name], { home });
    let release: () => void = () => {};
    const asked = new Promise<void>((reached) => {
      server.fault = async (request) => {
        if (request.path !== '/user/posts') return false;
        reached();
        await new Promise<void>((resolve) => (release = resolve));
        return false;
      };
    });
    const fetching = start(['fetch'], { home });
    await asked;
    fetching.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 200));
    release();
    const { code, signal: endedBy, stderr } = await fetching.ended;
    expect([code, endedBy]).toEqual([exitCode, null]);
    expect(stderr).toMatch(/tiktok @anna: stored with 3 posts/);
    expect(query('SELECT account_id FROM social_media_analytics_snapshots')).toEqual([1]);
    expect(query('SELECT status FROM analytics_fetch_jobs')).toEqual(['completed']);
    expect(new Set(server.requests.map((request) => request.query['unique_id']))).toEqual(new Set(['anna']));

    server.fault = undefined;
    expect((await run(['fetch', '--if-due'], { home })).code).toBe(0);
    expect(query('SELECT account_id FROM social_media_analytics_snapshots')).toEqual([1, 2, 3]);
    expect(server.requests).toHaveLength(6);
  });

  test('a second time ends at once, with nothing of the account in hand', async () => {
    await run(['accounts', 'add', 'tiktok', 'anna'], { home });
    const asked = new Promise<void>((reached) => {
      server.fault = (request) => {
        if (request.path === '/user/posts') reached();
        return request.path === '/user/posts';
      };
    });
    const fetching = start(['fetch'], { home });
    await asked;
    fetching.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 200));
    fetching.kill(signal);
    expect((await fetching.ended).code).toBe(exitCode);
    expect(query('SELECT count(*) FROM social_media_analytics_snapshots')).toEqual([0]);
    expect(query('SELECT status FROM analytics_fetch_jobs')).toEqual(['failed']);
  });
});

test('a run over all accounts is refused while another one is under way, and --if-due leaves it the work', async () => {
  await run(['accounts', 'add', 'tiktok', 'anna'], { home });
  let release: () => void = () => {};
  const asked = new Promise<void>((reached) => {
    server.fault = async () => {
      reached();
      await new Promise<void>((resolve) => (release = resolve));
      server.fault = undefined;
      return false;
    };
  });
  const first = start(['fetch'], { home });
  await asked;
  const second = await run(['fetch'], { home });
  expect([second.code, second.stderr]).toEqual([
    11,
    expect.stringMatching(/Another run over all accounts is under way/),
  ]);
  const third = await run(['fetch', '--if-due'], { home });
  expect([third.code, third.stderr]).toEqual([0, expect.stringMatching(/another run over all accounts is under way/)]);
  const same = await run(['fetch', 'tiktok', 'anna'], { home });
  expect(same.code).toBe(11);
  release();
  expect((await first.ended).code).toBe(0);
  expect(server.requests).toHaveLength(2);
});

test('the lock of a killed run is free at once', async () => {
  await run(['accounts', 'add', 'tiktok', 'anna'], { home });
  const asked = new Promise<void>((reached) => {
    server.fault = () => {
      reached();
      return true;
    };
  });
  const victim = start(['fetch'], { home });
  await asked;
  victim.kill('SIGKILL');
  expect((await victim.ended).signal).toBe('SIGKILL');
  server.fault = undefined;
  expect((await run(['fetch'], { home })).code).toBe(0);
  expect(query('SELECT status FROM analytics_fetch_jobs ORDER BY id')).toEqual(['failed', 'completed']);
});

test('a reader that closes the pipe ends a command with 0', async () => {
  await run(['fetch', 'tiktok', 'anna'], { home });
  const script = join(home, 'pipe.sh');
  writeFileSync(script, 'set -o pipefail\n"$@" | head -c 1 > /dev/null\n');
  const { spawnSync } = await import('node:child_process');
  const bin = new URL('../../bin/smstats.js', import.meta.url).pathname;
  const ended = spawnSync('bash', [script, process.execPath, bin, 'report', 'posts', '--json'], {
    env: { PATH: process.env['PATH'], SMSTATS_HOME: home },
  });
  expect([ended.status, String(ended.stderr)]).toEqual([0, '']);
});
