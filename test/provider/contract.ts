import { afterAll, describe, expect, test } from 'vitest';
import type { AccountAnswer } from '../../src/core/account.ts';
import { ProviderError, type ProviderProblem } from '../../src/core/errors.ts';
import { POST_METRICS, type PostMetric } from '../../src/core/metric.ts';
import { createRedactor } from '../../src/core/redact.ts';
import { type AttemptOutcome, createAsk } from '../../src/provider/client/client.ts';
import type { Provider } from '../../src/provider/provider.ts';
import {
  createFakeHttp,
  createFakeWorld,
  type FakeHttp,
  type FakeWorld,
  json,
  type Match,
  type Respond,
} from '../helper/fake-http.ts';
import { PROGRAM_CASES, PROGRAM_FAULTS, runProgramCase } from './program-contract.ts';
import {
  type Canned,
  type EmbeddedSubject,
  type Exchange,
  type Exemption,
  type FakeAccount,
  makeFakeAccount,
  makePost,
  type NetworkSubject,
  type Subject,
  type WireField,
} from './subject.ts';

const CANARY = 'canary-Key/7c1f0e9b+a4=';
const OVERSIZED_MB = 0.05;

/** One fetch of an account from a provider, over a fake network. */
interface Visit {
  provider: Provider;
  http: FakeHttp;
  world: FakeWorld;
  /** Each attempt as the book-keeping saw it; without an outcome while it is under way. */
  attempts: { endpoint: string; sentBefore: number; outcome?: AttemptOutcome }[];
  fetch(posts: number): Promise<AccountAnswer>;
}

type NetworkCase = (subject: NetworkSubject, visit: () => Visit) => Promise<void>;
type EmbeddedCase = (subject: EmbeddedSubject, visit: Visit) => Promise<void>;

function startVisit(provider: Provider, username: string): Visit {
  const http = createFakeHttp();
  const world = createFakeWorld(http.fetch);
  const attempts: Visit['attempts'] = [];
  const way = createAsk({
    world,
    provider,
    platform: provider.platforms[0],
    posts: 0,
    baseUrl: undefined,
    secret: provider.credential ? CANARY : '',
    maxResponseMb: OVERSIZED_MB * 10,
    userAgent: 'smstats/test',
    redact: createRedactor([CANARY]),
    onAttempt: async ({ endpoint }) => {
      const attempt: Visit['attempts'][number] = { endpoint, sentBefore: http.requests.length };
      attempts.push(attempt);
      return (outcome) => (attempt.outcome = outcome);
    },
  });
  return { provider, http, world, attempts, fetch: (posts) => provider.fetchAccount(username, { ...way, posts }) };
}

/** Foresees the requests of an account, each with its reply. */
function serve(
  { http }: Visit,
  exchanges: readonly Exchange[],
  respond: (body: unknown, init: ResponseInit) => Respond = json,
): void {
  for (const exchange of exchanges) http.next(toMatch(exchange), respond(exchange.body, initOf(exchange)));
}

function toMatch({ path, query, origin, sent }: Exchange): Match {
  return {
    path,
    query,
    ...(origin !== undefined && { host: new URL(origin).host }),
    ...(sent !== undefined && { sent }),
  };
}

function initOf({ headers }: Exchange): ResponseInit {
  return headers ? { headers } : {};
}

/** Foresees failures of the account's first request. */
function serveFailures({ http }: Visit, [first]: readonly Exchange[], responds: readonly Respond[]): void {
  for (const respond of responds) http.next(first ? toMatch(first) : {}, respond);
}

/** Waits for a visit to fail, and returns how: always an error that explains itself, and never with the key in it. */
async function failureOf(visit: Visit, posts = 1): Promise<ProviderError> {
  const error: unknown = await visit.fetch(posts).then(
    () => 'an answer',
    (reason: unknown) => reason,
  );
  visit.http.verify();
  expect(error).toBeInstanceOf(ProviderError);
  const failure = error as ProviderError;
  expect(failure.provider).toBe(visit.provider.name);
  expect(failure.message.length).toBeGreaterThan(10);
  expectNoKey(`${failure.message} ${failure.hint ?? ''} ${JSON.stringify(visit.attempts)}`);
  return failure;
}

function expectNoKey(text: string): void {
  for (const form of [CANARY, encodeURIComponent(CANARY), btoa(CANARY).replace(/=+$/, '')]) {
    expect(text).not.toContain(form);
  }
}

async function expectProblem(visit: Visit, problem: ProviderProblem, requests: number): Promise<ProviderError> {
  const failure = await failureOf(visit);
  expect(failure).toMatchObject({ problem });
  expect(visit.http.requests).toHaveLength(requests);
  expect(visit.attempts).toHaveLength(requests);
  return failure;
}

function canned({ status, body, headers = {} }: Canned): Respond {
  return json(body, { status, headers });
}

function idsOf(account: FakeAccount, { toExternalId = (id) => id }: NetworkSubject): string[] {
  return account.pages.flat().map(({ id }) => toExternalId(id));
}

const ALL = 1_000;

/** What the contract expects of a metric that was sent: the provider reports it of such posts, or it is unknown. */
function reported(
  { reports }: Provider,
  { untoldMetrics = [] }: NetworkSubject,
  metric: PostMetric,
  value: number,
): number | null {
  return reports.post.includes(metric) && !untoldMetrics.includes(metric) ? value : null;
}

/** What the contract expects of a profile: the counts that the provider reports. */
function counted(provider: Provider, counts: Record<string, number | null>): Record<string, number | null> {
  const known = Object.entries(counts).map(([name, count]) => [
    name,
    provider.reports.account.includes(name) ? count : null,
  ]);
  return Object.fromEntries(known) as Record<string, number | null>;
}

/** Posts that an answer must hold: there are none where the vendor lists none. */
function listed({ reports }: Provider, posts: number): number {
  return reports.post.length === 0 ? 0 : posts;
}

/** Puts a fault before the same account's normal replies. */
function afterFaults(visit: Visit, exchanges: readonly Exchange[], faults: readonly Respond[]): void {
  serveFailures(visit, exchanges, faults);
  serve(visit, exchanges);
}

export const NETWORK_CASES = {
  'pages to the end': async (subject, visit) => {
    const account = makeFakeAccount(subject.pageSize * 2 + 7, subject.pageSize);
    const one = visit();
    serve(one, subject.exchanges(account, ALL));
    const { profile, posts } = await one.fetch(ALL);
    one.http.verify();
    const { toAccountId = (id) => id } = subject;
    expect(profile).toMatchObject({ externalId: toAccountId(account.id), displayName: account.displayName });
    const counts = { followers: 427_700, following: 212, posts: subject.pageSize * 2 + 7 };
    expect(profile).toMatchObject(counted(one.provider, counts));
    expect(posts.map(({ externalId }) => externalId)).toEqual(idsOf(account, subject));
    for (const [index, post] of posts.entries()) {
      const { caption, postedAt, metrics } = makePost(index);
      expect(post).toMatchObject({ caption, postedAt: new Date(postedAt * 1000) });
      expect(URL.canParse(post.url ?? '')).toBe(true);
      for (const metric of POST_METRICS) {
        expect(post.metrics[metric], metric).toBe(reported(one.provider, subject, metric, metrics[metric] as number));
      }
    }
  },

  'asks for no more pages than the limit needs, as many as it says beforehand': async (subject, visit) => {
    const account = makeFakeAccount(subject.pageSize * 3, subject.pageSize);
    const { pageSize } = subject;
    for (const limit of [1, Math.max(1, pageSize - 1), pageSize, pageSize + 1, pageSize * 2]) {
      const one = visit();
      const exchanges = subject.exchanges(account, limit);
      const { spareRequests = 0 } = subject;
      expect(exchanges.length + spareRequests, `${limit} posts`).toBe(one.provider.requestCount(limit));
      serve(one, exchanges);
      const { posts } = await one.fetch(limit);
      one.http.verify();
      expect(posts.map(({ externalId }) => externalId)).toEqual(idsOf(account, subject).slice(0, limit));
    }
  },

  'counts a post that stands on two pages once': async (subject, visit) => {
    const account = makeFakeAccount(subject.pageSize + 4, subject.pageSize);
    const [first, second] = account.pages as [FakeAccount['pages'][0], FakeAccount['pages'][0]];
    const repeated = first.slice(-2).map((post) => ({ ...post, caption: 'later copy' }));
    const one = visit();
    serve(one, subject.exchanges({ ...account, pages: [first, [...repeated, ...second]] }, ALL));
    const { posts } = await one.fetch(ALL);
    one.http.verify();
    expect(posts.map(({ externalId }) => externalId)).toEqual(idsOf(account, subject));
    expect(posts.filter(({ caption }) => caption === 'later copy')).toEqual([]);
  },

  'keeps an old pinned post in its place and goes on paging': async (subject, visit) => {
    const account = makeFakeAccount(subject.pageSize + 3, subject.pageSize);
    const pinned = makePost(20_000, { isPinned: true });
    const pages = [[pinned, ...(account.pages[0] ?? [])], ...account.pages.slice(1)];
    const one = visit();
    serve(one, subject.exchanges({ ...account, pages }, ALL));
    const { posts } = await one.fetch(ALL);
    one.http.verify();
    expect(posts.map(({ externalId }) => externalId)).toEqual(idsOf({ ...account, pages }, subject));
    expect(posts[0]?.postedAt?.getTime()).toBeLessThan(posts.at(-1)?.postedAt?.getTime() ?? 0);
  },

  'keeps every digit of ids beyond 2^53, sent as text or as bare integers': async (subject, visit) => {
    const twins = [makePost(0, { id: '9007199254740993001' }), makePost(1, { id: '9007199254740993002' })];
    const account = { ...makeFakeAccount(0, 1), id: '18446744073709551615', pages: [twins] };
    const asText = visit();
    serve(asText, subject.exchanges(account, 10));
    const asIntegers = visit();
    const ids = [account.id, ...account.pages.flat().map(({ id }) => id)];
    let bareIds = 0;
    const { toAccountId = (id) => id, toUrlId = (id) => id } = subject;
    serve(asIntegers, subject.exchanges(account, 10), (body, init) => {
      const bare = ids.reduce((text, id) => text.replaceAll(`"${id}"`, id), JSON.stringify(body));
      bareIds += [...bare.matchAll(/[:,[]\d{19,20}[,}\]]/g)].length;
      return json(bare, init);
    });
    for (const one of [asText, asIntegers]) {
      const { profile, posts } = await one.fetch(10);
      one.http.verify();
      expect(profile.externalId).toBe(toAccountId(account.id));
      expect(posts.map(({ externalId }) => externalId)).toEqual(idsOf(account, subject));
      expect(posts[0]?.url).toContain(toUrlId('9007199254740993001'));
    }
    expect(bareIds).toBeGreaterThanOrEqual(subject.sendsIds === false ? 0 : 3);
  },

  'reads hidden, missing, negative and garbled counters as unknown, and zero as zero': async (subject, visit) => {
    const complete = makePost(0);
    const metrics = POST_METRICS.map((metric) => [metric, complete.metrics[metric]] as const);
    const unknowns: unknown[] = [null, undefined, -977_433_948, 'n/a', '', 1.5, 2 ** 53, '-3', '12K'];
    const pages = [
      [
        complete,
        ...unknowns.map((value, index) =>
          makePost(index + 1, { metrics: Object.fromEntries(metrics.map(([metric]) => [metric, value])) }),
        ),
        makePost(99, { metrics: Object.fromEntries(metrics.map(([metric]) => [metric, 0])) }),
      ],
    ];
    const one = visit();
    serve(
      one,
      subject.exchanges({ ...makeFakeAccount(0, 1), followers: null, following: -5, posts: 'many', pages }, 100),
    );
    const { profile, posts } = await one.fetch(100);
    one.http.verify();
    expect(profile).toMatchObject({ followers: null, following: null, posts: null });
    expect(posts).toHaveLength(unknowns.length + 2);
    for (const metric of POST_METRICS) {
      const values = posts.map((post) => post.metrics[metric]);
      const zero = reported(one.provider, subject, metric, 0);
      expect(values.slice(1), metric).toEqual([...unknowns.map(() => null), zero]);
    }
  },

  'reads counters that come as text': async (subject, visit) => {
    const one = visit();
    const plain = { likes: '77', comments: '0', views: '4294967297', shares: ' 12 ', saves: '9007199254740991' };
    const texts = { ...plain, reach: '31', impressions: '40' };
    const account = { ...makeFakeAccount(1, 1), followers: '1001', following: '0', posts: '1' };
    serve(one, subject.exchanges({ ...account, pages: [[makePost(0, { metrics: texts })]] }, 1));
    const { profile, posts } = await one.fetch(1);
    one.http.verify();
    expect(profile).toMatchObject(counted(one.provider, { followers: 1001, following: 0, posts: 1 }));
    const counts = { likes: 77, comments: 0, views: 4_294_967_297, shares: 12, saves: 9_007_199_254_740_991 };
    const expected = { ...counts, reach: 31, impressions: 40 };
    for (const [metric, value] of Object.entries(expected) as [PostMetric, number][]) {
      expect(posts[0]?.metrics[metric], metric).toBe(reported(one.provider, subject, metric, value));
    }
  },

  'answers an account without posts with none': async (subject, visit) => {
    const one = visit();
    serve(one, subject.exchanges(makeFakeAccount(0, subject.pageSize), 50));
    expect((await one.fetch(50)).posts).toEqual([]);
    one.http.verify();
  },

  'says that an account does not exist, after one request': async (subject, visit) => {
    for (const reply of subject.unknownUser) {
      const one = visit();
      const { afterUnknownUser = [] } = subject;
      serveFailures(one, subject.exchanges(makeFakeAccount(1, 1), 1), [canned(reply)]);
      serve(one, afterUnknownUser);
      const failure = await expectProblem(one, 'not_found', 1 + afterUnknownUser.length);
      expect(failure.isAnswer).toBe(true);
    }
    expect(subject.unknownUser.length).toBeGreaterThan(0);
  },

  'says that an account is private, after one request': async (subject, visit) => {
    for (const reply of subject.privateUser) {
      const one = visit();
      serveFailures(one, subject.exchanges(makeFakeAccount(1, 1), 1), [canned(reply)]);
      const failure = await expectProblem(one, 'private', 1);
      expect(failure.isAnswer).toBe(true);
    }
    expect(subject.privateUser.length).toBeGreaterThan(0);
  },

  'takes a refused key as final, whatever it says besides, and names the next step': async (subject, visit) => {
    const plain: Canned[] = [401, 403].map((status) => ({ status, body: '<html>denied</html>' }));
    for (const reply of [...subject.refusedKey, ...plain]) {
      const one = visit();
      serveFailures(one, subject.exchanges(makeFakeAccount(1, 1), 1), [canned(reply)]);
      const failure = await expectProblem(one, 'refused', 1);
      expect(failure.message).toContain(String(reply.status));
      expect(failure.hint).toMatch(/smstats|https:/);
      expect(failure.isAnswer).toBe(false);
    }
  },

  'takes a spent quota as final': async (subject, visit) => {
    for (const reply of subject.spentQuota) {
      const one = visit();
      serveFailures(one, subject.exchanges(makeFakeAccount(1, 1), 1), [canned(reply)]);
      const failure = await expectProblem(one, 'quota', 1);
      expect(failure.message).toMatch(/quota/);
    }
    expect(subject.spentQuota.length).toBeGreaterThan(0);
  },

  'waits more than a second when told to slow down, and goes on': async (subject, visit) => {
    const one = visit();
    const exchanges = subject.exchanges(makeFakeAccount(1, 1), 1);
    afterFaults(one, exchanges, [canned(subject.tooFast)]);
    expect((await one.fetch(1)).posts).toHaveLength(listed(one.provider, 1));
    one.http.verify();
    expect(one.world.sleeps).toHaveLength(1);
    expect(one.world.sleeps[0]).toBeGreaterThan(1_000);
    expect(one.attempts.map(({ outcome }) => outcome?.success)).toEqual([false, ...exchanges.map(() => true)]);
  },

  'obeys Retry-After in seconds and as a date': async (subject, visit) => {
    const exchanges = subject.exchanges(makeFakeAccount(1, 1), 1);
    const told: [Record<string, string>, number][] = [
      [{ 'retry-after': '7' }, 7_000],
      // By our clock, which stands at 10:00:00, as long as the host does not send its own.
      [{ 'retry-after': 'Sun, 22 Nov 2026 10:00:09 GMT' }, 9_000],
      [{ 'retry-after': 'Sun, 22 Nov 2026 14:30:05 GMT', date: 'Sun, 22 Nov 2026 14:30:00 GMT' }, 5_000],
    ];
    for (const [headers, wait] of told) {
      for (const status of [429, 503]) {
        const one = visit();
        afterFaults(one, exchanges, [canned({ status, body: { message: 'slow down' }, headers })]);
        expect((await one.fetch(1)).posts).toHaveLength(listed(one.provider, 1));
        one.http.verify();
        expect(one.world.sleeps).toEqual([wait]);
      }
    }
  },

  'does not wait longer than a minute: it says when to come back': async (subject, visit) => {
    const one = visit();
    const reply = { status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '3600' } };
    serveFailures(one, subject.exchanges(makeFakeAccount(1, 1), 1), [canned(reply)]);
    const failure = await expectProblem(one, 'rate_limited', 1);
    expect(failure.retryAt).toEqual(new Date('2026-11-22T11:00:00Z'));
    expect(failure.message).toContain('3600 s');
    expect(one.world.sleeps).toEqual([]);
  },

  'sends a request three times when the host is failing, waiting longer each time': async (subject, visit) => {
    const exchanges = subject.exchanges(makeFakeAccount(1, 1), 1);
    const one = visit();
    afterFaults(one, exchanges, [
      canned({ status: 500, body: { message: 'Internal error' } }),
      canned({ status: 503, body: '<html>Service Unavailable</html>' }),
    ]);
    expect((await one.fetch(1)).posts).toHaveLength(listed(one.provider, 1));
    one.http.verify();
    expect(one.attempts.map(({ outcome }) => outcome?.success)).toEqual([false, false, ...exchanges.map(() => true)]);
    expect(one.world.sleeps).toEqual([500, 1_000]);

    const never = visit();
    serveFailures(
      never,
      exchanges,
      [500, 502, 504].map((status) => canned({ status, body: '' })),
    );
    const failure = await expectProblem(never, 'unavailable', 3);
    expect(failure.message).toContain('504');
  },

  'does not take a web page for an answer': async (subject, visit) => {
    const one = visit();
    const page: Canned = { status: 200, body: ' <!doctype html><title>Just a moment...</title>' };
    serveFailures(one, subject.exchanges(makeFakeAccount(1, 1), 1), [canned(page)]);
    const failure = await expectProblem(one, 'malformed', 1);
    expect(failure.message).toContain('HTML');
  },

  'asks again for JSON that is cut off, wherever it is cut': async (subject, visit) => {
    const exchanges = subject.exchanges(makeFakeAccount(2, 2), 2);
    const text = JSON.stringify(exchanges[0]?.body);
    for (const length of [1, text.length >> 1, text.length - 1]) {
      const one = visit();
      afterFaults(one, exchanges, [json(text.slice(0, length))]);
      expect((await one.fetch(2)).posts).toHaveLength(listed(one.provider, 2));
      one.http.verify();
      const never = visit();
      serveFailures(never, exchanges, Array<Respond>(3).fill(json(text.slice(0, length))));
      await expectProblem(never, 'malformed', 3);
    }
  },

  'stops reading a body that is larger than allowed': async (subject, visit) => {
    const exchanges = subject.exchanges(makeFakeAccount(1, 1), 1);
    const one = visit();
    const padding = ' '.repeat(OVERSIZED_MB * 10 * 1024 * 1024);
    serveFailures(one, exchanges, [json(JSON.stringify(exchanges[0]?.body) + padding)]);
    const failure = await expectProblem(one, 'malformed', 1);
    expect(failure.message).toContain('larger than 0.5 MB');
    expect(failure.hint).toContain('max_response_mb');
  },

  'does not follow to another host, and sends the key nowhere else': async (subject, visit) => {
    for (const location of [
      'https://elsewhere.example/steal',
      '//elsewhere.example/steal',
      'http://%',
      'file:///etc',
    ]) {
      for (const status of [301, 302, 307, 308]) {
        const one = visit();
        serveFailures(one, subject.exchanges(makeFakeAccount(1, 1), 1), [
          () => new Response(null, { status, headers: { location } }),
        ]);
        const failure = await expectProblem(one, 'malformed', 1);
        expect(failure.message).toContain('redirects to another host');
        expect(one.http.requests.map(({ url }) => url.origin)).toEqual([originOf(subject, one.provider)]);
      }
    }
  },

  'sends its key with each request in a header, and never in the address': async (subject, visit) => {
    const one = visit();
    serve(one, subject.exchanges(makeFakeAccount(subject.pageSize + 1, subject.pageSize), ALL));
    await one.fetch(ALL);
    one.http.verify();
    const isSecret = one.provider.credential !== null;
    const exchanges = subject.exchanges(makeFakeAccount(subject.pageSize + 1, subject.pageSize), ALL);
    for (const [index, { method, url, headers }] of one.http.requests.entries()) {
      expect(method).toBe(exchanges[index]?.sent === undefined ? 'GET' : 'POST');
      expect(url.origin).toBe(exchanges[index]?.origin ?? new URL(one.provider.baseUrl).origin);
      expectNoKey(url.href);
      expect([...headers.values()].filter((value) => value.includes(CANARY)).length).toBe(isSecret ? 1 : 0);
      expect(headers.get('user-agent')).toBe('smstats/test');
    }
  },

  'counts each attempt before it is sent, and tells how it ended without the key': async (subject, visit) => {
    const exchanges = subject.exchanges(makeFakeAccount(1, 1), 1);
    const one = visit();
    const echo = `your key ${CANARY} and ${encodeURIComponent(CANARY)}`;
    const { status, body, headers = {} } = subject.complaint(echo);
    afterFaults(one, exchanges, [
      json(body, { status, headers: { ...headers, ...subject.quotaHeaders?.headers } }),
      () => Promise.reject(new TypeError(`fetch failed with ${CANARY}`)),
    ]);
    await one.fetch(1);
    one.http.verify();
    const good = exchanges.map(() => true);
    expect(one.attempts.map(({ sentBefore }) => sentBefore)).toEqual([false, false, ...good].map((_, index) => index));
    expect(one.attempts.map(({ outcome }) => outcome?.success)).toEqual([false, false, ...good]);
    expect(one.attempts[0]?.outcome?.error?.length).toBeGreaterThan(5);
    expect(one.attempts[0]?.outcome?.reportedQuota).toEqual(subject.quotaHeaders?.expected);
    expectNoKey(JSON.stringify(one.attempts));
  },

  'leaves no part of the key in what a host complains about': async (subject, visit) => {
    const exchanges = subject.exchanges(makeFakeAccount(1, 1), 1);
    const one = visit();
    // Wherever the text is cut for length, no part of the key may be left.
    const long = (length: number) => `${'x'.repeat(length)} ${CANARY} `.repeat(3);
    for (const length of [3, 180, 189]) {
      const said = long(length);
      serveFailures(one, exchanges, [canned(subject.complaint(said))]);
    }
    const failure = await failureOf(one);
    expect(failure.message.length).toBeLessThan(400);
    for (const { outcome } of one.attempts) expect(outcome?.error).not.toContain(CANARY.slice(0, 8));
  },

  'answers for no other account than the one its key is of': async (subject, visit) => {
    const one = visit();
    if (!subject.otherOwner) throw new Error('say who else the key may be of, or why that cannot be');
    const replies = [subject.otherOwner].flat();
    for (const reply of replies) one.http.next({}, canned(reply));
    const failure = await expectProblem(one, 'not_covered', replies.length);
    expect(failure.isAnswer).toBe(false);
    expect(failure.hint).toBeDefined();
  },

  'leaves out what others posted': async (subject, visit) => {
    const account = makeFakeAccount(3, 3);
    const one = visit();
    if (!subject.withForeignPost) throw new Error("say what somebody else's post looks like, or why there is none");
    serve(one, subject.withForeignPost(account, ALL));
    const { posts } = await one.fetch(ALL);
    one.http.verify();
    expect(posts.map(({ externalId }) => externalId)).toEqual(idsOf(account, subject));
  },

  'refuses a profile whose follower count was renamed': async (subject, visit) => {
    const { followersField } = subject;
    if (!followersField) throw new Error('say which field, or why it may be missing');
    await expectRenamed(visit(), subject.exchanges(makeFakeAccount(1, 1), 1), followersField, 'findIndex');
  },

  'refuses a page on which a metric was renamed in all posts': async (subject, visit) => {
    const fields = Object.values(subject.metricFields);
    expect(fields.length).toBeGreaterThan(0);
    for (const field of fields) {
      await expectRenamed(visit(), subject.exchanges(makeFakeAccount(3, 3), 1), field, 'findLastIndex');
    }
  },

  'ends in an answer or in an error that explains itself, whatever value of a reply changes': async (
    subject,
    visit,
  ) => {
    const exchanges = subject.exchanges(makeFakeAccount(1, 1), 1);
    const outcomes = { answer: 0, error: 0 };
    for (const [index, { body }] of exchanges.entries()) {
      for (let at = 0; at < countValues(body); at++) {
        for (const to of [null, undefined, -1, '', {}]) {
          const one = visit();
          const changed = exchanges.with(index, { ...(exchanges[index] as Exchange), body: replaceAt(body, at, to) });
          for (const each of changed) {
            for (let i = 0; i < 3; i++) one.http.on(toMatch(each), json(each.body, initOf(each)));
          }
          const result = await one.fetch(1).catch((error: unknown) => error);
          outcomes[result instanceof ProviderError ? 'error' : 'answer']++;
          if (!(result instanceof ProviderError)) expectSane(result as AccountAnswer);
        }
      }
    }
    expect(outcomes.answer).toBeGreaterThan(50);
    expect(outcomes.error).toBeGreaterThan(50);
  },
} satisfies Record<string, NetworkCase>;

export type CaseName = keyof typeof NETWORK_CASES;

const NO_NETWORK: Exemption = {
  because: 'it answers from inside the program, so no host can fail',
  holds: ({ transport }) => transport !== undefined,
};
const NO_KEY: Exemption = { because: 'it has no key', holds: ({ credential }) => credential === null };

/** What of the contract holds for a provider that brings its own replies, and why the rest says nothing about it. */
const ANY_ACCOUNT: Exemption = { because: 'it answers for any account', holds: ({ covers }) => covers === 'any' };

export const EMBEDDED_CASES: Record<CaseName, EmbeddedCase | Exemption> = {
  'pages to the end': async (subject, visit) => {
    const { posts } = await visit.fetch(1_000);
    expect(posts).toHaveLength(subject.postCount);
    expect(visit.attempts).toHaveLength(subject.requestCount);
  },
  'asks for no more pages than the limit needs, as many as it says beforehand': async (subject, visit) => {
    const { posts } = await visit.fetch(10);
    expect(posts.map(({ externalId }) => externalId)).toEqual(subject.listedIds.slice(0, 10));
    expect(visit.attempts).toHaveLength(visit.provider.requestCount(10));
  },
  'counts a post that stands on two pages once': async (subject, visit) => {
    expect(subject.listedIds.filter((id) => id === subject.repeatedId)).toHaveLength(2);
    const { posts } = await visit.fetch(1_000);
    expect(posts.filter(({ externalId }) => externalId === subject.repeatedId)).toHaveLength(1);
    expect(posts.map(({ externalId }) => externalId)).toEqual([...new Set(subject.listedIds)]);
  },
  'keeps an old pinned post in its place and goes on paging': async (subject, visit) => {
    const { posts } = await visit.fetch(1_000);
    expect(posts[0]?.externalId).toBe(subject.pinnedId);
    expect(posts[0]?.postedAt?.getTime()).toBeLessThan(posts[1]?.postedAt?.getTime() ?? 0);
    expect(posts).toHaveLength(subject.postCount);
  },
  'keeps every digit of ids beyond 2^53, sent as text or as bare integers': async (_, visit) => {
    const { profile, posts } = await visit.fetch(1_000);
    for (const id of [profile.externalId ?? '', ...posts.map(({ externalId }) => externalId)]) {
      expect(id).toMatch(/^\d{19}$/);
    }
  },
  'reads hidden, missing, negative and garbled counters as unknown, and zero as zero': async (subject, visit) => {
    const { posts } = await visit.fetch(1_000);
    expect(new Set(posts.map(({ metrics }) => metrics[subject.missingMetric]))).toEqual(new Set([null]));
    expect(posts.some(({ metrics }) => metrics.shares === 0)).toBe(true);
  },
  'says that an account does not exist, after one request': async (_, visit) => {
    const failure = await failureOf({ ...visit, fetch: startVisit(visit.provider, 'somebody_else').fetch });
    expect(failure.problem).toBe('not_found');
  },
  'reads counters that come as text': NO_NETWORK,
  'answers an account without posts with none': NO_NETWORK,
  'says that an account is private, after one request': NO_NETWORK,
  'takes a refused key as final, whatever it says besides, and names the next step': NO_KEY,
  'takes a spent quota as final': NO_KEY,
  'waits more than a second when told to slow down, and goes on': NO_NETWORK,
  'obeys Retry-After in seconds and as a date': NO_NETWORK,
  'does not wait longer than a minute: it says when to come back': NO_NETWORK,
  'sends a request three times when the host is failing, waiting longer each time': NO_NETWORK,
  'does not take a web page for an answer': NO_NETWORK,
  'asks again for JSON that is cut off, wherever it is cut': NO_NETWORK,
  'stops reading a body that is larger than allowed': NO_NETWORK,
  'does not follow to another host, and sends the key nowhere else': NO_KEY,
  'sends its key with each request in a header, and never in the address': NO_KEY,
  'counts each attempt before it is sent, and tells how it ended without the key': async (subject, visit) => {
    await visit.fetch(1_000);
    expect(visit.attempts.map(({ outcome }) => outcome?.success)).toEqual(Array(subject.requestCount).fill(true));
  },
  'leaves no part of the key in what a host complains about': NO_KEY,
  'answers for no other account than the one its key is of': ANY_ACCOUNT,
  'leaves out what others posted': NO_NETWORK,
  'refuses a profile whose follower count was renamed': NO_NETWORK,
  'refuses a page on which a metric was renamed in all posts': NO_NETWORK,
  'ends in an answer or in an error that explains itself, whatever value of a reply changes': NO_NETWORK,
};

/** What came of each case of each provider: passed, failed, or says nothing about it. */
const RESULTS = new Map<string, Map<string, 'ok' | 'FAILED' | '-'>>();

function keepResult(provider: string, name: string, result: 'ok' | 'FAILED' | '-'): void {
  RESULTS.set(provider, (RESULTS.get(provider) ?? new Map()).set(name, result));
}

/** Some change every value of every reply; on a busy machine that takes its time. */
const LONGEST_CASE_MS = 60_000;

/** A case that counts as failed until it is through. */
function judge(provider: Provider, name: string, title: string, run: () => Promise<void> | void, verdict: 'ok' | '-') {
  test(
    title,
    async () => {
      keepResult(provider.name, name, 'FAILED');
      await run();
      keepResult(provider.name, name, verdict);
    },
    LONGEST_CASE_MS,
  );
}

/** Puts a provider through every case of the contract. */
export function checkContract(provider: Provider, subject: Subject): void {
  describe(provider.name, () => {
    for (const [name, run] of Object.entries<NetworkCase>(NETWORK_CASES)) {
      const exempt = exemptionOf(provider, subject, name as CaseName);
      if (exempt) {
        const title = `${name}: says nothing about it, for ${exempt.because}`;
        judge(provider, name, title, () => expect(exempt.holds(provider)).toBe(true), '-');
      } else if (subject.kind === 'network') {
        judge(provider, name, name, () => run(subject, () => startVisit(provider, subject.username)), 'ok');
      } else if (subject.kind === 'program') {
        const program = PROGRAM_CASES[name as CaseName];
        if (typeof program === 'function')
          judge(provider, name, name, () => runProgramCase(provider, subject, program), 'ok');
      } else {
        const visit = startVisit(provider, subject.username);
        const embedded = EMBEDDED_CASES[name as CaseName] as EmbeddedCase;
        const runEmbedded = async () => {
          await embedded(subject, visit);
          expect(visit.http.requests, 'nothing reaches the network').toEqual([]);
        };
        judge(provider, name, name, runEmbedded, 'ok');
      }
    }

    if (subject.kind === 'program') {
      for (const [name, run] of Object.entries(PROGRAM_FAULTS)) {
        test(name, () => runProgramCase(provider, subject, run));
      }
    }

    test('asks over https, or not at all', () => {
      expect(new URL(provider.baseUrl).protocol).toBe('https:');
      expect(provider.baseUrl.endsWith('.invalid')).toBe(subject.kind !== 'network');
    });
  });
}

function exemptionOf(provider: Provider, subject: Subject, name: CaseName): Exemption | undefined {
  if (subject.kind !== 'network') {
    const own = (subject.kind === 'program' ? PROGRAM_CASES : EMBEDDED_CASES)[name];
    return typeof own === 'function' ? undefined : own;
  }
  if (name === 'answers for no other account than the one its key is of' && provider.covers === 'any')
    return ANY_ACCOUNT;
  return subject.exempt?.[name];
}

/** Prints provider x case at the end of the run. */
export function printResults(): void {
  afterAll(() => {
    const names = Object.keys(NETWORK_CASES);
    const width = Math.max(...[...RESULTS.keys()].map((name) => name.length));
    const lines = [...RESULTS].map(([provider, results]) =>
      [provider.padEnd(width), ...names.map((name) => (results.get(name) ?? 'FAILED').padStart(6))].join(' '),
    );
    const header = [''.padEnd(width), ...names.map((_, index) => String(index + 1).padStart(6))].join(' ');
    const legend = names.map((name, index) => `${String(index + 1).padStart(4)}  ${name}`);
    process.stdout.write(
      ['', 'Provider x case (ok, FAILED, - says nothing about it)', header, ...lines, ...legend, ''].join('\n'),
    );
  });
}

/** Serves the first or last reply that has a field with that renamed: the account is refused, or says what it lacks. */
async function expectRenamed(
  visit: Visit,
  exchanges: readonly Exchange[],
  { key, path, isOptional = false }: WireField,
  find: 'findIndex' | 'findLastIndex',
): Promise<void> {
  const at = exchanges[find](({ body }) => JSON.stringify(body).includes(`"${key}":`));
  expect(at, `a reply has "${key}"`).toBeGreaterThanOrEqual(0);
  serve(visit, exchanges.slice(0, at));
  const changed = exchanges[at] as Exchange;
  visit.http.next(toMatch(changed), json(rename(changed.body, key), initOf(changed)));
  if (isOptional) {
    serve(visit, exchanges.slice(at + 1));
    const { remarks } = await visit.fetch(1);
    visit.http.verify();
    expect(remarks).toContainEqual(expect.stringContaining(path));
    return;
  }
  const failure = await expectProblem(visit, 'schema', at + 1);
  expect(failure.message).toContain(path);
  expect(failure.hint).toContain('update smstats');
}

function originOf(subject: NetworkSubject, provider: Provider): string {
  const [first] = subject.exchanges(makeFakeAccount(1, 1), 1);
  return first?.origin ?? new URL(provider.baseUrl).origin;
}

/** Renames a key wherever it stands in a body. */
function rename(body: unknown, key: string): string {
  const text = JSON.stringify(body);
  expect(text).toContain(`"${key}":`);
  return text.replaceAll(`"${key}":`, `"${key}New":`);
}

function countValues(body: unknown): number {
  let count = 0;
  JSON.stringify(body, (_, value: unknown) => (count++, value));
  return count;
}

/** Replaces the n-th value of a tree, the tree itself being the first; undefined takes it out. */
function replaceAt(body: unknown, at: number, to: unknown): unknown {
  let index = 0;
  const text = JSON.stringify(body, (_, value: unknown) => (index++ === at ? to : value)) as string | undefined;
  return JSON.parse(text ?? 'null') as unknown;
}

/** Whatever a host sends, what leaves the provider can be stored. */
function expectSane({ profile, posts }: AccountAnswer): void {
  const counts = [profile.followers, profile.following, profile.posts, ...posts.flatMap((post) => post.duration)];
  for (const count of [...counts, ...posts.flatMap(({ metrics }) => Object.values(metrics))]) {
    expect(count === null || (Number.isSafeInteger(count) && count >= 0)).toBe(true);
  }
  expect(profile.externalId).not.toBe('');
  for (const { externalId, url, postedAt } of posts) {
    expect(externalId.trim()).not.toBe('');
    expect(URL.canParse(url ?? '')).toBe(true);
    expect(postedAt === null || !Number.isNaN(postedAt.getTime())).toBe(true);
  }
  expect(new Set(posts.map(({ externalId }) => externalId)).size).toBe(posts.length);
}
