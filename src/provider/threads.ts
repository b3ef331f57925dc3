// https://developers.facebook.com/docs/threads
import * as z from 'zod/mini';
import type { AccountAnswer, DailyInsight, MediaType, Post } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import {
  countBy,
  createQuestion,
  type Insight,
  type InsightQuestion,
  lastDays,
  numberOf,
  seriesOf,
  toAudience,
  toDailyInsight,
} from './shared/meta-insight.ts';
import {
  classifyMeta,
  expectedPages,
  findRefusal,
  META_QUOTA,
  metaHeaders,
  readMetaQuota,
  readPostNumber,
} from './shared/meta.ts';
import { createOptional, type Optional } from './shared/optional.ts';
import { collectPages, CUT_REMARK, type Page } from './shared/page.ts';
import type { Ask, Credential, Provider } from './provider.ts';
import { counter, fromIsoTime, id, orNull, readShape, text } from './shared/shape.ts';

const NAME = 'threads';
const PAGE_SIZE = 100;
const DAYS = 3;

const me = z.object({
  id,
  username: id,
  name: text,
  threads_profile_picture_url: text,
  threads_biography: text,
  is_verified: z.nullish(z.boolean()),
});

const other = z.object({
  username: id,
  name: text,
  profile_picture_url: text,
  biography: text,
  is_verified: z.nullish(z.boolean()),
  follower_count: counter,
});

const thread = z.object({
  id,
  username: text,
  media_type: text,
  media_url: text,
  thumbnail_url: text,
  permalink: text,
  text,
  timestamp: text,
});

const threadList = z.object({
  data: z.array(thread),
  paging: z.nullish(z.object({ cursors: z.nullish(z.object({ after: text })), next: text })),
});

const ME_FIELDS = 'id,username,name,threads_profile_picture_url,threads_biography,is_verified';
const THREAD_FIELDS = 'id,username,media_type,media_url,thumbnail_url,permalink,text,timestamp';

const POST_METRICS = ['views', 'likes', 'replies', 'reposts', 'quotes', 'shares'];
const DAY_METRICS = ['views', 'likes', 'replies', 'reposts', 'quotes'];
const BREAKDOWNS = ['age', 'gender', 'country', 'city'];

const CREDENTIAL: Credential = {
  name: 'threads_access_token',
  env: 'THREADS_ACCESS_TOKEN',
  source: 'https://developers.facebook.com/apps, a Threads token with threads_basic and threads_manage_insights',
};

export const threads: Provider = {
  name: NAME,
  platforms: ['threads'],
  covers: 'own',
  about: "your own Threads account with views and audience, and others' where Meta has approved the app for it",
  price: null,
  credential: CREDENTIAL,
  baseUrl: 'https://graph.threads.com/v1.0',
  quota: META_QUOTA,
  concurrency: 2,
  reports: {
    account: ['followers'],
    post: ['likes', 'comments', 'views', 'shares'],
    day: ['profile_visits', 'likes', 'comments', 'shares'],
    audience: true,
  },
  requestCount: (posts) =>
    2 +
    expectedPages(posts, PAGE_SIZE) +
    (posts + POST_METRICS.length) +
    (DAYS + DAY_METRICS.length) +
    BREAKDOWNS.length,
  headers: metaHeaders,
  classify: (reply) => classifyMeta(reply, CREDENTIAL),
  readQuota: readMetaQuota,

  async fetchAccount(username, ask) {
    const own = readShape(NAME, me, await ask.get('/me', { fields: ME_FIELDS }));
    if (own.username.toLowerCase() !== username) return fetchOther(username, own.username, ask);
    const optional = createOptional();
    const remarks: string[] = [];
    const ofAccount = createQuestion(NAME, ask, optional, 'the account', ['followers_count']);
    const followers = numberOf(await ofAccount.ask('/me/threads_insights'), 'followers_count');
    const graphIds = new Map<string, string>();
    const fetchPage = async (after: string | undefined) => {
      const list = await askList('/me/threads', { ...(after && { after }) }, ask);
      for (const each of ownOf(list, username)) graphIds.set(readPostNumber(NAME, each.permalink), each.id);
      return toPage(list, username);
    };
    const posts = await collectPages(ask.posts, fetchPage, () => remarks.push(CUT_REMARK));
    const ofPosts = createQuestion(NAME, ask, optional, 'posts', POST_METRICS);
    for (const post of posts) addInsights(post, await ofPosts.ask(`/${graphIds.get(post.externalId)}/insights`));
    const ofDays = createQuestion(NAME, ask, optional, 'days', DAY_METRICS);
    const days = await fetchDays(ask, ofDays);
    const who = await fetchAudience(ask, optional);
    return {
      profile: {
        externalId: own.id,
        displayName: orNull(own.name),
        bio: own.threads_biography ?? null,
        profilePicUrl: orNull(own.threads_profile_picture_url),
        isVerified: own.is_verified ?? null,
        isBusiness: null,
        followers,
        following: null,
        posts: null,
      },
      posts,
      days,
      audience: who.audience,
      remarks: [
        ...remarks,
        ...[ofAccount, ofPosts, ofDays].flatMap((each) => each.remarks()),
        ...who.remarks,
        ...optional.remarks(),
      ],
    };
  },
};

/** They are refused for posts of others, so they are not asked for: https://developers.facebook.com/docs/threads/insights */
const INSIGHTS_ARE_PRIVATE = "left out the metrics of others' posts: it shows insights to their owner only";

/** Of others only what anyone may see, and only for apps that Meta has approved for it. */
async function fetchOther(username: string, own: string, ask: Ask): Promise<AccountAnswer> {
  const refuse = (error: unknown) => {
    if (!findRefusal(error)) throw error;
    throw new ProviderError(NAME, 'not_covered', `has a token of @${own} that may not look up others`, {
      hint: `smstats fetch threads ${own}; others need threads_profile_discovery (https://developers.facebook.com/docs/threads)`,
      cause: error,
    });
  };
  const found = readShape(NAME, other, await ask.get('/profile_lookup', { username }).catch(refuse));
  const remarks: string[] = [];
  const fetchPage = async (after: string | undefined) =>
    toPage(await askList('/profile_posts', { username, ...(after && { after }) }, ask).catch(refuse), username);
  const posts = await collectPages(ask.posts, fetchPage, () => remarks.push(CUT_REMARK));
  return {
    profile: {
      externalId: null,
      displayName: orNull(found.name),
      bio: found.biography ?? null,
      profilePicUrl: orNull(found.profile_picture_url),
      isVerified: found.is_verified ?? null,
      isBusiness: null,
      followers: toMetric(found.follower_count),
      following: null,
      posts: null,
    },
    posts,
    remarks: posts.length > 0 ? [...remarks, INSIGHTS_ARE_PRIVATE] : remarks,
  };
}

async function askList(path: string, query: Record<string, string>, ask: Ask) {
  const body = await ask.get(path, { fields: THREAD_FIELDS, limit: String(PAGE_SIZE), ...query });
  return readShape(NAME, threadList, body);
}

type ThreadList = z.output<typeof threadList>;

/** Without what the account only passed on. */
function ownOf({ data }: ThreadList, owner: string) {
  return data.filter(({ media_type: type, username }) => {
    return type !== 'REPOST_FACADE' && (!username || username.toLowerCase() === owner);
  });
}

function toPage(list: ThreadList, owner: string): Page {
  const { data, paging } = list;
  // The last page has a cursor too; `next` is in no page of some answers.
  const hasNext = Boolean(paging?.next) || data.length >= PAGE_SIZE;
  const next = (hasNext && orNull(paging?.cursors?.after)) || undefined;
  // One that holds only what was passed on.
  return { posts: ownOf(list, owner).map(toPost), next, mayBeEmpty: true };
}

const MEDIA_TYPES: Record<string, MediaType> = {
  TEXT_POST: 'text',
  IMAGE: 'image',
  VIDEO: 'video',
  CAROUSEL_ALBUM: 'carousel',
};

function toPost(each: z.output<typeof thread>): Post {
  return {
    externalId: readPostNumber(NAME, each.permalink),
    url: orNull(each.permalink),
    caption: each.text ?? null,
    mediaType: MEDIA_TYPES[each.media_type ?? ''] ?? null,
    thumbnailUrl: orNull(each.thumbnail_url),
    mediaUrl: orNull(each.media_url),
    duration: null,
    postedAt: fromIsoTime(each.timestamp),
    metrics: { likes: null, comments: null, views: null, shares: null, saves: null, reach: null, impressions: null },
  };
}

function addInsights({ metrics }: Post, insights: readonly Insight[]): void {
  // Threads shows this number as the views of a post of any kind, texts too.
  metrics.views = numberOf(insights, 'views');
  metrics.likes = numberOf(insights, 'likes');
  metrics.comments = numberOf(insights, 'replies');
  metrics.shares = sumOf(insights, ['reposts', 'quotes', 'shares']);
}

/** Passing a post on has several names; with one of them unknown the sum would be too small. */
function sumOf(insights: readonly Insight[], names: readonly string[]): number | null {
  const counts = names.map((name) => numberOf(insights, name));
  return counts.includes(null) ? null : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** A day is asked for alone: but for the visits of the profile (`views`) these are totals. */
async function fetchDays(ask: Ask, question: InsightQuestion): Promise<DailyInsight[]> {
  const days: DailyInsight[] = [];
  for (const { day, since, until } of lastDays(ask.now, DAYS)) {
    const insights = await question.ask('/me/threads_insights', { since, until });
    const metrics = {
      profile_visits: seriesOf(insights, 'views').get(day) ?? null,
      likes: numberOf(insights, 'likes'),
      comments: numberOf(insights, 'replies'),
      shares: sumOf(insights, ['reposts', 'quotes']),
    };
    days.push(...toDailyInsight(day, metrics, ask.now));
  }
  return days;
}

async function fetchAudience(ask: Ask, optional: Optional) {
  const found: Insight[] = [];
  const remarks: string[] = [];
  for (const breakdown of BREAKDOWNS) {
    const question = createQuestion(NAME, ask, optional, `the audience by ${breakdown}`, ['follower_demographics']);
    found.push(...(await question.ask('/me/threads_insights', { breakdown })));
    remarks.push(...question.remarks());
  }
  const [ages, genders] = [countBy(found, 'age'), countBy(found, 'gender')];
  const [countries, cities] = [countBy(found, 'country'), countBy(found, 'city')];
  return { audience: toAudience({ ages, genders, countries, cities }), remarks };
}
