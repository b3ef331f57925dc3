import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AGE_GROUPS, DAILY_METRICS } from '../../src/core/account.ts';
import { POST_METRICS } from '../../src/core/metric.ts';
import { findProvider } from '../../src/provider/index.ts';
import type { Provider } from '../../src/provider/provider.ts';
import { queryDatabase } from '../helper/query-database.ts';
import { startReplayServer } from '../helper/replay-server.ts';
import { makeHome, NOW, runCli } from '../helper/run-cli.ts';
import { startFakeProgram } from './fake-program.ts';
import type { Recording, StoredPost } from './recording.ts';
import { RECORDINGS } from './recordings.ts';
import type { Printed } from './subject.ts';

const TODAY = NOW.toISOString().slice(0, 10);

/** The configuration that leads a provider to a server on loopback, and nothing else. */
function writeConfig(home: string, provider: Provider, recording: Recording, url: string): void {
  const base = url + new URL(provider.baseUrl).pathname.replace(/\/$/, '');
  const program = recording.program && startFakeProgram(readPrinted(recording.program)).path;
  const credentials = {
    ...(provider.credential && { [provider.credential.name]: 'recorded-key' }),
    ...recording.credentials,
  };
  const lines = [
    `[providers.${provider.name}]`,
    program === undefined ? `base_url = "${base}"` : `program = "${program}"`,
    '[credentials]',
    ...Object.entries(credentials).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
  ];
  writeFileSync(join(home, 'config.toml'), `${lines.join('\n')}\n`, { mode: 0o600 });
}

function readPrinted({ stdout, stderr, exitCode = 0 }: NonNullable<Recording['program']>): Printed {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '../fixture', path), 'utf8');
  return { stdout: read(stdout), stderr: stderr === undefined ? '' : read(stderr), exitCode };
}

/** What `smstats` stored, in the form of a recording's expectation. */
function readStored(home: string): Record<string, unknown> {
  const all = (sql: string) => queryDatabase(home, sql) as Record<string, unknown>[];
  const posts = all(`
    SELECT p.external_post_id, post_url, caption, media_type, duration, posted_at,
      ${POST_METRICS.map((name) => `${name}_count AS ${name}`).join(', ')}
    FROM social_media_posts p JOIN social_media_post_analytics a ON a.post_id = p.id
    WHERE snapshot_date = '${TODAY}' ORDER BY p.id`);
  return {
    account: all('SELECT external_id, display_name, bio, is_verified, is_business FROM social_media_accounts')[0],
    snapshot: all('SELECT followers_count, following_count, posts_count FROM social_media_analytics_snapshots')[0],
    posts: posts.map((row) => {
      const metrics = POST_METRICS.filter((name) => row[name] !== null).map((name) => [name, row[name]]);
      const { external_post_id, post_url, caption, media_type, duration, posted_at } = row;
      const post = { external_post_id, post_url, caption, media_type, duration, posted_at };
      return { ...post, metrics: Object.fromEntries(metrics) };
    }),
    days: Object.fromEntries(
      all(`SELECT date, ${DAILY_METRICS.join(', ')} FROM social_media_daily_metrics ORDER BY date`).map(
        ({ date, ...metrics }) => [date, withoutNulls(metrics)],
      ),
    ),
    audience:
      all(`SELECT ${[...AGE_GROUPS, 'male_percentage', 'female_percentage'].join(', ')}, top_countries, top_cities
      FROM audience_demographics`).map((row) => {
        const { top_countries, top_cities, ...shares } = withoutNulls(row);
        return {
          ...shares,
          ...(top_countries !== undefined && { top_countries: JSON.parse(String(top_countries)) as unknown }),
          ...(top_cities !== undefined && { top_cities: JSON.parse(String(top_cities)) as unknown }),
        };
      })[0],
  };
}

function withoutNulls(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

const byId = (a: StoredPost, b: StoredPost) => (a.external_post_id < b.external_post_id ? -1 : 1);

describe.each(RECORDINGS)('$provider, $platform on loopback', (recording) => {
  test('is asked as recorded, and what it says stands in the database', async () => {
    const home = makeHome();
    const provider = findProvider(recording.provider) as Provider;
    const server = await startReplayServer(recording.replies);
    onTestFinished(() => server.close());
    writeConfig(home, provider, recording, server.url);
    const { platform, username } = recording;
    const argv = ['fetch', platform, username, '--provider', provider.name, '--posts', String(recording.posts)];
    const { code, stderr } = await runCli(argv, { home });
    expect(stderr).toContain(username);
    server.verify();
    expect(code, stderr).toBe(0);

    const stored = readStored(home);
    const { account, snapshot, posts, days = {}, audience } = recording.stored;
    expect(stored['account']).toEqual(account);
    expect(stored['snapshot']).toEqual(snapshot);
    expect((stored['posts'] as StoredPost[]).toSorted(byId)).toEqual(posts.toSorted(byId));
    expect(stored['days']).toEqual(days);
    expect(stored['audience']).toEqual(audience);

    const [job] = queryDatabase(home, 'SELECT * FROM analytics_fetch_jobs') as Record<string, unknown>[];
    expect(job).toMatchObject({ status: 'completed', provider_name: provider.name, posts_fetched: posts.length });
    if (recording.note) expect(job?.['error_message']).toMatch(recording.note);
    else expect(job?.['error_message']).toBeNull();
    const usage = queryDatabase(home, 'SELECT provider_name, platform, success FROM api_usage_tracking');
    expect(usage).toHaveLength(recording.program ? 1 : server.requests.length);
    for (const row of usage as Record<string, unknown>[]) {
      expect(row).toMatchObject({ provider_name: provider.name, platform });
    }
  });
});
