import { beforeEach, describe, expect, test } from 'vitest';
import type { AskedAccount, AskWorld } from '../../src/collect/ask-one.ts';
import { askProviders, type ProviderAnswer } from '../../src/collect/ask-providers.ts';
import { createBreaker } from '../../src/collect/breaker.ts';
import type { Ledger } from '../../src/collect/ledger.ts';
import type { ProviderSource } from '../../src/collect/source.ts';
import { ProviderError, UsageError } from '../../src/core/errors.ts';
import { createRedactor } from '../../src/core/redact.ts';
import type { Provider } from '../../src/provider/provider.ts';
import { tiktokApi23 } from '../../src/provider/tiktok-api23.ts';
import { tiktokScraper7 } from '../../src/provider/tiktok-scraper7.ts';
import { tiktokVideoFeatureSummary } from '../../src/provider/tiktok-video-feature-summary.ts';
import {
  createFakeHttp,
  createFakeWorld,
  type FakeHttp,
  type FakeWorld,
  json,
  type Respond,
  stall,
} from '../helper/fake-http.ts';
import { makeFakeAccount, type NetworkSubject, readFixture } from '../provider/subject.ts';
import { tiktokApi23Subject } from '../provider/tiktok-api23-subject.ts';
import { createTikwmSubject } from '../provider/tikwm-subject.ts';

const KEY = 'canary-key-5f2e9a';
const ACCOUNT: AskedAccount = { platform: 'tiktok', username: 'harbor.lights', storedPosts: 0 };

const tikwm = createTikwmSubject({
  info: 'tiktok-scraper7/user-info.json',
  posts: 'tiktok-scraper7/user-posts-page1.json',
});
/** The providers of TikTok in their order. */
const FIRST = { provider: tiktokScraper7, subject: tikwm };
const SECOND = { provider: tiktokVideoFeatureSummary, subject: tikwm };
const THIRD = { provider: tiktokApi23, subject: tiktokApi23Subject };
type Asked = { provider: Provider; subject: NetworkSubject };

let http: FakeHttp;
let world: FakeWorld;
let ask: AskWorld;
let counted: string[];
let paced: string[];
let refuse: (provider: string) => ProviderError | undefined;

beforeEach(() => {
  http = createFakeHttp();
  world = createFakeWorld(http.fetch);
  counted = [];
  paced = [];
  refuse = () => undefined;
  const ledger: Ledger = {
    get sent() {
      return counted.length;
    },
    async count({ provider }, { endpoint }) {
      const error = refuse(provider.name);
      if (error) throw error;
      counted.push(`${provider.name} ${endpoint}`);
      return () => {};
    },
    settle: async () => {},
  };
  ask = {
    world,
    userAgent: 'smstats/test',
    redact: createRedactor([KEY]),
    breaker: createBreaker(),
    ledger,
    paceOf:
      ({ provider }) =>
      async () =>
        void paced.push(provider.name),
  };
});

function source({ provider }: Asked, changes: Partial<ProviderSource> = {}): ProviderSource {
  return { provider, baseUrl: undefined, secret: KEY, quota: provider.quota, maxResponseMb: undefined, ...changes };
}

const ALL = [FIRST, SECOND, THIRD].map((each) => source(each));

/** Foresees that a provider is asked for the account and answers it with `count` posts. */
function answers({ provider, subject }: Asked, count = 2, profilePosts = count): void {
  const account = { ...makeFakeAccount(count, 30), posts: profilePosts };
  const { host } = new URL(provider.baseUrl);
  for (const { path, query, body } of subject.exchanges(account, 100)) http.next({ host, path, query }, json(body));
}

/** Foresees that a provider is asked, and what comes of it. */
function fails({ provider }: Asked, ...responds: Respond[]): void {
  const { host } = new URL(provider.baseUrl);
  for (const respond of responds) http.next({ host }, respond);
}

async function run(sources: readonly ProviderSource[] = ALL, account = ACCOUNT): Promise<ProviderAnswer> {
  const answer = await askProviders(ask, account, sources, 50);
  http.verify();
  return answer;
}

async function fail(sources: readonly ProviderSource[] = ALL, account = ACCOUNT): Promise<ProviderError> {
  const error: unknown = await askProviders(ask, account, sources, 50).then(
    () => 'an answer',
    (reason: unknown) => reason,
  );
  http.verify();
  expect(error).toBeInstanceOf(ProviderError);
  const failure = error as ProviderError;
  expect(`${failure.message} ${failure.hint}`).not.toContain(KEY);
  return failure;
}

const refused = json(readFixture('rapidapi/error-401-invalid-key.json'), { status: 401 });
const unsubscribed = json(readFixture('rapidapi/error-403-not-subscribed.json'), { status: 403 });
const quotaSpent = json(readFixture('rapidapi/error-429-monthly-quota.json'), { status: 429 });
const down = json('<html>Bad gateway</html>', { status: 502 });
const webPage = json('<html>Just a moment...</html>');
const unknownUser = json(readFixture('tiktok-scraper7/user-info-unknown-user.json'));
const privateUser = json(readFixture('tiktok-scraper7/user-info-private.json'));

describe('the first provider that delivers', () => {
  test('is the only one asked, and there is nothing to note', async () => {
    answers(FIRST);
    const { answer, providerName, note } = await run();
    expect(answer.posts).toHaveLength(2);
    expect([providerName, note]).toEqual(['tiktok-scraper7', null]);
    expect(counted).toEqual(['tiktok-scraper7 /user/info', 'tiktok-scraper7 /user/posts']);
    expect(paced).toEqual(['tiktok-scraper7', 'tiktok-scraper7']);
  });

  const failures: Record<string, [Respond[], string]> = {
    'refused the key': [[refused], 'refused the RapidAPI key (401)'],
    'was not subscribed to': [[unsubscribed], 'is not part of this RapidAPI key: no subscription (403)'],
    'has no quota left': [[quotaSpent], "says the plan's monthly quota is spent (429)"],
    'was down three times': [[down, down, down], 'is failing (502)'],
    'broke off three times': [
      Array<Respond>(3).fill(() => Promise.reject(new TypeError('x'))),
      'broke off the connection',
    ],
    'did not answer in time, three times': [[stall, stall, stall], 'did not answer in time'],
    'asked for an hour of patience': [
      [json({}, { status: 429, headers: { 'retry-after': '3600' } })],
      'asks to slow down (429, back in 3600 s)',
    ],
    'sent a web page': [[webPage], 'sent a web page (HTML) instead of JSON'],
    'sent another shape': [
      [json({ code: 0, data: { user: {} } })],
      'answered in a form smstats does not know: data.user.id is missing or of another type',
    ],
    'redirects elsewhere': [
      [() => new Response(null, { status: 302, headers: { location: 'https://elsewhere.example/' } })],
      'redirects to another host (https://elsewhere.example); it was not followed, so the key stayed here',
    ],
  };

  test.each(Object.entries(failures))(
    'is the second when the first %s, and the note says so',
    async (_, [faults, why]) => {
      world.timeouts = { headersMs: 20, idleMs: 1_000, totalMs: 120_000 };
      fails(FIRST, ...faults);
      answers(SECOND);
      const { answer, providerName, note } = await run();
      expect(answer.posts).toHaveLength(2);
      expect(providerName).toBe('tiktok-video-feature-summary');
      expect(note).toBe(`tiktok-scraper7 ${why}`);
      expect(counted).toHaveLength(faults.length + 2);
      expect(http.requests.map(({ url }) => url.host)).not.toContain('elsewhere.example');
    },
  );

  test('is the third when two fail, with both their reasons; those with the same one together', async () => {
    fails(FIRST, refused);
    fails(SECOND, down, down, down);
    answers(THIRD);
    expect(await run()).toMatchObject({
      providerName: 'tiktok-api23',
      note: 'tiktok-scraper7 refused the RapidAPI key (401); tiktok-video-feature-summary is failing (502)',
    });
    fails(FIRST, refused);
    fails(SECOND, refused);
    answers(THIRD);
    expect((await run()).note).toBe('tiktok-scraper7, tiktok-video-feature-summary refused the RapidAPI key (401)');
  });

  test('is found in the order that is given', async () => {
    answers(THIRD);
    expect(await run([source(THIRD), source(FIRST)])).toMatchObject({ providerName: 'tiktok-api23', note: null });
  });

  test('is the second when our own count of the first is used up, which then costs no request', async () => {
    refuse = (name) =>
      name === 'tiktok-scraper7' ? new ProviderError(name, 'quota', 'has no quota left: 8 of 8 sent') : undefined;
    answers(SECOND);
    const { note } = await run();
    expect(note).toBe('tiktok-scraper7 has no quota left: 8 of 8 sent');
    expect(counted.every((each) => each.startsWith('tiktok-video-feature-summary'))).toBe(true);
  });

  test('delivers the whole account: what another brought before it failed is dropped', async () => {
    const [profile] = tikwm.exchanges({ ...makeFakeAccount(2, 30), displayName: 'Half an answer' }, 100);
    fails(FIRST, json(profile?.body), down, down, down);
    answers(SECOND);
    const { answer, note } = await run();
    expect(answer.profile.displayName).toBe('Harbor Lights Studio');
    expect(note).toBe('tiktok-scraper7 is failing (502)');
  });
});

describe('an answer about the account is final', () => {
  test('when there is no such account', async () => {
    fails(FIRST, unknownUser);
    const error = await fail();
    expect(error).toMatchObject({
      problem: 'not_found',
      provider: 'tiktok-scraper7',
      ending: 'not_found',
      exitCode: 7,
    });
    expect(error.message).toBe(
      'There is no account tiktok @harbor.lights (tiktok-scraper7 knows no account of that name).',
    );
    expect(error.hint).toBe('check the spelling of the handle');
  });

  test('when it is private', async () => {
    fails(FIRST, privateUser);
    const error = await fail();
    expect(error).toMatchObject({ problem: 'private', provider: 'tiktok-scraper7', exitCode: 7 });
    expect(error.message).toBe('tiktok @harbor.lights is private, so its numbers cannot be fetched (tiktok-scraper7).');
    expect(error.hint).toContain('followers');
  });

  test('also from the second provider, after the first failed', async () => {
    fails(FIRST, refused);
    fails(SECOND, unknownUser);
    expect(await fail()).toMatchObject({ problem: 'not_found', provider: 'tiktok-video-feature-summary' });
  });
});

describe('an empty page', () => {
  test('after posts that we know is not believed: the next provider is asked', async () => {
    answers(FIRST, 0);
    answers(SECOND);
    const { providerName, note } = await run(ALL, { ...ACCOUNT, storedPosts: 36 });
    expect(providerName).toBe('tiktok-video-feature-summary');
    expect(note).toBe('tiktok-scraper7 listed no posts although 36 are stored; nothing was saved');
  });

  test('is not believed either when the profile counts posts', async () => {
    answers(FIRST, 0, 318);
    const error = await fail([source(FIRST)]);
    expect(error).toMatchObject({ problem: 'implausible', ending: 'unavailable', exitCode: 6 });
    expect(error.message).toBe('tiktok-scraper7 listed no posts although the profile counts 318; nothing was saved.');
    expect(error.hint).toContain('smstats accounts pause tiktok harbor.lights');
  });

  test('of a new account that counts none is a fact', async () => {
    answers(FIRST, 0);
    expect((await run()).answer.posts).toEqual([]);
  });
});

describe('when none delivers', () => {
  test('the error has the class and the hint of the first, and everyone’s reason', async () => {
    fails(FIRST, quotaSpent);
    fails(SECOND, webPage);
    fails(THIRD, unsubscribed);
    const error = await fail();
    expect(error).toMatchObject({ problem: 'quota', provider: 'tiktok-scraper7', ending: 'quota', exitCode: 5 });
    expect(error.message).toBe(
      "tiktok-scraper7 says the plan's monthly quota is spent (429); " +
        'tiktok-video-feature-summary sent a web page (HTML) instead of JSON; ' +
        'tiktok-api23 is not part of this RapidAPI key: no subscription (403).',
    );
    expect(error.hint).toContain('upgrade the plan');
  });

  test('the error says when the first may be asked again', async () => {
    fails(FIRST, json({}, { status: 429, headers: { 'retry-after': '600' } }));
    const error = await fail([source(FIRST)]);
    expect(error).toMatchObject({ problem: 'rate_limited', retryAt: new Date('2026-11-22T10:10:00Z'), exitCode: 5 });
  });

  test.each<[string, Respond[], number]>([
    ['a refused key', [refused], 4],
    ['a spent quota', [quotaSpent], 5],
    ['a host that is down', [down, down, down], 6],
    ['an unknown shape', [json({ code: 0 })], 6],
  ])('%s ends with its own exit code', async (_, faults, exitCode) => {
    fails(FIRST, ...faults);
    expect((await fail([source(FIRST)])).exitCode).toBe(exitCode);
  });

  test('what is no failure of a provider is not swallowed', async () => {
    const bug = new TypeError('a bug, or a broken database');
    ask.ledger.count = () => Promise.reject(bug);
    await expect(run()).rejects.toBe(bug);
  });

  test('an abort ends it at once, and nobody else is asked', async () => {
    const controller = new AbortController();
    ask.signal = controller.signal;
    fails(FIRST, () => {
      controller.abort(new Error('stopped by Ctrl-C'));
      return new Promise<Response>((_, reject) => reject(controller.signal.reason as Error));
    });
    await expect(run()).rejects.toThrow('stopped by Ctrl-C');
    http.verify();
  });
});

describe('a provider without its key', () => {
  const noKey = { secret: undefined };

  test('is passed over without a request, and without a word when another one answers', async () => {
    answers(SECOND);
    const { providerName, note } = await run([source(FIRST, noKey), source(SECOND)]);
    expect(providerName).toBe('tiktok-video-feature-summary');
    expect(note).toBeNull();
  });

  test('leaves the word to those that were asked', async () => {
    fails(SECOND, down, down, down);
    const error = await fail([source(FIRST, noKey), source(SECOND), source(THIRD, noKey)]);
    expect(error).toMatchObject({ problem: 'unavailable', provider: 'tiktok-video-feature-summary' });
    expect(error.message).toBe('tiktok-video-feature-summary is failing (502).');
  });

  test('is the error when nobody has one, with the command that sets it', async () => {
    const error = await fail([source(FIRST, noKey), source(SECOND, noKey)]);
    expect(error).toMatchObject({ problem: 'missing_credentials', ending: 'credentials', exitCode: 4 });
    expect(error.message).toBe('tiktok-scraper7 needs a key that is not configured (RAPIDAPI_KEY).');
    expect(error.hint).toContain('smstats config set credentials.rapidapi_key');
  });

  test('is never left out for that: the breaker does not count it', async () => {
    for (let i = 0; i < 4; i++) await fail([source(FIRST, noKey)]);
    expect(ask.breaker.reason('tiktok-scraper7')).toBeUndefined();
  });

  test('is not what a platform lacks that has no provider at all', async () => {
    const result = askProviders(ask, { ...ACCOUNT, platform: 'linkedin' }, [], 50);
    await expect(result).rejects.toThrow(UsageError);
    await expect(result).rejects.toThrow('There is no provider for linkedin yet.');
    await expect(result).rejects.toMatchObject({ hint: 'smstats providers list', exitCode: 2 });
  });
});

describe('a provider that keeps failing', () => {
  const one = [source(FIRST), source(SECOND)];

  test('is left out after three accounts in a row, and the note still says why', async () => {
    for (let i = 0; i < 3; i++) {
      fails(FIRST, refused);
      answers(SECOND);
      expect((await run(one)).note).toBe('tiktok-scraper7 refused the RapidAPI key (401)');
    }
    const before = http.requests.length;
    answers(SECOND);
    expect((await run(one)).note).toBe('tiktok-scraper7 is left out of this run: it refused the RapidAPI key (401)');
    const hosts = http.requests.slice(before).map(({ url }) => url.host);
    expect(new Set(hosts)).toEqual(new Set(['tiktok-video-feature-summary.p.rapidapi.com']));
  });

  test('is asked again after a success in between, and after an answer that there is no such account', async () => {
    for (const between of [() => answers(FIRST), () => fails(FIRST, unknownUser)]) {
      for (let i = 0; i < 2; i++) {
        fails(FIRST, refused);
        answers(SECOND);
        await run(one);
      }
      between();
      await run(one).catch((error: unknown) => expect(error).toMatchObject({ problem: 'not_found' }));
      http.verify();
      expect(ask.breaker.reason('tiktok-scraper7')).toBeUndefined();
    }
    fails(FIRST, refused);
    answers(SECOND);
    expect((await run(one)).note).toBe('tiktok-scraper7 refused the RapidAPI key (401)');
  });

  test('is left out at once when its quota is spent', async () => {
    fails(FIRST, quotaSpent);
    answers(SECOND);
    await run(one);
    answers(SECOND);
    expect((await run(one)).note).toBe(
      "tiktok-scraper7 is left out of this run: it says the plan's monthly quota is spent (429)",
    );
  });

  test('keeps the class of its failure when it is left out and nobody else delivers', async () => {
    for (let i = 0; i < 3; i++) {
      fails(FIRST, down, down, down);
      await fail([source(FIRST)]);
    }
    const error = await fail([source(FIRST)]);
    expect(error).toMatchObject({ problem: 'unavailable', exitCode: 6 });
    expect(error.message).toBe('tiktok-scraper7 is left out of this run: it is failing (502).');
    expect(http.requests).toHaveLength(9);
  });

  test('is left out for itself alone', async () => {
    for (let i = 0; i < 3; i++) {
      fails(FIRST, refused);
      await fail([source(FIRST)]);
    }
    expect(ask.breaker.reason('tiktok-scraper7')?.problem).toBe('refused');
    expect(ask.breaker.reason('tiktok-video-feature-summary')).toBeUndefined();
  });
});

describe('a provider whose code fails on an answer', () => {
  const bug = new RangeError('Maximum call stack size exceeded');
  const fragile = (fetchAccount: Provider['fetchAccount']) =>
    source({ ...FIRST, provider: { ...tiktokScraper7, fetchAccount } });

  test('is a failure of this account alone, and keeps the bug for who looks for it', async () => {
    const lines: string[] = [];
    ask.onRequest = (line) => lines.push(line);
    const error = await fail([fragile(() => Promise.reject(bug))]);
    expect(error).toMatchObject({ problem: 'schema', provider: 'tiktok-scraper7', cause: bug });
    expect(error.message).toBe(
      'tiktok-scraper7 its code failed on this answer: RangeError: Maximum call stack size exceeded.',
    );
    expect(lines).toEqual([`tiktok-scraper7 ${bug.stack}`]);
  });

  test('says so without the key and at no length', async () => {
    const long = new TypeError(`${'x'.repeat(275)} ${KEY} ${'y'.repeat(5_000)}`);
    const { message } = await fail([fragile(() => Promise.reject(long))]);
    expect(message).not.toContain(KEY.slice(0, 6));
    expect(message.length).toBeLessThan(400);
  });

  test('gives way to the next', async () => {
    answers(SECOND);
    const { providerName, note } = await run([fragile(() => Promise.reject(bug)), source(SECOND)]);
    expect(providerName).toBe('tiktok-video-feature-summary');
    expect(note).toContain('its code failed on this answer');
  });

  test('does not hide that the database is broken, nor an abort', async () => {
    const database = new Error('the disk is full');
    ask.ledger.count = () => Promise.reject(database);
    const hiding = fragile(async (_, { get }) => {
      await get('/user/info').catch(() => {});
      throw bug;
    });
    await expect(askProviders(ask, ACCOUNT, [hiding], 50)).rejects.toBe(database);
    const controller = new AbortController();
    ask.signal = controller.signal;
    const stopped = fragile(async () => {
      controller.abort(new Error('stopped by Ctrl-C'));
      throw controller.signal.reason;
    });
    await expect(askProviders(ask, ACCOUNT, [stopped], 50)).rejects.toThrow('stopped by Ctrl-C');
  });
});

test('a key and a setting that only the provider knows of are told before they are used', async () => {
  const secrets: string[] = [];
  ask.redact = (text) => createRedactor(secrets)(text);
  ask.addSecret = (secret) => secrets.push(secret);
  const own: Provider = {
    ...tiktokScraper7,
    credential: { name: 'acme', env: 'ACME_AUTH', source: 'there' },
    headers: (secret) => ({ 'x-acme': secret }),
    classify: ({ text }) => ({ problem: 'refused', message: `says: ${text.slice(0, 50)}`, retry: false }),
    fetchAccount: async (_, { get, setting }) => {
      await get(`/board/${setting('acme_board')}`, {});
      throw new Error('not to be reached');
    },
  };
  const setting = (name: string) => (name === 'acme_board' ? 'secret-board-77' : undefined);
  fails(FIRST, ({ headers }) => new Response(`no ${headers.get('x-acme')} on secret-board-77`));
  const error = await fail([source({ ...FIRST, provider: own }, { secret: 'acme-canary-1', setting })]);
  expect(secrets).toEqual(['acme-canary-1', 'secret-board-77']);
  expect(error.message).toBe('tiktok-scraper7 says: no *** on ***.');
  expect(counted).toEqual(['tiktok-scraper7 /board/***']);
});

describe('an account that opens itself to its owner', () => {
  const owners = { ...FIRST, provider: { ...tiktokScraper7, name: 'owners', covers: 'own' as const } };
  const asOwner = source(owners, { baseUrl: 'https://owners.example' });

  test("is asked of with the owner's key when others say that it is private, or that there is none", async () => {
    for (const verdict of [privateUser, unknownUser]) {
      fails(FIRST, verdict);
      const { host } = new URL('https://owners.example');
      for (const { path, query, body } of tikwm.exchanges(makeFakeAccount(2, 30), 100)) {
        http.next({ host, path, query }, json(body));
      }
      const { answer, providerName, note } = await run([source(FIRST), source(SECOND), asOwner]);
      expect(answer.posts).toHaveLength(2);
      expect(providerName).toBe('owners');
      expect(note).toMatch(/tiktok-scraper7/);
    }
  });

  test('is private for all others when that key is of another account, or missing', async () => {
    fails(FIRST, privateUser);
    expect(await fail([source(FIRST), source(SECOND), source(owners, { secret: undefined })])).toMatchObject({
      problem: 'private',
    });
    const stranger = {
      ...owners.provider,
      fetchAccount: () => Promise.reject(new ProviderError('owners', 'not_covered', 'answers for @other alone')),
    };
    fails(FIRST, privateUser);
    const failure = await fail([source(FIRST), source({ ...owners, provider: stranger })]);
    expect(failure).toMatchObject({ problem: 'private', provider: 'tiktok-scraper7' });
  });
});

describe('a provider of many hosts', () => {
  const many = {
    ...FIRST,
    provider: { ...tiktokScraper7, breakerKey: (username: string) => username.split('@')[1] ?? '' },
  };
  const of = (username: string): AskedAccount => ({ ...ACCOUNT, username });

  test('loses the host that fails three times, and no other', async () => {
    for (let time = 0; time < 3; time++) {
      fails(many, down, down, down);
      await fail([source(many)], of(`a${time}@broken.example`));
    }
    const left = await fail([source(many)], of('b@broken.example'));
    expect(left.message).toContain('is left out of this run');
    fails(many, down, down, down);
    const other = await fail([source(many)], of('c@fine.example'));
    expect(other.message).not.toContain('left out');
  });

  test('is left out whole when its quota is spent', async () => {
    fails(many, quotaSpent);
    await fail([source(many)], of('a@one.example'));
    expect((await fail([source(many)], of('b@two.example'))).message).toContain('is left out of this run');
  });
});
