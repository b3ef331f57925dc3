import { beforeEach, expect, test } from 'vitest';
import { optionName } from '../../src/question/parameter.ts';
import { queryName } from '../../src/server/question-query.ts';
import { ASKED, type AskedName } from '../../src/server/question.ts';
import { openApi, type Api } from '../helper/api.ts';
import { makeHome, runCli } from '../helper/run-cli.ts';
import { databaseOf } from '../helper/temp-store.ts';
import { seedMonths } from './seed.ts';

let api: Api;
beforeEach(async () => {
  api = await openApi();
  await seedMonths(api.store);
});

/** What each question is asked with, beside nothing at all. */
const SETS: Record<AskedName, string[]> = {
  overview: ['platform=tiktok', 'account=tiktok:anna'],
  account: ['account=tiktok:anna', 'account=instagram:anna.art', 'platform=instagram'],
  posts: [
    'limit=3&offset=2&sort=likes',
    'platform=instagram&media_type=video&min_views=1200',
    'brand=studio&hashtag=%23DIY&since=2026-10-01&until=2026-11-01&basis=views&min_engagement=1.5',
    'search=POST%202&sort=engagement&limit=100',
  ],
  content: ['sort=likes&days=3000', 'limit=1'],
  audience: ['account=tiktok:anna', 'platform=instagram'],
  campaigns: ['platform=tiktok', 'account=instagram:anna.art'],
  growth: ['days=7', 'account=tiktok:rival&days=45'],
  monthly: ['months=2', 'platform=instagram'],
  compare: ['brand=studio', 'days=14&platform=tiktok'],
  anomalies: ['days=40', 'backtest=true', 'backtest=false&account=tiktok:anna'],
  forecast: ['days=7', 'account=tiktok:anna'],
  trends: ['limit=2', 'platform=instagram'],
  hashtags: ['age=48h&limit=5', 'days=20&account=tiktok:anna'],
  'best-times': ['age=7d', 'platform=instagram&days=30'],
  decay: ['final=7', 'final=14&days=60&platform=tiktok'],
  usage: ['days=1', 'provider=tiktok-api23'],
};

/** The same question on the command line. */
function toFlags(name: AskedName, query: string): string[] {
  return [...new URLSearchParams(query)].flatMap(([key, value]) => {
    const parameter = ASKED[name].parameters.find((each) => queryName(each) === key);
    const flag = `--${parameter?.name}`;
    if (parameter?.type.kind !== 'switch') return [flag, value];
    return value === 'true' ? [flag] : [];
  });
}

async function askBoth(name: AskedName, query: string) {
  const reply = await api.get(`/api/social-media/${name}${query === '' ? '' : `?${query}`}`);
  const argv = [...(name === 'usage' ? ['usage'] : ['report', name]), '--json', ...toFlags(name, query)];
  const env = { SMSTATS_DATABASE_URL: await databaseOf(api.store) };
  const { stdout, stderr } = await runCli(argv, { home: makeHome(), env });
  return {
    reply,
    printed: stdout === '' ? undefined : (JSON.parse(stdout) as { data: unknown; warnings: unknown[] }),
    stderr,
  };
}

test.each(Object.entries(SETS))('%s answers what the command line prints', async (name, queries) => {
  let asked = 0;
  for (const query of ['', ...queries]) {
    const { reply, printed, stderr } = await askBoth(name as AskedName, query);
    if (!printed) {
      // Of several accounts one has to be named: both say so.
      expect([reply.status, stderr], query).toEqual([400, expect.stringMatching(/choose|which|more than one|say/i)]);
      continue;
    }
    asked += 1;
    expect(reply.status, reply.text).toBe(200);
    expect(reply.body, query).toEqual({ success: true, data: printed.data, warnings: expect.any(Array) as unknown[] });
    expect((reply.body as { warnings: unknown[] }).warnings).toHaveLength(printed.warnings.length);
  }
  expect(asked).toBeGreaterThan(1);
});

test('every question has sets of parameters here, and together they use every parameter', () => {
  expect(Object.keys(SETS).toSorted()).toEqual(Object.keys(ASKED).toSorted());
  const used = new Set(
    Object.values(SETS).flatMap((sets) => sets.flatMap((set) => [...new URLSearchParams(set).keys()])),
  );
  const minimums = new Set(['min_likes', 'min_comments', 'min_shares', 'min_saves', 'min_reach', 'min_impressions']);
  const names = Object.values(ASKED).flatMap(({ parameters }) => parameters.map(queryName));
  expect([...new Set(names)].filter((name) => !used.has(name) && !minimums.has(name))).toEqual([]);
});

test('no two parameters of a question share a name', () => {
  for (const { parameters } of Object.values(ASKED)) {
    expect(new Set(parameters.map(queryName)).size).toBe(parameters.length);
    expect(new Set(parameters.map(optionName)).size).toBe(parameters.length);
  }
});

test.each([
  ['posts?limit=0', 'limit must be a whole number from 1 to 100000, not "0".'],
  ['posts?limit=', 'limit must be a whole number from 1 to 100000, not "".'],
  ['posts?limit=1e2', 'limit must be a whole number'],
  ['posts?sort=best', 'sort must be one of views, likes'],
  ['posts?since=2026-02-30', 'since must be a day such as 2026-01-31'],
  ['posts?since=2026-02-02&until=2026-01-01', 'until 2026-01-01 is before since 2026-02-02.'],
  ['posts?min_engagement=much', 'min_engagement must be a percentage'],
  ['posts?min-views=3', 'There is no parameter "min-views"; did you mean min_views?'],
  ['posts?minViews=3', 'There is no parameter "minViews"; did you mean min_views?'],
  ['posts?limit=1&limit=2', 'limit is given twice.'],
  ['anomalies?backtest=perhaps', 'backtest must be true or false'],
  ['growth?account=anna', 'does not name an account'],
  ['usage?provider=nobody', 'nobody'],
  ['account?account=tiktok:nobody', 'tiktok @nobody is not tracked.'],
])('%s is refused', async (path, message) => {
  const reply = await api.get(`/api/social-media/${path}`);
  expect(reply.status).toBe(path.includes('tiktok:nobody') ? 404 : 400);
  expect((reply.body as { message: string }).message).toContain(message);
  expect(reply.text).not.toMatch(/--|smstats /);
});

test('on an empty database every question answers, or says that there is nothing', async () => {
  const empty = await openApi();
  for (const name of Object.keys(ASKED)) {
    const { status, text } = await empty.get(`/api/social-media/${name}`);
    expect([200, 400, 404], text).toContain(status);
  }
});
