import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PROVIDERS } from '../../src/provider/index.ts';
import type { Provider } from '../../src/provider/provider.ts';
import { startReplayServer } from '../helper/replay-server.ts';
import { hikerapiRecording } from '../provider/hikerapi-recording.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';

/** The newcomer's screen. */
const SCREEN = { columns: 80, lines: 24 };

interface Listed {
  name: string;
  is_ready: boolean;
  needs: string;
  covers: string;
  post_metrics: string;
}

async function list(env: Record<string, string> = {}): Promise<Listed[]> {
  const { stdout } = await runCli(['providers', 'list', '--json'], { home: makeHome(), env });
  return (JSON.parse(stdout) as { data: Listed[] }).data;
}

const readyOf = (rows: readonly Listed[]) => rows.filter((row) => row.is_ready).map(({ name }) => name);

describe('providers list', () => {
  test('fits the screen of a newcomer, and names each key once', async () => {
    const { stdout, stderr } = await runCli(['providers', '--no-color'], {
      home: makeHome(),
      columns: SCREEN.columns,
    });
    const lines = `${stdout}${stderr}`.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(SCREEN.lines);
    for (const line of lines.slice(0, -1)) expect(line.length, line).toBeLessThanOrEqual(SCREEN.columns);
    const [ready = '', more = ''] = stdout.split('What would add more');
    expect(ready).toMatch(/^bluesky +bluesky +any /m);
    expect(ready).toMatch(/^mastodon +mastodon +any /m);
    const keys = new Set(Object.values<Provider>(PROVIDERS).flatMap(({ credential }) => credential?.env ?? []));
    expect(keys.size).toBeGreaterThan(9);
    for (const key of keys) expect(more.split('\n').filter((line) => line.startsWith(`${key} `))).toHaveLength(1);
    expect(more).toMatch(/^RAPIDAPI_KEY +tiktok, instagram +any /m);
    expect(more).toMatch(/^THREADS_ACCESS_TOKEN +threads +own /m);
  });

  test('says what works without anything, what a key opens, and what a program opens', async () => {
    expect(readyOf(await list())).toEqual(['bluesky', 'mastodon', 'sample']);
    const withKey = readyOf(await list({ RAPIDAPI_KEY: 'some-key' }));
    expect(withKey).toEqual([
      'tiktok-scraper7',
      'tiktok-video-feature-summary',
      'tiktok-api23',
      'instagram-looter2',
      'instagram-statistics',
      'bluesky',
      'mastodon',
      'sample',
    ]);
    const bin = makeHome();
    writeFileSync(join(bin, 'yt-dlp'), '#!/bin/sh\necho 2026.08.19\n');
    expect(readyOf(await list({ PATH: bin }))).not.toContain('yt-dlp');
    chmodSync(join(bin, 'yt-dlp'), 0o755);
    expect(readyOf(await list({ PATH: `/nowhere:${bin}` }))).toContain('yt-dlp');
    mkdirSync(join(bin, 'deeper', 'yt-dlp'), { recursive: true });
    expect(readyOf(await list({ PATH: join(bin, 'deeper') }))).not.toContain('yt-dlp');
  });

  test('has every provider with what it reports in JSON', async () => {
    const rows = await list();
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(PROVIDERS));
    for (const row of rows) {
      const { covers, reports } = (PROVIDERS as Record<string, Provider>)[row.name] as Provider;
      expect(row).toMatchObject({ covers, post_metrics: reports.post.join(', ') });
    }
  });
});

describe('providers show', () => {
  test('tells everything of one', async () => {
    const { stdout, code } = await runCli(['providers', 'show', 'youtube'], { home: makeHome() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Quota +10,000 units a day/m);
    expect(stdout).toMatch(/^Key +credentials\.youtube_api_key or YOUTUBE_API_KEY/m);
    expect(stdout).toMatch(/^Needs +YOUTUBE_API_KEY \(https:/m);
  });

  test('knows no other name, and guesses', async () => {
    const { stderr, code } = await runCli(['providers', 'show', 'blusky'], { home: makeHome() });
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean bluesky?');
  });
});

test('providers test asks for real and stores nothing', async () => {
  const home = makeHome();
  const server = await startReplayServer(hikerapiRecording.replies);
  onTestFinished(() => server.close());
  const config = `[providers.hikerapi]\nbase_url = "${server.url}"\n`;
  writeFileSync(join(home, 'config.toml'), config, { mode: 0o600 });
  const { username } = hikerapiRecording;
  const argv = ['providers', 'test', 'hikerapi', username, '--json'];
  const { stdout, code, stderr } = await runCli(argv, { home, env: { HIKERAPI_TOKEN: 'some-token' } });
  expect(code, stderr).toBe(0);
  const { data } = JSON.parse(stdout) as { data: Record<string, unknown> };
  expect(data).toMatchObject({ provider: 'hikerapi', username, posts: hikerapiRecording.stored.posts.length });
  const { stdout: accounts } = await runCli(['accounts', 'list', '--json'], { home });
  expect((JSON.parse(accounts) as { data: unknown[] }).data).toEqual([]);
});
