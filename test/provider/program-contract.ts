import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import type { AccountAnswer } from '../../src/core/account.ts';
import { ProviderError, type ProviderProblem } from '../../src/core/errors.ts';
import { POST_METRICS, type PostMetric } from '../../src/core/metric.ts';
import { createRedactor } from '../../src/core/redact.ts';
import { type AttemptOutcome, createAsk } from '../../src/provider/client/client.ts';
import type { Provider } from '../../src/provider/provider.ts';
import { createFakeHttp, createFakeWorld } from '../helper/fake-http.ts';
import type { CaseName } from './contract.ts';
import { startFakeProgram, type FakeProgram } from './fake-program.ts';
import {
  type Exemption,
  type FakeAccount,
  makeFakeAccount,
  makePost,
  type Printed,
  type ProgramPlatform,
  type ProgramSubject,
} from './subject.ts';

const CANARY = 'canary-Key/7c1f0e9b+a4=';
const MAX_MB = 4;

/** One fetch of an account through a program that prints what it is told to. */
interface Run {
  program: FakeProgram;
  attempts: { ranBefore: boolean; outcome?: AttemptOutcome }[];
  fetch(posts: number): Promise<AccountAnswer>;
}

interface RunOptions {
  /** Instead of a fake one. */
  program?: string;
  onAttempt?: () => void;
  maxMb?: number;
}

/** What a case is run with: one platform of a provider, and a way to start its program. */
interface Stage {
  provider: Provider;
  way: ProgramPlatform;
  subject: ProgramSubject;
  start(printed: Printed, options?: RunOptions): Run;
}

type ProgramCase = (stage: Stage) => Promise<void>;

function createStart(provider: Provider, { platform, username }: ProgramPlatform): Stage['start'] {
  return (printed, options = {}) => {
    const program = startFakeProgram(printed);
    const attempts: Run['attempts'] = [];
    const http = createFakeHttp();
    const way = createAsk({
      world: createFakeWorld(http.fetch),
      provider,
      platform,
      posts: 0,
      baseUrl: undefined,
      program: options.program ?? program.path,
      secret: '',
      maxResponseMb: options.maxMb ?? MAX_MB,
      userAgent: 'smstats/test',
      redact: createRedactor([CANARY]),
      onAttempt: async () => {
        options.onAttempt?.();
        const attempt: Run['attempts'][number] = { ranBefore: program.runs().length > 0 };
        attempts.push(attempt);
        return (outcome) => (attempt.outcome = outcome);
      },
    });
    const fetch = async (posts: number) => {
      const answer = provider.fetchAccount(username, { ...way, posts });
      return answer.finally(() => expect(http.requests, 'nothing is sent by smstats itself').toEqual([]));
    };
    return { program, attempts, fetch };
  };
}

/** Waits for a run to fail, and returns how: always an error that explains itself. */
async function expectProblem(run: Run, problem: ProviderProblem, posts = 1): Promise<ProviderError> {
  const error: unknown = await run.fetch(posts).then(
    () => 'an answer',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  const failure = error as ProviderError;
  expect(failure.message).not.toContain('\n');
  expect(failure.message.length).toBeGreaterThan(10);
  expect(failure.message.length).toBeLessThan(500);
  expect(failure, failure.message).toMatchObject({ problem });
  expect(run.attempts, 'it is run once').toHaveLength(1);
  expect(run.attempts[0]?.outcome?.success).toBe(run.attempts[0]?.outcome?.error === null);
  return failure;
}

const ALL = 1_000;
const idsOf = (account: FakeAccount) => account.pages.flat().map(({ id }) => id);
const idsIn = (answer: AccountAnswer) => answer.posts.map(({ externalId }) => externalId);
const textOf = ({ stdout }: Printed) => JSON.stringify(stdout);

const NO_KEY: Exemption = { because: 'it has no key', holds: ({ credential }) => credential === null };
const ANY_ACCOUNT: Exemption = { because: 'it answers for any account', holds: ({ covers }) => covers === 'any' };
const NO_HTTP: Exemption = {
  because: 'the program speaks to the host, waits and asks again by itself',
  holds: ({ program, origins = [], baseUrl }) =>
    program !== undefined && origins.length === 0 && baseUrl.endsWith('.invalid'),
};

/** What of the contract holds for a provider that runs a program, and why the rest says nothing about it. */
export const PROGRAM_CASES: Record<CaseName, ProgramCase | Exemption> = {
  'pages to the end': async ({ provider, way, start }) => {
    const account = makeFakeAccount(107, 107);
    const run = start(way.print(account));
    const { profile, posts } = await run.fetch(ALL);
    const { toAccountId = (id) => id } = way;
    expect(profile).toMatchObject({ externalId: toAccountId(account.id), displayName: account.displayName });
    const told = (name: string, count: number) => (way.reports.account.includes(name) ? count : null);
    expect(profile).toMatchObject({ followers: told('followers', 427_700), following: null, posts: null });
    expect(posts.map(({ externalId }) => externalId)).toEqual(idsOf(account));
    for (const name of way.reports.account) expect(provider.reports.account).toContain(name);
    for (const [index, post] of posts.entries()) {
      const { caption, postedAt, metrics } = makePost(index);
      expect(post).toMatchObject({ caption, postedAt: way.tellsTime ? new Date(postedAt * 1000) : null });
      expect(URL.canParse(post.url ?? '')).toBe(true);
      for (const metric of POST_METRICS) {
        const isTold = way.reports.post.includes(metric);
        if (isTold) expect(provider.reports.post).toContain(metric);
        expect(post.metrics[metric], metric).toBe(isTold ? metrics[metric] : null);
      }
    }
  },

  'asks for no more pages than the limit needs, as many as it says beforehand': async ({ provider, way, start }) => {
    const account = makeFakeAccount(60, 60);
    for (const limit of [1, 2, 50]) {
      const run = start(way.print(account));
      const answer = await run.fetch(limit);
      expect(idsIn(answer)).toEqual(idsOf(account).slice(0, limit));
      expect(run.attempts).toHaveLength(provider.requestCount(limit));
      expect(run.program.runs()).toHaveLength(1);
      const [args = []] = run.program.runs();
      expect(args.slice(-way.asks(limit).length)).toEqual(way.asks(limit));
    }
  },

  'counts a post that stands on two pages once': async ({ way, start }) => {
    const account = makeFakeAccount(9, 9);
    const [page = []] = account.pages;
    const repeated = page.slice(3, 5).map((post) => ({ ...post, caption: 'later copy' }));
    const answer = await start(way.print({ ...account, pages: [[...page, ...repeated]] })).fetch(ALL);
    expect(idsIn(answer)).toEqual(idsOf(account));
    expect(answer.posts.filter(({ caption }) => caption === 'later copy')).toEqual([]);
  },

  'keeps an old pinned post in its place and goes on paging': async ({ way, start }) => {
    const account = makeFakeAccount(5, 5);
    const pinned = makePost(20_000, { isPinned: true });
    const pages = [[pinned, ...(account.pages[0] ?? [])]];
    const answer = await start(way.print({ ...account, pages })).fetch(ALL);
    expect(idsIn(answer)).toEqual([pinned.id, ...idsOf(account)]);
  },

  'keeps every digit of ids beyond 2^53, sent as text or as bare integers': async ({ way, start }) => {
    const twins = [makePost(0, { id: '9007199254740993001' }), makePost(1, { id: '9007199254740993002' })];
    const account = { ...makeFakeAccount(0, 1), id: '18446744073709551615', pages: [twins] };
    const printed = way.print(account);
    const ids = [account.id, ...twins.map(({ id }) => id)];
    const bare = ids.reduce((text, id) => text.replaceAll(`"${id}"`, id), textOf(printed));
    expect(bare).not.toBe(textOf(printed));
    for (const stdout of [textOf(printed), bare]) {
      const { profile, posts } = await start({ ...printed, stdout }).fetch(10);
      expect(profile.externalId).toBe((way.toAccountId ?? String)(account.id));
      expect(posts.map(({ externalId }) => externalId)).toEqual(idsOf(account));
      expect(posts[0]?.url).toContain('9007199254740993001');
    }
  },

  'reads hidden, missing, negative and garbled counters as unknown, and zero as zero': async ({ way, start }) => {
    const complete = makePost(0);
    const unknowns: unknown[] = [null, undefined, -977_433_948, 'n/a', '', 1.5, 2 ** 53, '-3', '12K'];
    const withAll = (index: number, value: unknown) =>
      makePost(index, { metrics: Object.fromEntries(POST_METRICS.map((metric) => [metric, value])) });
    const posts = [complete, ...unknowns.map((value, index) => withAll(index + 1, value)), withAll(99, 0)];
    const account = { ...makeFakeAccount(0, 1), followers: null, pages: [posts] };
    const answer = await start(way.print(account)).fetch(ALL);
    expect(answer.profile).toMatchObject({ followers: null, following: null, posts: null });
    for (const metric of POST_METRICS) {
      const zero = way.reports.post.includes(metric) ? 0 : null;
      const values = answer.posts.map((post) => post.metrics[metric]);
      expect(values.slice(1), metric).toEqual([...unknowns.map(() => null), zero]);
    }
  },

  'reads counters that come as text': async ({ way, start }) => {
    const metrics = { likes: '77', comments: '0', views: '4294967297', shares: ' 12 ', saves: '9007199254740991' };
    const account = { ...makeFakeAccount(1, 1), followers: '1001', pages: [[makePost(0, { metrics })]] };
    const { profile, posts } = await start(way.print(account)).fetch(1);
    expect(profile.followers).toBe(way.reports.account.includes('followers') ? 1_001 : null);
    const expected = { likes: 77, comments: 0, views: 4_294_967_297, shares: 12, saves: 9_007_199_254_740_991 };
    for (const [metric, value] of Object.entries(expected) as [PostMetric, number][]) {
      expect(posts[0]?.metrics[metric], metric).toBe(way.reports.post.includes(metric) ? value : null);
    }
  },

  'answers an account without posts with none': async ({ way, start }) => {
    expect((await start(way.print(makeFakeAccount(0, 1))).fetch(50)).posts).toEqual([]);
  },

  'says that an account does not exist, after one request': async ({ way, start }) => {
    expect(way.unknownUser.length).toBeGreaterThan(0);
    for (const printed of way.unknownUser) {
      const failure = await expectProblem(start(printed), 'not_found');
      expect(failure.isAnswer).toBe(true);
    }
  },

  'says that an account is private, after one request': async ({ subject, way, start }) => {
    expect(subject.platforms.flatMap(({ privateUser }) => privateUser).length).toBeGreaterThan(0);
    for (const printed of way.privateUser) {
      const failure = await expectProblem(start(printed), 'private');
      expect(failure.isAnswer).toBe(true);
    }
  },

  'takes a refused key as final, whatever it says besides, and names the next step': NO_KEY,

  // The only quota is ours: it is counted before the program is started.
  'takes a spent quota as final': async ({ provider, way, start }) => {
    const onAttempt = () => {
      throw new ProviderError(provider.name, 'quota', 'has no quota left today');
    };
    const run = start(way.print(makeFakeAccount(1, 1)), { onAttempt });
    await expect(run.fetch(1)).rejects.toMatchObject({ problem: 'quota' });
    expect(run.program.runs()).toEqual([]);
  },

  'waits more than a second when told to slow down, and goes on': NO_HTTP,
  'obeys Retry-After in seconds and as a date': NO_HTTP,

  'does not wait longer than a minute: it says when to come back': async ({ way, start }) => {
    const failure = await expectProblem(start(way.tooFast), 'rate_limited');
    expect(failure.hint).toMatch(/wait/);
  },

  'sends a request three times when the host is failing, waiting longer each time': NO_HTTP,

  'does not take a web page for an answer': async ({ way, start }) => {
    const failure = await expectProblem(
      start({ stdout: ' <!doctype html><title>Just a moment...</title>' }),
      'malformed',
    );
    expect(failure.message).toContain('not JSON');
    expect(failure.hint).toBeDefined();
    await expectProblem(start(way.failing), 'unavailable');
  },

  // Only a program that was ended prints half of it; running it again is the next fetch's part.
  'asks again for JSON that is cut off, wherever it is cut': async ({ way, start }) => {
    const text = textOf(way.print(makeFakeAccount(2, 2)));
    for (const length of [0, 1, text.length >> 1, text.length - 1]) {
      await expectProblem(start({ stdout: text.slice(0, length) }), 'malformed');
    }
  },

  'stops reading a body that is larger than allowed': async ({ way, start }) => {
    const run = start({ ...way.print(makeFakeAccount(1, 1)), exitCode: 0 }, { maxMb: 0.5 });
    run.program.printMegabytes(80);
    const before = performance.now();
    const failure = await expectProblem(run, 'malformed');
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(failure.message).toContain('more than 0.5 MB');
    expect(failure.hint).toContain('max_response_mb');
    expect(run.program.isFinished(), 'it is ended, not read to the end').toBe(false);
  },

  'does not follow to another host, and sends the key nowhere else': async ({ way, start }) => {
    vi.stubEnv('RAPIDAPI_KEY', CANARY);
    vi.stubEnv('SMSTATS_DATABASE_URL', `postgres://user:${CANARY}@localhost/x`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const run = start(way.print(makeFakeAccount(1, 1)));
    await run.fetch(1);
    expect(run.program.environment()).toContain('PATH=');
    expect(run.program.environment()).not.toContain(CANARY);
  },

  'sends its key with each request in a header, and never in the address': NO_KEY,

  'counts each attempt before it is sent, and tells how it ended without the key': async ({ way, start }) => {
    const good = start(way.print(makeFakeAccount(1, 1)));
    await good.fetch(1);
    expect(good.attempts).toMatchObject([{ ranBefore: false, outcome: { success: true, error: null } }]);
    const bad = start(way.complaint(`your key ${CANARY} and ${encodeURIComponent(CANARY)}`));
    await expectProblem(bad, 'unavailable');
    expect(bad.attempts).toMatchObject([{ ranBefore: false, outcome: { success: false } }]);
    expect(bad.attempts[0]?.outcome?.error?.length).toBeGreaterThan(5);
    expect(JSON.stringify(bad.attempts)).not.toContain(CANARY);
    expect(JSON.stringify(bad.attempts)).not.toContain(encodeURIComponent(CANARY));
  },

  'leaves no part of the key in what a host complains about': async ({ way, start }) => {
    for (const length of [3, 250, 290, 299]) {
      const run = start(way.complaint(`${'x'.repeat(length)} ${CANARY} `.repeat(3)));
      const failure = await expectProblem(run, 'unavailable');
      for (const said of [failure.message, run.attempts[0]?.outcome?.error]) {
        expect(said).not.toContain(CANARY.slice(0, 8));
      }
    }
  },

  'answers for no other account than the one its key is of': ANY_ACCOUNT,

  'leaves out what others posted': async ({ way, start }) => {
    const account = makeFakeAccount(3, 3);
    expect(idsIn(await start(way.withForeignPost(account)).fetch(ALL))).toEqual(idsOf(account));
  },

  'refuses a profile whose follower count was renamed': async ({ subject, way, start }) => {
    expect(subject.platforms.some(({ followersField }) => followersField !== null)).toBe(true);
    if (!way.followersField) return;
    await expectRenamed(way.followersField, way, start);
  },

  'refuses a page on which a metric was renamed in all posts': async ({ way, start }) => {
    const fields = Object.values(way.metricFields);
    expect(fields.length).toBeGreaterThan(0);
    for (const field of fields) await expectRenamed(field, way, start);
  },

  'ends in an answer or in an error that explains itself, whatever value of a reply changes': async ({
    provider,
    way,
  }) => {
    const { stdout } = way.print(makeFakeAccount(2, 2));
    const outcomes = { answer: 0, error: 0 };
    let count = 0;
    JSON.stringify(stdout, (_key, value: unknown) => (count++, value));
    for (let at = 0; at < count; at++) {
      for (const to of [null, undefined, -1, '', {}]) {
        let index = 0;
        const text = JSON.stringify(stdout, (_key, value: unknown) => (index++ === at ? to : value)) as
          string | undefined;
        // Hundreds of changes: not each starts a process.
        const ask = {
          posts: 5,
          platform: way.platform,
          now: new Date('2026-11-22T10:00:00Z'),
          hasToken: false,
          setting: () => undefined,
          get: () => Promise.reject(new Error('asks no network')),
          send: () => Promise.reject(new Error('asks no network')),
          run: async () => ({ exitCode: 0, stdout: text ?? '', stderr: '' }),
        };
        const result = await provider.fetchAccount(way.username, ask).catch((error: unknown) => error);
        outcomes[result instanceof ProviderError ? 'error' : 'answer']++;
        if (!(result instanceof ProviderError)) expectSane(result as AccountAnswer);
      }
    }
    expect(outcomes.answer).toBeGreaterThan(50);
    expect(outcomes.error).toBeGreaterThan(20);
  },
};

async function expectRenamed(
  { key, path }: { key: string; path: string },
  way: ProgramPlatform,
  start: Stage['start'],
): Promise<void> {
  const text = textOf(way.print(makeFakeAccount(3, 3)));
  expect(text).toContain(`"${key}":`);
  const run = start({ stdout: text.replaceAll(`"${key}":`, `"${key}_new":`) });
  const failure = await expectProblem(run, 'schema');
  expect(failure.message).toContain(path);
  expect(failure.hint).toContain('update smstats');
}

/** Whatever a program prints, what leaves the provider can be stored. */
function expectSane({ profile, posts }: AccountAnswer): void {
  const counts = [profile.followers, profile.following, profile.posts, ...posts.map(({ duration }) => duration)];
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

/** Runs a case on each platform that the program knows. */
export async function runProgramCase(provider: Provider, subject: ProgramSubject, run: ProgramCase): Promise<void> {
  expect(subject.platforms.map(({ platform }) => platform)).toEqual(provider.platforms);
  for (const way of subject.platforms) await run({ provider, way, subject, start: createStart(provider, way) });
}

/** What can go wrong with a program and with nothing else, by name. */
export const PROGRAM_FAULTS: Record<string, ProgramCase> = {
  'says how to install a program that is not there, or cannot be run': async ({ provider, way, start }) => {
    const printed = way.print(makeFakeAccount(1, 1));
    const folder = mkdtempSync(join(tmpdir(), 'smstats-program-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const plain = join(folder, 'plain');
    writeFileSync(plain, 'no program');
    for (const program of ['smstats-no-such-program', join(folder, 'missing'), join(plain, 'below'), plain, folder]) {
      const failure = await expectProblem(start(printed, { program }), 'not_installed');
      expect(failure.message).toContain(program);
      expect(failure.hint).toMatch(/install/);
      expect(failure.hint).toContain(`providers.${provider.name}.program`);
    }
    chmodSync(plain, 0o700);
    writeFileSync(plain, '#!/no/such/interpreter\n');
    await expectProblem(start(printed, { program: plain }), 'not_installed');
    for (const exitCode of [126, 127]) {
      await expectProblem(start({ stderr: 'env: python3: No such file or directory\n', exitCode }), 'not_installed');
    }
  },

  'says that a version is too old': async ({ subject, start }) => {
    const failure = await expectProblem(start(subject.tooOld), 'not_installed');
    expect(failure.message).toContain('too old');
    expect(failure.hint).toContain('update');
  },

  'takes a program that is ended from outside, or fails without a word, for a failure': async ({ way, start }) => {
    const killed = start(way.print(makeFakeAccount(1, 1)));
    killed.program.endWith('KILL');
    const failure = await expectProblem(killed, 'unavailable');
    expect(failure.message).toContain('137');
    await expectProblem(start({ exitCode: 1 }), 'unavailable');
  },
};
