import type { Canned, Exchange, Exemption, FakePost } from './subject.ts';
import { readFixture } from './subject.ts';

/** What the Graph API itself answers, whichever product is behind it. */
export const GRAPH = {
  refusedKey: [
    { status: 400, body: readFixture('instagram-graph/error-400-190-token-expired.json') },
    { status: 400, body: readFixture('instagram-graph/error-400-10-permission.json') },
    { status: 403, body: { error: { message: '(#200) Requires read_insights', type: 'OAuthException', code: 200 } } },
  ],
  spentQuota: [
    { status: 403, body: readFixture('instagram-graph/error-403-4-app-limit.json') },
    { status: 400, body: readFixture('instagram-graph/error-400-80002-buc-limit.json') },
    { status: 400, body: readFixture('facebook-pages/error-400-32-page-limit.json') },
  ],
  tooFast: { status: 400, body: { error: { message: '(#613) Calls have exceeded the rate limit', code: 613 } } },
  complaint: (said: string): Canned => ({
    status: 500,
    body: { error: { message: said, type: 'OAuthException', code: 2, is_transient: true } },
  }),
  quotaHeaders: {
    headers: readFixture('instagram-graph/response-headers.json') as Record<string, string>,
    expected: { limit: 4_800, remaining: 0, resetsInSeconds: 1_140 },
  },
};

/** For those that know no account but the one of their token. */
export const KNOWS_ITSELF: Exemption = {
  because: 'it is asked about no account but the one of its token',
  holds: ({ covers }) => covers === 'own',
};

/** The three days before the contract's, as they begin and end in California. */
export const DAYS = ['2026-11-19', '2026-11-20', '2026-11-21'].map((day) => {
  const since = Date.parse(`${day}T08:00:00Z`) / 1000;
  return { day, since: String(since), until: String(since + 86_400) };
});

/** Metrics as series of one value. */
export function toInsights(values: Record<string, unknown>): unknown {
  return { data: Object.entries(values).map(([name, value]) => ({ name, period: 'lifetime', values: [{ value }] })) };
}

/** Metrics as totals. */
export function toTotals(values: Record<string, unknown>): unknown {
  return { data: Object.entries(values).map(([name, value]) => ({ name, period: 'day', total_value: { value } })) };
}

/** The question for the insights of each post that is kept: a repeated one is asked for once. */
export function askEach(
  posts: readonly FakePost[],
  limit: number,
  toExchange: (post: FakePost) => Exchange,
): Exchange[] {
  const kept = new Map<string, FakePost>();
  for (const post of posts) if (!kept.has(post.id)) kept.set(post.id, post);
  return [...kept.values()].slice(0, limit).map(toExchange);
}
