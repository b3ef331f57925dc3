import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFakeHttp, json } from '../helper/fake-http.ts';
import { queryDatabase } from '../helper/query-database.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';
import { blueskyRecording } from '../provider/bluesky-recording.ts';
import { mastodonRecording } from '../provider/mastodon-recording.ts';
import type { Recording } from '../provider/recording.ts';

/** Answers as recorded, at the address where the network would be asked; anything else is an error. */
function playAt(origin: string, { replies }: Recording) {
  const http = createFakeHttp();
  for (const { path, query = {}, body, headers = {} } of replies) {
    http.next({ host: new URL(origin).host, path, query }, json(body, { headers }));
  }
  return http;
}

const FEED = '/xrpc/app.bsky.feed.getAuthorFeed?actor=did%3Aplc%3Ah4rb0rl1ghtsx2y3z4a5b6c7&limit=100';
const FILTER = 'filter=posts_with_replies&includePins=false';
const STATUSES = '/api/v1/accounts/109300000000123456/statuses?limit=40&exclude_reblogs=true&exclude_replies=true';

test.each([
  {
    platform: 'bluesky',
    origin: 'https://public.api.bsky.app',
    recording: blueskyRecording,
    asked: [
      '/xrpc/app.bsky.actor.getProfile?actor=harborlights.bsky.social',
      `${FEED}&${FILTER}`,
      `${FEED}&${FILTER}&cursor=2026-08-11T06%3A45%3A30.000Z`,
      `${FEED}&${FILTER}&cursor=2026-08-07T12%3A00%3A00.000Z`,
    ],
  },
  {
    platform: 'mastodon',
    origin: 'https://mastodon.example',
    recording: mastodonRecording,
    asked: ['/api/v1/accounts/lookup?acct=harborlights', STATUSES, `${STATUSES}&max_id=117115711913984008`],
  },
])(
  'fetch $platform needs no configuration, sends the documented requests, and nothing else',
  async ({ platform, origin, recording, asked }) => {
    const home = makeHome();
    const http = playAt(origin, recording);
    const argv = ['fetch', platform, recording.username];
    const { code, stderr } = await runCli(argv, { home, http: { fetch: http.fetch } });
    expect(code, stderr).toBe(0);
    http.verify();
    expect(http.requests.map(({ method, url }) => `${method} ${url.href}`)).toEqual(
      asked.map((path) => `GET ${origin}${path}`),
    );
    for (const { headers } of http.requests) expect([...headers.keys()].toSorted()).toEqual(['accept', 'user-agent']);
    expect(readdirSync(home).filter((file) => file.endsWith('.toml'))).toEqual([]);
    expect(queryDatabase(home, 'SELECT count(*) AS posts FROM social_media_posts')).toEqual([
      { posts: recording.stored.posts.length },
    ]);
  },
);
