// https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login/business-discovery
import * as z from 'zod/mini';
import type { AccountAnswer, DailyInsight, MediaType, Post, Profile } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { type PostMetric, toMetric } from '../core/metric.ts';
import type { Failure, Reply } from './client/failure.ts';
import {
  countBy,
  createQuestion,
  type InsightQuestion,
  lastDays,
  numberOf,
  toAudience,
  toDailyInsight,
} from './shared/meta-insight.ts';
import {
  classifyMeta,
  expectedPages,
  findRefusal,
  type GraphError,
  META_QUOTA,
  metaHeaders,
  readMetaQuota,
  readPostNumber,
} from './shared/meta.ts';
import { createOptional, type Optional } from './shared/optional.ts';
import { collectPages, CUT_REMARK } from './shared/page.ts';
import type { Ask, Credential, Provider } from './provider.ts';
import { counter, fromIsoTime, id, orNull, readShape, refuseRenamed, shapeError, text } from './shared/shape.ts';

const NAME = 'instagram-graph';
const PAGE_SIZE = 50;
const DAYS = 3;

const account = z.object({
  id,
  username: id,
  name: text,
  biography: text,
  profile_picture_url: text,
  followers_count: counter,
  follows_count: counter,
  media_count: counter,
});

const media = z.object({
  id,
  username: text,
  caption: text,
  media_type: text,
  media_product_type: text,
  permalink: id,
  timestamp: text,
  like_count: counter,
  comments_count: counter,
  view_count: counter,
  media_url: text,
  thumbnail_url: text,
});

const mediaList = z.object({
  data: z.array(media),
  paging: z.nullish(z.object({ cursors: z.nullish(z.object({ after: text })), next: text })),
});

const accountList = z.object({ data: z.array(z.object({ instagram_business_account: z.nullish(account) })) });
const discovery = z.object({ business_discovery: z.extend(account, { media: z.nullish(mediaList) }) });

const ACCOUNT_FIELDS = 'id,username,name,biography,profile_picture_url,followers_count,follows_count,media_count';
const MEDIA_FIELDS =
  'id,caption,media_type,media_product_type,permalink,timestamp,like_count,comments_count,media_url,thumbnail_url';

/** Those that posts and reels both have. */
const POST_METRICS = ['views', 'reach', 'saved', 'shares', 'likes'];
/** What may refuse a metric that others have: posts, reels, and posts that were made as ads. */
const KINDS = ['FEED', 'REELS', 'AD'];

const DAY_METRICS = ['reach', 'views', 'likes', 'comments', 'shares', 'saves', 'profile_links_taps'];
const BREAKDOWNS = ['age,gender', 'country', 'city'];

const BUSINESS_ID: Credential = {
  name: 'instagram_business_id',
  env: 'INSTAGRAM_BUSINESS_ID',
  source: 'GET /me/accounts?fields=instagram_business_account with the token',
};

const CREDENTIAL: Credential = {
  name: 'instagram_access_token',
  env: 'INSTAGRAM_ACCESS_TOKEN',
  source:
    'https://developers.facebook.com/apps, a token with instagram_basic, instagram_manage_insights, pages_show_list and pages_read_engagement',
};

export const instagramGraph: Provider = {
  name: NAME,
  platforms: ['instagram'],
  covers: 'any',
  about: "your own account with reach, saves and audience, and others' business and creator accounts",
  price: null,
  credential: CREDENTIAL,
  settings: [BUSINESS_ID],
  baseUrl: 'https://graph.facebook.com/v25.0',
  quota: META_QUOTA,
  concurrency: 2,
  reports: {
    account: ['followers', 'following', 'posts'],
    post: ['likes', 'comments', 'views', 'shares', 'saves', 'reach', 'impressions'],
    day: ['reach', 'impressions', 'likes', 'comments', 'shares', 'saves', 'clicks'],
    audience: true,
  },
  requestCount: (posts) =>
    1 +
    expectedPages(posts, PAGE_SIZE) +
    (posts + KINDS.length * POST_METRICS.length) +
    (DAYS + DAY_METRICS.length) +
    BREAKDOWNS.length,
  headers: metaHeaders,
  classify,
  readQuota: readMetaQuota,

  async fetchAccount(username, ask) {
    const accounts = await listOwnAccounts(ask);
    const own = accounts.find((each) => each.username.toLowerCase() === username);
    return own ? fetchOwn(own, ask) : fetchOther(username, accounts[0]?.id ?? '', ask);
  },
};

/** Business discovery finds accounts of businesses and creators; of all others it says that there is no such user. */
function classify(reply: Reply): Failure | undefined {
  const failure = classifyMeta(reply, CREDENTIAL);
  if ((failure?.cause as GraphError | undefined)?.code !== 110) return failure;
  return {
    ...failure,
    problem: 'not_covered',
    message: `shows no business or creator account of that name (${reply.status}, code 110)`,
    retry: false,
    hint: 'a personal account, or one that is shown to adults only, is known to instagram-looter2, instagram-statistics and hikerapi: smstats providers list',
  };
}

type GraphAccount = z.output<typeof account>;
type Media = z.output<typeof media>;

/** The accounts that the token is of: the one that was set, else those behind its owner's Pages. */
async function listOwnAccounts(ask: Ask): Promise<GraphAccount[]> {
  const set = ask.setting(BUSINESS_ID.name);
  if (set) return [readShape(NAME, account, await ask.get(`/${encodeURIComponent(set)}`, { fields: ACCOUNT_FIELDS }))];
  const query = { fields: `instagram_business_account{${ACCOUNT_FIELDS}}`, limit: '100' };
  const { data } = readShape(NAME, accountList, await ask.get('/me/accounts', query));
  const accounts = data.flatMap((page) => page.instagram_business_account ?? []);
  if (accounts.length > 0) return accounts;
  throw new ProviderError(NAME, 'refused', 'shows this token no Page with an Instagram business account', {
    hint: `connect the account to a Page that the token may see, or: smstats config set credentials.${BUSINESS_ID.name}`,
  });
}

async function fetchOwn(own: GraphAccount, ask: Ask): Promise<AccountAnswer> {
  const profile = toProfile(own);
  const remarks: string[] = [];
  const asked = new Map<string, Media>();
  const fetchPage = async (after: string | undefined) => {
    const query = { fields: `${MEDIA_FIELDS},username`, limit: String(PAGE_SIZE), ...(after && { after }) };
    const list = readShape(NAME, mediaList, await ask.get(`/${own.id}/media`, query));
    for (const each of list.data) asked.set(readPostNumber(NAME, each.permalink), each);
    const next = list.paging?.next ? orNull(list.paging.cursors?.after) : null;
    return { posts: toPosts(list.data, own.username), next: next ?? undefined, mayBeEmpty: true };
  };
  const posts = await collectPages(ask.posts, fetchPage, () => remarks.push(CUT_REMARK));
  const optional = createOptional();
  const questions = createQuestions(ask, optional);
  for (const post of posts) await addInsights(post, asked.get(post.externalId) as Media, questions);
  const days = createQuestion(NAME, ask, optional, 'days', DAY_METRICS);
  const audience = await fetchAudience(own, ask, optional);
  return {
    profile,
    posts,
    days: await fetchDays(own, ask, days),
    audience: audience.audience,
    remarks: [
      ...remarks,
      ...[...questions.values(), days].flatMap((each) => each.remarks()),
      ...audience.remarks,
      ...optional.remarks(),
    ],
  };
}

function createQuestions(ask: Ask, optional: Optional): Map<string, InsightQuestion> {
  return new Map(KINDS.map((kind) => [kind, createQuestion(NAME, ask, optional, `${kind} posts`, POST_METRICS)]));
}

async function addInsights({ metrics }: Post, asked: Media, questions: Map<string, InsightQuestion>): Promise<void> {
  const question = questions.get(asked.media_product_type ?? '') ?? questions.get('FEED');
  const insights = (await question?.ask(`/${asked.id}/insights`)) ?? [];
  Object.assign(metrics, toViews(asked, numberOf(insights, 'views')));
  metrics.reach = numberOf(insights, 'reach');
  metrics.saves = numberOf(insights, 'saved');
  metrics.shares = numberOf(insights, 'shares');
  // An owner who hides the likes from others still may see them.
  metrics.likes ??= numberOf(insights, 'likes');
}

/**
 * What Meta counts as a view: a play of a reel or a video, replays too, but of an image or an album that it was shown on a
 * screen. https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights
 */
function toViews(
  { media_type: type }: Media,
  count: number | null,
): Pick<Record<PostMetric, number | null>, 'views' | 'impressions'> {
  const isShown = type === 'IMAGE' || type === 'CAROUSEL_ALBUM';
  return { views: type === 'VIDEO' ? count : null, impressions: isShown ? count : null };
}

/** A day is asked for alone, as totals have no series. The last ones again: Meta corrects them for 48 hours. */
async function fetchDays(own: GraphAccount, ask: Ask, question: InsightQuestion): Promise<DailyInsight[]> {
  const days: DailyInsight[] = [];
  for (const { day, since, until } of lastDays(ask.now, DAYS)) {
    const query = { period: 'day', metric_type: 'total_value', since, until };
    const insights = await question.ask(`/${own.id}/insights`, query);
    const metrics = {
      reach: numberOf(insights, 'reach'),
      // The name that impressions have since 2025, of stories and ads too.
      impressions: numberOf(insights, 'views'),
      likes: numberOf(insights, 'likes'),
      comments: numberOf(insights, 'comments'),
      shares: numberOf(insights, 'shares'),
      saves: numberOf(insights, 'saves'),
      clicks: numberOf(insights, 'profile_links_taps'),
    };
    days.push(...toDailyInsight(day, metrics, ask.now));
  }
  return days;
}

async function fetchAudience({ id: ownId }: GraphAccount, ask: Ask, optional: Optional) {
  const found = [];
  const remarks: string[] = [];
  for (const breakdown of BREAKDOWNS) {
    const question = createQuestion(NAME, ask, optional, `the audience by ${breakdown}`, ['follower_demographics']);
    const query = { period: 'lifetime', metric_type: 'total_value', timeframe: 'this_month', breakdown };
    found.push(...(await question.ask(`/${ownId}/insights`, query)));
    remarks.push(...question.remarks());
  }
  const [ages, genders] = [countBy(found, 'age'), countBy(found, 'gender')];
  const [countries, cities] = [countBy(found, 'country'), countBy(found, 'city')];
  return { audience: toAudience({ ages, genders, countries, cities }), remarks };
}

/** Of others only what anyone may see: no insights, and only business and creator accounts. */
async function fetchOther(username: string, ownId: string, ask: Ask): Promise<AccountAnswer> {
  let profile: Profile | undefined;
  let fields = `${MEDIA_FIELDS},username,view_count`;
  const remarks: string[] = [];
  const askPage = async (after: string | undefined) => {
    const edge = `media.limit(${PAGE_SIZE})${after ? `.after(${after})` : ''}{${fields}}`;
    const query = { fields: `business_discovery.username(${username}){${ACCOUNT_FIELDS},${edge}}` };
    return readShape(NAME, discovery, await ask.get(`/${ownId}`, query)).business_discovery;
  };
  const fetchPage = async (after: string | undefined) => {
    const page = await askPage(after).catch((error: unknown) => {
      if (findRefusal(error)?.code !== 100 || fields === MEDIA_FIELDS) throw error;
      fields = MEDIA_FIELDS;
      remarks.push("refused the views of others' posts");
      return askPage(after);
    });
    profile ??= toProfile(page);
    const list = page.media?.data ?? [];
    const next = orNull(page.media?.paging?.cursors?.after) ?? undefined;
    return { posts: toPosts(list, page.username), next, mayBeEmpty: true };
  };
  const posts = await collectPages(ask.posts, fetchPage, () => remarks.push(CUT_REMARK));
  if (!profile) throw shapeError(NAME, 'business_discovery', 'is missing');
  return { profile, posts, remarks };
}

function toProfile(found: GraphAccount): Profile {
  if (found.followers_count === undefined) throw shapeError(NAME, 'followers_count', 'is missing');
  return {
    // The other providers of Instagram know an account by another number: one that changed with the provider would be none.
    externalId: null,
    displayName: orNull(found.name),
    bio: found.biography ?? null,
    profilePicUrl: orNull(found.profile_picture_url),
    isVerified: null,
    isBusiness: null,
    followers: toMetric(found.followers_count),
    following: toMetric(found.follows_count),
    posts: toMetric(found.media_count),
  };
}

const MEDIA_TYPES: Record<string, MediaType> = { IMAGE: 'image', VIDEO: 'video', CAROUSEL_ALBUM: 'carousel' };

function toPosts(list: readonly Media[], owner: string): Post[] {
  // Likes are missing where an owner hides them; comments never are.
  refuseRenamed(NAME, 'data[]', list, ['comments_count']);
  const own = list.filter(({ username }) => !username || username.toLowerCase() === owner.toLowerCase());
  return own.map((each) => ({
    externalId: readPostNumber(NAME, each.permalink),
    url: each.permalink,
    caption: each.caption ?? null,
    mediaType: each.media_product_type === 'STORY' ? 'story' : (MEDIA_TYPES[each.media_type ?? ''] ?? null),
    thumbnailUrl: orNull(each.thumbnail_url),
    mediaUrl: orNull(each.media_url),
    duration: null,
    postedAt: fromIsoTime(each.timestamp),
    metrics: {
      likes: toMetric(each.like_count),
      comments: toMetric(each.comments_count),
      ...toViews(each, toMetric(each.view_count)),
      shares: null,
      saves: null,
      reach: null,
    },
  }));
}
