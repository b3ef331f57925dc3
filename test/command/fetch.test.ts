import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { queryDatabase } from '../helper/query-database.ts';
import { makeHome, NOW, runCli, type CliOptions } from '../helper/run-cli.ts';
import {
  makeAccount,
  makeVideo,
  sendJson,
  startTikwmServer,
  type Fault,
  type TikwmServer,
} from '../helper/tikwm-server.ts';

const YESTERDAY = new Date(NOW.getTime() - 86_400_000);
const KEY = 'canary-7f3a9c2e51d8';

let home: string;
let server: TikwmServer;

beforeEach(async () => {
  home = makeHome();
  server = await startTikwmServer({ alpha: makeAccount(80, 1), beta: makeAccount(40, 2), gamma: makeAccount(5, 3) });
  onTestFinished(() => server.close());
  await run('config', 'set', 'providers.tiktok-scraper7.base_url', server.url);
  await run('config', 'set', 'platforms.tiktok.providers', 'tiktok-scraper7');
});

function runWith(options: Partial<CliOptions>, ...argv: string[]) {
  return runCli(argv, { home, env: { RAPIDAPI_KEY: KEY }, ...options });
}

function run(...argv: string[]) {
  return runWith({}, ...argv);
}

function query(sql: string): Record<string, unknown>[] {
  return queryDatabase(home, sql);
}

/** Everything that a failed fetch must leave alone. */
function storedState(): unknown {
  return [
    'social_media_analytics_snapshots',
    'social_media_posts',
    'social_media_post_analytics',
    'social_media_post_hashtags',
  ].map((table) => query(`SELECT * FROM ${table}`));
}

describe('a fetch of one account', () => {
  test('pages 35 at a time to the limit and stores what the pages say', async () => {
    const { code, stdout } = await run('fetch', 'tiktok', 'https://www.tiktok.com/@Alpha?lang=en', '--posts', '60');
    expect(code).toBe(0);
    expect(stdout).toMatch(/alpha +stored +tiktok-scraper7 +60 +3/);
    expect(server.requests.map(({ path, query: asked }) => [path, asked['count'], asked['cursor']])).toEqual([
      ['/user/info', undefined, undefined],
      ['/user/posts', '35', '0'],
      ['/user/posts', '35', '35'],
    ]);
    expect(server.requests[0]?.headers).toMatchObject({
      'x-rapidapi-key': KEY,
      'x-rapidapi-host': 'tiktok-scraper7.p.rapidapi.com',
    });
    expect(query('SELECT count(*) AS posts FROM social_media_posts')).toEqual([{ posts: 60 }]);
    const [first] = server.accounts.get('alpha')?.videos ?? [];
    expect(query(`SELECT * FROM content_performance WHERE post_id = '${first?.video_id}'`)[0]).toMatchObject({
      views: first?.['play_count'],
      likes: first?.['digg_count'],
      comments: first?.['comment_count'],
      shares: first?.['share_count'],
      saves: first?.['collect_count'],
      reach: null,
    });
  });

  test('counts a post over a page border once, and keeps a pinned old post', async () => {
    const videos = server.accounts.get('beta')?.videos ?? [];
    const pinned = { ...makeVideo(1_500_000_000, 999, 2), is_top: 1 };
    server.accounts.set('beta', {
      videos: [pinned, ...videos.slice(0, 35), videos[34] as never, ...videos.slice(35)],
      videoCount: 41,
    });
    expect(await run('fetch', 'tiktok', 'beta')).toMatchObject({ code: 0 });
    expect(query('SELECT count(*) AS posts FROM social_media_posts')).toEqual([{ posts: 41 }]);
    expect(
      query(`SELECT count(*) AS found FROM social_media_posts WHERE external_post_id = '${pinned.video_id}'`),
    ).toEqual([{ found: 1 }]);
  });

  test('stores hidden, negative and missing metrics as NULL, and digits in a string as a number', async () => {
    const [hidden, negative, missing, text] = [0, 1, 2, 3].map((index) => makeVideo(1_770_000_000 - index, index, 3));
    Object.assign(hidden as object, { digg_count: null });
    Object.assign(negative as object, { digg_count: -977_433_948 });
    delete (missing as Record<string, unknown>)['digg_count'];
    Object.assign(text as object, { digg_count: '77' });
    server.accounts.set('gamma', { videos: [hidden, negative, missing, text] as never });
    expect(await run('fetch', 'tiktok', 'gamma')).toMatchObject({ code: 0 });
    expect(
      query('SELECT likes_count FROM social_media_post_analytics ORDER BY post_id').map((row) => row['likes_count']),
    ).toEqual([null, null, null, 77]);
    expect(query('SELECT total_likes FROM social_media_analytics_snapshots')).toEqual([{ total_likes: 77 }]);
  });

  test('keeps numbers known earlier in the day when a later answer hides them', async () => {
    await run('fetch', 'tiktok', 'gamma');
    const before = query('SELECT post_id, likes_count, views_count FROM social_media_post_analytics');
    for (const video of server.accounts.get('gamma')?.videos ?? []) video['digg_count'] = null;
    expect(await run('fetch', 'tiktok', 'gamma')).toMatchObject({ code: 0 });
    expect(query('SELECT post_id, likes_count, views_count FROM social_media_post_analytics')).toEqual(before);
  });

  test('the totals do not depend on how many posts were asked for', async () => {
    await run('fetch', 'tiktok', 'alpha', '--posts', '80');
    const [all] = query('SELECT total_views, total_likes FROM social_media_analytics_snapshots');
    await runWith({ now: new Date(NOW.getTime() + 86_400_000) }, 'fetch', 'tiktok', 'alpha', '--posts', '1');
    expect(
      query("SELECT total_views, total_likes FROM social_media_analytics_snapshots WHERE snapshot_date = '2026-11-23'"),
    ).toEqual([all]);
  });
});

const answer =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Fault =>
  (_request, response) =>
    sendJson(response, body, status, headers);

const FAULTS: [string, Fault, number, RegExp][] = [
  ['an unknown user', answer({ code: -1, msg: 'unique_id is invalid' }), 7, /There is no account tiktok @alpha/],
  [
    'a refused key',
    answer({ message: 'Invalid API key. Go to https://docs.rapidapi.com/docs/keys for more info.' }, 401),
    4,
    /refused the RapidAPI key \(401\)/,
  ],
  [
    'a missing subscription',
    answer({ message: 'You are not subscribed to this API.' }, 403),
    4,
    /no subscription \(403\)/,
  ],
  [
    'a spent quota',
    answer({ message: 'You have exceeded the MONTHLY quota for Requests on your current plan, BASIC.' }, 429),
    5,
    /monthly quota is spent/,
  ],
  ['a rate limit that stays', answer({ message: 'Too many requests' }, 429), 5, /asks to slow down/],
  [
    'HTML instead of JSON',
    (_q, response) => sendJson(response, '<!doctype html><title>Blocked</title>', 200, { 'content-type': 'text/html' }),
    6,
    /a web page \(HTML\) instead of JSON/,
  ],
  [
    'truncated JSON',
    (_q, response) => sendJson(response, '{"code":0,"data":{"user":{"id":"1"'),
    6,
    /JSON that is cut off or broken/,
  ],
  [
    'a renamed field',
    answer({ code: 0, data: { user: { id: '1', uniqueId: 'alpha' }, stats: { followers: 5 } } }),
    6,
    /data\.stats\.followerCount is missing/,
  ],
  [
    'a redirect elsewhere',
    (_q, response) => sendJson(response, '', 302, { location: 'https://evil.example/steal' }),
    6,
    /redirects to another host \(https:\/\/evil\.example\)/,
  ],
  ['a server that keeps failing', answer({ message: 'oops' }, 500), 6, /is failing \(500\)/],
  [
    'an 80 MB body',
    (_q, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(Buffer.alloc(80 * 1024 * 1024, '[')));
      return true;
    },
    6,
    /a body larger than 10 MB/,
  ],
];

describe.each(FAULTS)('%s', (_name, fault, exitCode, message) => {
  test('has its own message and exit code, and nothing stored is touched', async () => {
    await runWith({ now: YESTERDAY }, 'fetch', 'tiktok', 'alpha');
    await run('fetch', 'tiktok', 'alpha', '--posts', '10');
    const before = storedState();
    server.fault = fault;
    const { code, stdout, stderr } = await run('fetch', 'tiktok', 'alpha');
    expect(stderr).toMatch(message);
    expect(code).toBe(exitCode);
    expect(stdout).toBe('');
    expect(storedState()).toEqual(before);
    const [job] = query('SELECT status, error_message FROM analytics_fetch_jobs ORDER BY id DESC LIMIT 1');
    expect(job).toMatchObject({ status: 'failed' });
    expect(job?.['error_message']).toMatch(message);
  });

  test('as JSON is one object on stderr, with nothing on stdout', async () => {
    server.fault = fault;
    const { code, stdout, stderr } = await run('fetch', 'tiktok', 'alpha', '--json');
    expect(stdout).toBe('');
    expect((JSON.parse(stderr) as { error: unknown }).error).toMatchObject({
      exit_code: code,
      message: expect.stringMatching(message),
    });
  });
});

test.each(['play_count', 'digg_count', 'comment_count', 'share_count', 'collect_count'])(
  'a renamed %s is noticed, and not taken for a hidden number',
  async (field) => {
    const account = makeAccount(3, 1);
    for (const video of account.videos) {
      video[`${field}_v2`] = video[field];
      delete video[field];
    }
    server.accounts.set('alpha', account);
    const { code, stderr } = await run('fetch', 'tiktok', 'alpha');
    expect(code).toBe(6);
    expect(stderr).toContain(`data.videos[].${field} is in none of the items`);
    expect(query('SELECT count(*) AS days FROM social_media_analytics_snapshots')).toEqual([{ days: 0 }]);
  },
);

test('a private user is an answer of its own', async () => {
  server.accounts.set('alpha', { videos: [], isPrivate: true });
  const { code, stderr } = await run('fetch', 'tiktok', 'alpha');
  expect(code).toBe(7);
  expect(stderr).toContain('tiktok @alpha is private');
  expect(query('SELECT count(*) AS days FROM social_media_analytics_snapshots')).toEqual([{ days: 0 }]);
});

test('500 and 503, then fine, are three attempts and three rows of usage', async () => {
  server.fault = (_request, response, index) =>
    index < 2 && sendJson(response, { message: 'oops' }, index === 0 ? 500 : 503);
  expect(await run('fetch', 'tiktok', 'gamma')).toMatchObject({ code: 0 });
  expect(
    query("SELECT success, error_message FROM api_usage_tracking WHERE endpoint = '/user/info' ORDER BY id"),
  ).toEqual([
    { success: 0, error_message: 'is failing (500)' },
    { success: 0, error_message: 'is failing (503)' },
    { success: 1, error_message: null },
  ]);
});

test('an empty page after a full yesterday never becomes zeros', async () => {
  await runWith({ now: YESTERDAY }, 'fetch', 'tiktok', 'alpha');
  const before = storedState();
  server.accounts.set('alpha', { videos: [], videoCount: 0, followers: 0 });
  const { code, stderr } = await run('fetch', 'tiktok', 'alpha');
  expect(code).toBe(6);
  expect(stderr).toContain('listed no posts although 80 are stored');
  expect(storedState()).toEqual(before);
});

test('of three accounts one fails: exit 3, and --if-due asks for that one alone, then for nothing', async () => {
  for (const name of ['alpha', 'beta', 'gamma']) await run('accounts', 'add', 'tiktok', name);
  server.fault = (request, response) =>
    request.query['unique_id'] === 'beta' && sendJson(response, { message: 'oops' }, 500);
  const first = await run('fetch');
  expect(first.code).toBe(3);
  expect(first.stderr).toContain('tiktok @beta: failed: tiktok-scraper7 is failing (500)');
  expect(query('SELECT count(*) AS stored FROM social_media_analytics_snapshots')).toEqual([{ stored: 2 }]);
  expect(
    query(
      "SELECT a.username, j.error_message FROM analytics_fetch_jobs j JOIN social_media_accounts a ON a.id = j.account_id WHERE j.status = 'failed'",
    ),
  ).toEqual([{ username: 'beta', error_message: 'tiktok-scraper7 is failing (500).' }]);

  server.fault = undefined;
  server.requests.length = 0;
  expect(await run('fetch', '--if-due')).toMatchObject({ code: 0 });
  expect(new Set(server.requests.map(({ query: asked }) => asked['unique_id']))).toEqual(new Set(['beta']));

  server.requests.length = 0;
  const third = await run('fetch', '--if-due');
  expect(third).toMatchObject({ code: 0 });
  expect(third.stderr).toContain('every account has its numbers of today');
  expect(server.requests).toEqual([]);
});

test('--dry-run says what it costs, sends nothing and adds nothing', async () => {
  await run('accounts', 'add', 'tiktok', 'alpha');
  const { code, stdout, stderr } = await run('fetch', '--dry-run', '--posts', '100');
  expect(code).toBe(0);
  expect(stdout).toMatch(/alpha +tiktok-scraper7 +4 +16,000/);
  expect(stderr).toContain('about 4 requests (up to 100 posts an account)');
  await run('fetch', 'tiktok', 'somebody_new', '--dry-run');
  expect(server.requests).toEqual([]);
  expect(query('SELECT count(*) AS accounts FROM social_media_accounts')).toEqual([{ accounts: 1 }]);
});

test('a quota is never passed; what waits for it is skipped with exit 5', async () => {
  await run('config', 'set', 'providers.tiktok-scraper7.limit', '10');
  const one = await run('fetch', 'tiktok', 'alpha');
  expect(one.code).toBe(0);
  const two = await run('fetch', 'tiktok', 'beta');
  expect(two.code).toBe(0);
  const three = await run('fetch', 'tiktok', 'gamma');
  expect(three.code).toBe(5);
  expect(three.stderr).toContain('has no quota left: 8 requests sent, 80 % of 10 a month allowed, next on 2026-12-01');
  expect(server.requests).toHaveLength(8);
});

test('without a key the message says which and where to get one', async () => {
  const { code, stderr } = await runWith({ env: {} }, 'fetch', 'tiktok', 'alpha');
  expect(code).toBe(4);
  expect(stderr).toContain('needs a key that is not configured (RAPIDAPI_KEY)');
  expect(stderr).toContain('smstats config set credentials.rapidapi_key');
  expect(server.requests).toEqual([]);
});

test('real numbers take the place of the sample', async () => {
  await runCli(['init', '--sample'], { home });
  const { videos } = makeAccount(3, 9);
  Object.assign(videos[0] as object, {
    video_id: '7429779620297231647',
    title: '💧 DIY Sprinkler Blocker #DIYhome #WaterproofingHacks #SprinklerSolutions',
  });
  server.accounts.set('isaiah_dupree', { videos });
  const { code, stderr } = await run('fetch', 'tiktok', 'isaiah_dupree');
  expect(code).toBe(0);
  expect(stderr).toContain("the sample's numbers were replaced by real ones");
  expect(query('SELECT count(*) AS posts FROM social_media_posts')).toEqual([{ posts: 3 }]);
  expect(query('SELECT DISTINCT provider_name FROM social_media_post_analytics')).toEqual([
    { provider_name: 'tiktok-scraper7' },
  ]);
  expect(query(`SELECT hashtags, views FROM content_performance WHERE post_id = '7429779620297231647'`)).toEqual([
    { hashtags: 'diyhome sprinklersolutions waterproofinghacks', views: videos[0]?.['play_count'] },
  ]);
  expect((await run('report')).stdout).not.toContain('sample');
});

test('--verbose names each request and its outcome', async () => {
  server.fault = (_request, response, index) => index === 0 && sendJson(response, { message: 'oops' }, 503);
  const { stderr } = await run('fetch', 'tiktok', 'gamma', '--verbose');
  expect(stderr).toMatch(/tiktok-scraper7 \/user\/info: is failing \(503\), \d+ ms\n/);
  expect(stderr).toMatch(/tiktok-scraper7 \/user\/posts: ok, \d+ ms\n/);
  expect(stderr).not.toContain(KEY);
});

test('requests of more than 30 days ago are rolled up by day, and the counts stay', async () => {
  await runWith({ now: new Date(NOW.getTime() - 40 * 86_400_000) }, 'fetch', 'tiktok', 'alpha');
  const counts = query('SELECT * FROM api_request_counts');
  expect(query('SELECT count(*) AS rows FROM api_usage_tracking')).toEqual([{ rows: 4 }]);
  await run('fetch', 'tiktok', 'gamma');
  expect(
    query("SELECT endpoint, request_count, success FROM api_usage_tracking WHERE date < '2026-11-01' ORDER BY id"),
  ).toEqual([
    { endpoint: '/user/info', request_count: 1, success: 1 },
    { endpoint: '/user/posts', request_count: 3, success: 1 },
  ]);
  expect(query("SELECT * FROM api_request_counts WHERE date < '2026-11-01'")).toEqual(counts);
});
