import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError, ProviderError, StoreError } from '../../src/core/errors.ts';
import { createRedactor } from '../../src/core/redact.ts';
import { createAsk } from '../../src/provider/client/client.ts';
import { loadCustomProvider } from '../../src/provider/custom/load.ts';
import type { Ask, Provider } from '../../src/provider/provider.ts';
import { readFixture } from './subject.ts';

const EXAMPLE = join(import.meta.dirname, '../fixture/custom/devto.mjs');

describe('the example, over HTTP', () => {
  let server: Server;
  let baseUrl: string;
  let requests: string[] = [];
  let articles: unknown = readFixture('custom/articles.json');

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://loopback');
      requests.push(request.url ?? '');
      const isKnown = ['harborlights'].includes(searchParams.get('url') ?? searchParams.get('username') ?? '');
      const body = pathname === '/api/articles' ? articles : readFixture('custom/user.json');
      response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isKnown ? body : { error: 'not found', status: 404 }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    requests = [];
    articles = readFixture('custom/articles.json');
  });
  afterAll(() => void server.close());

  const fetchAccount = async (username: string, posts: number) => {
    const provider = await loadCustomProvider('devto', EXAMPLE);
    const ask = createAsk({
      world: { fetch, now: () => new Date(), sleep: (ms) => sleep(ms), random: () => 0 },
      provider,
      platform: 'devto',
      posts,
      baseUrl,
      secret: '',
      maxResponseMb: undefined,
      userAgent: 'smstats/test',
      redact: createRedactor([]),
      onAttempt: async () => () => {},
    });
    return provider.fetchAccount(username, ask);
  };

  test('is read in full', async () => {
    const { profile, posts } = await fetchAccount('harborlights', 50);
    expect(profile).toEqual({
      externalId: '4821937',
      displayName: 'Harbor Lights Studio',
      bio: 'Small studio by the water. New clips twice a week.',
      profilePicUrl: 'https://media.dev.example/harborlights.png',
      isVerified: null,
      isBusiness: null,
      followers: null,
      following: null,
      posts: null,
    });
    const none = { views: null, shares: null, saves: null, reach: null, impressions: null };
    expect(posts).toEqual([
      {
        externalId: '2713450',
        url: 'https://dev.to/harborlights/fog-at-dawn-filming-with-one-lamp-4kd1',
        caption: 'Fog at dawn: filming with one lamp',
        mediaType: 'text',
        thumbnailUrl: 'https://media.dev.example/fog.png',
        mediaUrl: null,
        duration: null,
        postedAt: new Date('2026-08-20T17:30:12Z'),
        metrics: { likes: 31, comments: 4, ...none },
      },
      {
        externalId: '2698011',
        url: 'https://dev.to/harborlights/three-lamps-one-window-2b0e',
        caption: 'Three lamps, one window',
        mediaType: 'text',
        thumbnailUrl: null,
        mediaUrl: null,
        duration: null,
        postedAt: new Date('2026-08-11T06:45:30Z'),
        metrics: { likes: 12, comments: 0, ...none },
      },
    ]);
    expect(requests).toEqual([
      '/api/users/by_username?url=harborlights',
      '/api/articles?username=harborlights&page=1&per_page=100',
    ]);
  });

  test('gives no more posts than were asked for', async () => {
    expect((await fetchAccount('harborlights', 1)).posts).toHaveLength(1);
  });

  test('says that an account does not exist', async () => {
    await expect(fetchAccount('nobody', 1)).rejects.toMatchObject({
      problem: 'not_found',
      provider: 'devto',
      message: 'knows no such user',
    });
  });

  test('fails with an explanation when the answer is of another form', async () => {
    articles = { renamed: [] };
    await expect(fetchAccount('harborlights', 1)).rejects.toMatchObject({
      name: 'ProviderError',
      problem: 'schema',
      message: expect.stringMatching(/failed in its module .*devto\.mjs: .*map/),
    });
  });
});

const folder = mkdtempSync(join(tmpdir(), 'smstats-custom-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let written = 0;

/** Writes a module; what is given replaces parts of one that is in order, as JavaScript. */
function writeModule(parts: Record<string, string> = {}, before = ''): string {
  const fields = {
    name: "'forum'",
    platforms: "['forum']",
    about: "'our own forum'",
    covers: "'any'",
    price: 'null',
    credential: 'null',
    baseUrl: "'https://forum.example/api'",
    quota: "{ limit: 100, period: 'day', safetyMargin: 0.8, requestsPerSecond: 2 }",
    concurrency: '1',
    reports: "{ account: ['followers'], post: ['likes'] }",
    requestCount: '() => 2',
    headers: '() => ({})',
    classify: '() => undefined',
    fetchAccount: 'async () => ({ profile: {}, posts: [] })',
    ...parts,
  };
  const text = Object.entries(fields).map(([key, value]) => `  ${key}: ${value},`);
  const path = join(folder, `module-${written++}.mjs`);
  writeFileSync(path, `${before}\nexport default {\n${text.join('\n')}\n};\n`);
  return path;
}

function fakeAsk(changes: Partial<Ask> = {}): Ask {
  const refuse = () => Promise.reject(new Error('not to be asked'));
  return {
    posts: 10,
    platform: 'forum',
    now: new Date('2026-11-22T10:00:00Z'),
    hasToken: false,
    setting: () => undefined,
    get: refuse,
    send: refuse,
    run: refuse,
    ...changes,
  };
}

const load = async (parts: Record<string, string> = {}, before = '') =>
  loadCustomProvider('forum', writeModule(parts, before));

describe('a module', () => {
  test('is found from the folder of the configuration', async () => {
    const path = writeModule();
    expect((await loadCustomProvider('forum', path.slice(folder.length + 1), folder)).name).toBe('forum');
  });

  test('that somebody else could have written is not run', async () => {
    const directory = mkdtempSync(join(folder, 'open-'));
    const path = join(directory, 'forum.mjs');
    writeFileSync(path, readFileSync(writeModule()));
    const refused = (message: string, hint: string) =>
      expect(loadCustomProvider('forum', path)).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringContaining(message) as string,
        hint: expect.stringContaining(hint) as string,
      });
    chmodSync(path, 0o666);
    await refused('forum.mjs is a module that is run', `chmod go-w ${path}`);
    chmodSync(path, 0o644);
    chmodSync(directory, 0o777);
    await refused('holds a module that is run', `chmod go-w ${directory}`);
    chmodSync(directory, 0o755);
    if (process.geteuid?.() === 0) {
      chownSync(path, 12_345, 12_345);
      await refused('belongs to another user (12345)', 'chown');
      chownSync(path, 0, 0);
    }
    expect((await loadCustomProvider('forum', path)).name).toBe('forum');
  });

  test('keeps what it says of itself', async () => {
    const provider = await load({
      platforms: "['forum', 'my-wiki']",
      origins: "['https://files.forum.example', /^https:\\/\\/[a-z]+\\.forum\\.example$/g]",
      unitCount: '(posts) => posts * 3',
      breakerKey: "(username) => username.split('@')[1]",
      estimates: 'true',
      settings: "[{ name: 'forum_board', env: 'FORUM_BOARD', source: 'the settings page' }]",
      quota: "{ limit: 100, period: 300, safetyMargin: 1, requestsPerSecond: 0.5, unit: 'units', zone: 'UTC' }",
    });
    expect(provider).toMatchObject({
      platforms: ['forum', 'my-wiki'],
      quota: { limit: 100, period: 300, safetyMargin: 1, requestsPerSecond: 0.5, unit: 'units', zone: 'UTC' },
      settings: [{ name: 'forum_board' }],
      estimates: true,
    });
    expect(provider.unitCount?.(4)).toBe(12);
    expect(provider.breakerKey?.('ada@one.example')).toBe('one.example');
    expect(() => provider.breakerKey?.('ada')).toThrow('breakerKey must return a text');
    const pattern = provider.origins?.[1] as RegExp;
    expect([1, 2, 3].map(() => pattern.test('https://a.forum.example'))).toEqual([true, true, true]);
  });

  test('may be an object of a class, with state of its own', async () => {
    const path = join(folder, 'class.mjs');
    writeFileSync(
      path,
      `class Forum {
        name = 'forum'; platforms = ['forum']; about = 'x'; covers = 'any'; price = null; credential = null;
        baseUrl = 'https://forum.example'; concurrency = 1; reports = { account: [], post: [] };
        quota = { limit: 1, period: 'day', safetyMargin: 1, requestsPerSecond: 1 };
        greeting = 'hello';
        requestCount() { return 1; }
        headers() { return { 'x-greeting': this.greeting }; }
        classify() {}
        async fetchAccount() { return { profile: { displayName: this.greeting }, posts: [] }; }
      }
      export default new Forum();`,
    );
    const provider = await loadCustomProvider('forum', path);
    expect(provider.headers('')).toEqual({ 'x-greeting': 'hello' });
    expect((await provider.fetchAccount('anna', fakeAsk())).profile.displayName).toBe('hello');
  });

  test.each<[string, string, string]>([
    ['platforms', "'forum'", 'platforms must be a list of platforms, not "forum"'],
    ['platforms', '[]', 'platforms must name a platform'],
    ['platforms', "['Forum']", 'platforms[0] must be lower-case letters'],
    ['platforms', "['x']", 'no short name of another platform, not "x"'],
    ['about', "''", 'about must be a text that is not empty, not ""'],
    ['covers', "'all'", "covers must be 'any' or 'own', not \"all\""],
    ['price', '9.99', 'price must be a text or null, not 9.99'],
    ['credential', "'key'", 'credential must be an object { name, env, source }, not "key"'],
    [
      'credential',
      "{ name: 'key', env: 7, source: 'there' }",
      'credential.env must be a text that is not empty, not 7',
    ],
    ['baseUrl', "'http://forum.example'", 'baseUrl must be an https address, or an http one on loopback'],
    ['baseUrl', "'https://user:pw@forum.example'", 'baseUrl must be an https address'],
    ['baseUrl', "'forum.example'", 'baseUrl must be an https address'],
    ['origins', "['https://forum.example/path']", 'origins[0] must be an origin such as https://api.example.com'],
    [
      'quota',
      'undefined',
      'quota must be an object { limit, period, safetyMargin, requestsPerSecond }, and is missing',
    ],
    [
      'quota',
      "{ limit: -1, period: 'day', safetyMargin: 0.8, requestsPerSecond: 2 }",
      'quota.limit must be a whole number above 0, not -1',
    ],
    [
      'quota',
      "{ limit: 1, period: 'week', safetyMargin: 0.8, requestsPerSecond: 2 }",
      "quota.period must be 'day', 'month' or a number of seconds, not \"week\"",
    ],
    [
      'quota',
      "{ limit: 1, period: 'day', safetyMargin: 80, requestsPerSecond: 2 }",
      'quota.safetyMargin must be a number above 0, up to 1, not 80',
    ],
    ['concurrency', '0', 'concurrency must be a whole number from 1 to 64, not 0'],
    ['reports', "{ account: [], post: ['claps'] }", 'reports.post[0] must be one of likes, comments'],
    ['requestCount', '2', 'requestCount must be a function, not 2'],
    ['headers', '{}', 'headers must be a function, not an object'],
    ['classify', 'undefined', 'classify must be a function, and is missing'],
    ['fetchAccount', 'null', 'fetchAccount must be a function, not null'],
    ['name', "'other'", 'name must be "forum" as in providers.forum.module, not "other"'],
    ['name', '7', 'name must be lower-case letters, digits and hyphens, not 7'],
    ['name', "'my_forum'", 'name must be lower-case letters, digits and hyphens, not "my_forum"'],
    ['name', "'Forum'", 'name must be lower-case letters, digits and hyphens, not "Forum"'],
    ['name', "'my.forum'", 'name must be lower-case letters, digits and hyphens, not "my.forum"'],
    ['baseUrl', "`https://u:hunter2hunter2@forum.example/${'x'.repeat(99)}`", 'not "https://u:***@forum.example/'],
    ['baseUrl', "`https://${'u'.repeat(45)}:hunter2hunter2@forum.example`", ':***@fo"'],
  ])('with a wrong %s: %s', async (field, value, said) => {
    const path = writeModule({ [field]: value });
    const failure = await loadCustomProvider('forum', path).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as ConfigError).message).toContain(path);
    expect((failure as ConfigError).message).toContain(said);
    expect((failure as ConfigError).hint).toContain('providers.forum.module');
  });

  test('that is none, does not load or exports nothing is refused', async () => {
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, 'export default {');
    const throwing = join(folder, 'throwing.mjs');
    writeFileSync(throwing, 'throw new Error("no network here")');
    const silent = join(folder, 'silent.mjs');
    writeFileSync(silent, 'export const provider = {};');
    for (const [path, said] of [
      [join(folder, 'missing.mjs'), /missing\.mjs: the module cannot be loaded: /],
      [broken, /broken\.mjs: the module cannot be loaded: /],
      [throwing, /throwing\.mjs: the module cannot be loaded: no network here/],
      [silent, /silent\.mjs: the default export must be the default export, an object|must be an object/],
    ] as const) {
      const failure = await loadCustomProvider('forum', path).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ConfigError);
      expect((failure as ConfigError).message).toMatch(said);
    }
  });

  test('cannot take the name of a provider that ships', async () => {
    const path = writeModule({ name: "'tiktok-api23'" });
    await expect(loadCustomProvider('tiktok-api23', path)).rejects.toThrow(/is the name of a provider that ships/);
  });
});

describe('what a module throws', () => {
  const failure = async (provider: Provider, ask = fakeAsk()) => {
    const error: unknown = await provider.fetchAccount('anna', ask).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProviderError);
    return error as ProviderError;
  };

  test.each([
    ["async () => { throw new Error('out of cheese') }", /failed in its module .*\.mjs: out of cheese/],
    ["() => { throw new TypeError('at once') }", /failed in its module .*: at once/],
    ["async () => { throw 'a text' }", /failed in its module .*: threw a text/],
    ['async () => { throw undefined }', /failed in its module .*: threw undefined/],
    ['async () => { throw null }', /failed in its module .*: threw object/],
    ["async () => { throw Object.assign(new Error('odd'), { problem: 'toString' }) }", /failed in its module .*: odd/],
    ['async () => { throw new Error("") }', /an error without a message/],
    ["async () => { throw new Error('x'.repeat(9_999)) }", /^.{0,600}$/],
  ])('is a failure of the module: %s', async (fetchAccount, message) => {
    const error = await failure(await load({ fetchAccount }));
    expect(error).toMatchObject({ problem: 'schema', provider: 'forum' });
    expect(error.message).toMatch(message);
  });

  test('is a ProviderError when it has a problem', async () => {
    const said =
      "Object.assign(new Error('knows no such member'), { problem: 'not_found', hint: 'check it', retryAt: 7 })";
    const error = await failure(await load({ fetchAccount: `async () => { throw ${said} }` }));
    expect(error).toMatchObject({ problem: 'not_found', message: 'knows no such member', hint: 'check it' });
    expect(error).toMatchObject({ isAnswer: true, retryAt: undefined });
  });

  test('is passed on when it comes from the program itself', async () => {
    const provider = await load({ fetchAccount: "(username, ask) => ask.get('/x')" });
    const quota = new ProviderError('forum', 'quota', 'has no quota left');
    const store = new StoreError('the database is full');
    const stopped = new DOMException('This operation was aborted', 'AbortError');
    for (const error of [quota, store, stopped]) {
      await expect(provider.fetchAccount('anna', fakeAsk({ get: () => Promise.reject(error) }))).rejects.toBe(error);
    }
  });

  test('in any other function is a failure of the module too', async () => {
    const provider = await load({
      requestCount: '() => { throw new Error("a") }',
      headers: '() => { throw new Error("b") }',
      classify: '() => { throw new Error("c") }',
      readQuota: '() => { throw new Error("d") }',
    });
    const reply = { receivedAt: new Date(), status: 200, headers: new Headers(), text: '', body: {} };
    for (const call of [
      () => provider.requestCount(1),
      () => provider.headers(''),
      () => provider.classify(reply),
      () => provider.readQuota?.(new Headers(), new Date()),
    ]) {
      expect(call).toThrow(expect.objectContaining({ name: 'ProviderError', problem: 'schema' }));
    }
    const odd = await load({ requestCount: '() => -1', headers: '() => ({ a: 1 })', classify: '() => null' });
    expect(() => odd.requestCount(1)).toThrow(/requestCount must return a whole number/);
    expect(() => odd.headers('')).toThrow(/headers must return an object of texts/);
    expect(odd.classify(reply)).toBeUndefined();
  });
});

test('what a module says holds no part of a key, wherever it is cut', async () => {
  const key = 'canary-key-5f2e9a';
  const ask = fakeAsk({ redact: createRedactor([key]) });
  for (const length of [0, 40, 55, 285, 295]) {
    const said = JSON.stringify(`${'x'.repeat(length)} ${key} ${'y'.repeat(400)}`);
    const modules = [
      { fetchAccount: `async () => { throw new Error(${said}) }` },
      { fetchAccount: `async () => { throw Object.assign(new Error(${said}), { problem: 'refused' }) }` },
      { fetchAccount: `async () => ({ profile: {}, posts: [{ externalId: '1', metrics: ${said} }] })` },
      { fetchAccount: `async () => { throw ${said} }` },
    ];
    for (const parts of modules) {
      const failure = (await (await load(parts)).fetchAccount('anna', ask).catch((error: unknown) => error)) as Error;
      expect(failure).toBeInstanceOf(ProviderError);
      expect(failure.message).not.toContain(key.slice(0, 6));
    }
    const provider = await load({ headers: `() => { throw new Error(${said}) }` });
    await provider.fetchAccount('anna', ask);
    expect(() => provider.headers(key)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(key.slice(0, 6)) }),
    );
  }
});

describe('what a module answers', () => {
  const answer = async (text: string, posts = 10) => {
    const provider = await load({ fetchAccount: `async () => (${text})` });
    return provider.fetchAccount('anna', fakeAsk({ posts }));
  };
  const withPost = (fields: string) => `{ profile: {}, posts: [{ externalId: '1', metrics: {}, ${fields} }] }`;

  test('may leave out what it does not know', async () => {
    expect(await answer("{ profile: {}, posts: [{ externalId: '1', metrics: {} }] }")).toEqual({
      profile: {
        externalId: null,
        displayName: null,
        bio: null,
        profilePicUrl: null,
        isVerified: null,
        isBusiness: null,
        followers: null,
        following: null,
        posts: null,
      },
      posts: [
        {
          externalId: '1',
          url: null,
          caption: null,
          mediaType: null,
          thumbnailUrl: null,
          mediaUrl: null,
          duration: null,
          postedAt: null,
          metrics: {
            likes: null,
            comments: null,
            views: null,
            shares: null,
            saves: null,
            reach: null,
            impressions: null,
          },
        },
      ],
    });
  });

  test('is unknown where a counter is hidden or left out, and a number where it is digits', async () => {
    const { profile, posts } = await answer(
      `{ profile: { followers: -1, posts: '12' },
         posts: [{ externalId: '1', duration: 21.4, metrics: { likes: -5, views: '77', saves: 0, impressions: null } }] }`,
    );
    expect(profile).toMatchObject({ followers: null, following: null, posts: 12 });
    expect(posts[0]?.metrics).toEqual({
      likes: null,
      comments: null,
      views: 77,
      shares: null,
      saves: 0,
      reach: null,
      impressions: null,
    });
    expect(posts[0]?.duration).toBe(21);
  });

  test.each([
    [
      '{ profile: { followers: NaN }, posts: [] }',
      'profile.followers must be a whole number, 0 or more, or null, not NaN',
    ],
    ["{ profile: { followers: 'many' }, posts: [] }", 'profile.followers must be a whole number'],
    [
      "{ profile: {}, posts: [{ externalId: '1', metrics: { likes: 1.5 } }] }",
      'posts[0].metrics.likes must be a whole',
    ],
    [
      "{ profile: {}, posts: [{ externalId: 'a\\0b', metrics: {} }] }",
      'posts[0].externalId must be a text of printable',
    ],
    ["{ profile: {}, posts: [{ externalId: '1', url: 'javascript:1', metrics: {} }] }", 'posts[0].url must be a URL'],
    ["{ profile: { bio: 'x'.repeat(100001) }, posts: [] }", 'profile.bio must be a text of at most 100,000 characters'],
  ])('is refused where a field cannot be stored: %s', async (text, said) => {
    await expect(answer(text)).rejects.toThrow(said);
  });

  test('holds each post once, and no more than were asked for', async () => {
    const text = `{ profile: {}, posts: ['1', '2', '1', '3', '4'].map((externalId, at) => ({ externalId, caption: String(at), metrics: {} })) }`;
    const { posts } = await answer(text, 3);
    expect(posts.map(({ externalId, caption }) => [externalId, caption])).toEqual([
      ['1', '0'],
      ['2', '1'],
      ['3', '3'],
    ]);
  });

  test('may hold days, an audience and remarks', async () => {
    const { days, audience, remarks } = await answer(
      `{ profile: {}, posts: [],
         days: [{ day: '2026-08-20', metrics: { reach: 12, likes: -1 } }],
         audience: { ages: { age_18_24: 40.5 }, male: 50, female: null, countries: ['DE'], cities: null },
         remarks: ['gave no reach for posts'] }`,
    );
    expect(days?.[0]).toMatchObject({ day: '2026-08-20', metrics: { reach: 12, likes: null, followers: null } });
    expect(audience).toMatchObject({
      ages: { age_18_24: 40.5 },
      male: 50,
      female: null,
      countries: ['DE'],
      cities: null,
    });
    expect(remarks).toEqual(['gave no reach for posts']);
  });

  test('holds each day once, with all that is known of it', async () => {
    const { days } = await answer(
      `{ profile: {}, posts: [], days: [
         { day: '2026-08-20', metrics: { reach: 12, likes: 3 } },
         { day: '2026-08-21', metrics: {} },
         { day: '2026-08-20', metrics: { reach: null, likes: 4 } }] }`,
    );
    expect(days?.map(({ day, metrics }) => [day, metrics.reach, metrics.likes])).toEqual([
      ['2026-08-20', 12, 4],
      ['2026-08-21', null, null],
    ]);
  });

  test.each([
    ['undefined', 'it must be an object { profile, posts }, and is missing'],
    ['[]', 'it must be an object { profile, posts }, not a list'],
    ['{ posts: [] }', 'profile must be an object, and is missing'],
    ['{ profile: {}, posts: {} }', 'posts must be a list of posts, not an object'],
    [
      '{ profile: { externalId: 7 }, posts: [] }',
      'profile.externalId must be a text of printable characters, 500 at most: numbers lose digits, not 7',
    ],
    ['{ profile: {}, posts: [{ externalId: 9007199254740993, metrics: {} }] }', 'posts[0].externalId must be a text'],
    ["{ profile: {}, posts: [{ externalId: ' ', metrics: {} }] }", 'posts[0].externalId must be a text'],
    ["{ profile: {}, posts: [{ externalId: '1' }] }", 'posts[0].metrics must be an object, and is missing'],
    [withPost("postedAt: new Date('soon')"), 'posts[0].postedAt must be a valid Date or null, not an invalid Date'],
    [withPost("postedAt: '2026-08-20'"), 'posts[0].postedAt must be a valid Date or null, not "2026-08-20"'],
    [withPost("mediaType: 'podcast'"), 'posts[0].mediaType must be one of video, image'],
    [withPost('caption: 7'), 'posts[0].caption must be a text of at most 100,000 characters, or null, not 7'],
    ["{ profile: {}, posts: [], days: [{ day: '2026-02-30', metrics: {} }] }", 'days[0].day must be a day such as'],
    ["{ profile: {}, posts: [], remarks: [''] }", 'remarks[0] must be a text that is not empty'],
    [
      '{ profile: {}, posts: [], audience: { ages: {}, male: 101 } }',
      'audience.male must be a percentage from 0 to 100, or null, not 101',
    ],
  ])('is refused as %s', async (text, said) => {
    await expect(answer(text)).rejects.toMatchObject({
      name: 'ProviderError',
      problem: 'schema',
      message: expect.stringContaining(`its answer is wrong: ${said}`),
    });
  });
});

describe('a module that loses its way', () => {
  const patience = { load: 80, fetch: 80 };
  const write = (text: string) => {
    const directory = mkdtempSync(join(tmpdir(), 'smstats-module-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    writeFileSync(join(directory, 'lost.mjs'), text);
    return directory;
  };

  test('while it is loaded is one that cannot be loaded', async () => {
    const directory = write('await new Promise(() => {}); export default {};');
    await expect(loadCustomProvider('lost', 'lost.mjs', directory, patience)).rejects.toThrow(
      'the module cannot be loaded: it was not through after 0.08 s',
    );
  });

  test('in a fetch fails that account, however long a request of it takes', async () => {
    const text = readFileSync(EXAMPLE, 'utf8').replace("'devto'", "'lost'");
    const hanging = text.replace('const user = ', 'await new Promise(() => {}); const user = ');
    const asked = { posts: 1, get: () => Promise.resolve({}) } as unknown as Ask;
    const lost = await loadCustomProvider('lost', 'lost.mjs', write(hanging), patience);
    await expect(lost.fetchAccount('ada', asked)).rejects.toMatchObject({
      problem: 'schema',
      message: expect.stringContaining('it did nothing for 0.08 s'),
    });
    const slow = await loadCustomProvider('lost', 'lost.mjs', write(text), patience);
    const get = async (path: string) => {
      await sleep(200);
      return path.includes('by_username') ? { id: 1 } : [];
    };
    const { posts } = await slow.fetchAccount('ada', { ...asked, get } as Ask);
    expect(posts).toEqual([]);
  });
});
