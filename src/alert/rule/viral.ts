import { groupDigits } from '../../core/number.ts';
import type { Finding } from '../../core/alert.ts';
import type { Day } from '../../core/time.ts';
import { findOutstandingPosts, POSTS_BEFORE, type OutstandingPost } from '../../insight/outstanding-post.ts';
import { eachSeenPosts, listPostNames, type SeenPosts } from '../../query/each-seen-posts.ts';
import type { LatestAccount } from '../../query/list-latest.ts';
import type { RuleKind, RuleParameters, RuleScope, RuleWorld } from '../rule-kind.ts';
import { freshFrom, listWatchedLatest, replayFrom, todayOf } from './watch.ts';
import { counted, nameOf, quoted, times } from './wording.ts';

/** A post that does far better than the posts before it did at its age. Judged on the account's last day. */
export const viral: RuleKind = {
  summary: 'a post has many times the views that posts of its kind had at its age',
  threshold: {
    meaning: 'fires when a post has so many times the median of the posts before it, at the same age',
    unit: 'x',
    standard: 5,
    least: 1.5,
    most: 1000,
  },
  days: { meaning: 'posts up to so many days old are looked at', standard: 30, least: 1, most: 90 },
  metrics: null,
  // A post is told once; another post is other news.
  cooldownDays: 0,
  find: (world, parameters, scope) => look(world, parameters, scope, freshFrom(world), 'last'),
  replay: (world, parameters, scope, days) => look(world, parameters, scope, replayFrom(world, days), 'all'),
};

/** A post on the first day that tells. */
type Told = OutstandingPost & { day: Day };

async function look(
  world: RuleWorld,
  parameters: RuleParameters,
  scope: RuleScope,
  from: Day,
  which: 'last' | 'all',
): Promise<Finding[]> {
  const window = {
    days: parameters.days ?? (viral.days?.standard as number),
    threshold: parameters.threshold ?? (viral.threshold?.standard as number),
  };
  const accounts = await listWatchedLatest(world, scope, from);
  const ids = accounts.map(({ account_id }) => account_id);
  const byId = new Map(accounts.map((account) => [account.account_id, account]));
  const findings: Finding[] = [];
  for await (const seen of eachSeenPosts(world.db, ids, { from, days: window.days, before: POSTS_BEFORE })) {
    const fetches = seen.fetches.filter(({ day }) => day <= todayOf(world));
    const told = tellOnce({ ...seen, fetches: which === 'last' ? fetches.slice(-1) : fetches }, window);
    if (told.length === 0) continue;
    const names = new Map(
      (
        await listPostNames(
          world.db,
          told.map(({ id }) => id),
        )
      ).map((row) => [row.id, row]),
    );
    for (const post of told) {
      findings.push(describe(byId.get(seen.account_id) as LatestAccount, post, names.get(post.id), window));
    }
  }
  return findings;
}

function tellOnce({ posts, fetches }: SeenPosts, window: { days: number; threshold: number }): Told[] {
  const told = new Map<number, Told>();
  for (const { day, at } of fetches) {
    for (const post of findOutstandingPosts(posts, at, window)) {
      if (!told.has(post.id)) told.set(post.id, { ...post, day });
    }
  }
  return [...told.values()];
}

type PostName = Awaited<ReturnType<typeof listPostNames>>[number];

function describe(
  account: LatestAccount,
  post: Told,
  name: PostName | undefined,
  { days, threshold }: { days: number; threshold: number },
): Finding {
  const type = post.media_type ?? 'post';
  const caption = name?.caption?.trim() ? quoted(name.caption) : null;
  const usual =
    post.factor === null
      ? 'where those before it had none by then'
      : `${times(post.factor)} what those before it had by then (${groupDigits(post.usual)})`;
  const article = /^[aeiou]/.test(type) ? 'An' : 'A';
  return {
    subject: `post:${post.id}`,
    key: `post:${post.id}`,
    accountId: account.account_id,
    day: post.day,
    title: `${article} ${type} of ${nameOf(account)} has ${groupDigits(post.value)} ${post.metric} after ${age(post.hours)}, ${usual}`,
    facts: [
      ...(caption === null ? [] : [{ label: 'Caption', value: caption }]),
      { label: post.metric === 'views' ? 'Views' : 'Likes', value: groupDigits(post.value) },
      {
        label: 'Expected',
        value: `${groupDigits(post.usual)} (median of the ${post.n} before it that are known at this age)`,
      },
      { label: 'Age', value: age(post.hours) },
    ],
    doubts: [],
    url: name?.post_url && /^https?:\/\//i.test(name.post_url) ? name.post_url : null,
    values: {
      post_id: post.id,
      external_post_id: name?.external_post_id ?? null,
      posted_at: name?.posted_at ?? null,
      media_type: post.media_type,
      metric: post.metric,
      age_hours: post.hours,
      value: post.value,
      expected: post.usual,
      factor: post.factor,
      n: post.n,
      days,
      threshold,
    },
  };
}

function age(hours: number): string {
  return hours < 48 ? counted(Math.floor(hours), 'hour') : counted(Math.floor(hours / 24), 'day');
}
