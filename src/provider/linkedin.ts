// https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/share-statistics
import * as z from 'zod/mini';
import type { Audience, DailyInsight, MediaType, Post, Profile } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import { addDays, dayIn } from '../core/time.ts';
import { classifyLinkedIn, SCOPES, VERSION } from './shared/linkedin-failure.ts';
import { readLittleText } from './shared/little-text.ts';
import { createOptional, type Optional } from './shared/optional.ts';
import { collectPages } from './shared/page.ts';
import type { Ask, Provider } from './provider.ts';
import { counter, fromEpochMillis, id, orNull, readShape, refuseRenamed, shapeError, text } from './shared/shape.ts';

const NAME = 'linkedin';

const PAGE_SIZE = 100;
/** LinkedIn sets no number, but long addresses fail. */
const CHUNK_SIZE = 20;
/** Later days replace what was not final, and a month fills the gap of a computer that was off. */
const DAYS = 30;

const organizations = z.object({
  elements: z.array(z.object({ id: z.union([z.number(), id]), localizedName: text, localizedDescription: text })),
});

const networkSize = z.object({ firstDegreeSize: counter });

const item = z.object({
  id,
  author: text,
  commentary: text,
  publishedAt: counter,
  createdAt: counter,
  lifecycleState: text,
  content: z.nullish(z.record(z.string(), z.unknown())),
  reshareContext: z.nullish(z.record(z.string(), z.unknown())),
});
const itemPage = z.object({
  elements: z.array(item),
  paging: z.object({ links: z.nullish(z.array(z.object({ rel: text }))) }),
});

const statistics = z.object({
  elements: z.array(
    z.object({
      share: text,
      ugcPost: text,
      timeRange: z.nullish(z.object({ start: counter })),
      totalShareStatistics: z.record(z.string(), z.unknown()),
    }),
  ),
});
type Statistic = z.output<typeof statistics>['elements'][number];

const STATISTICS = ['likeCount', 'commentCount', 'shareCount', 'uniqueImpressionsCount', 'impressionCount'];

const places = z.nullish(
  z.array(
    z.object({
      geo: text,
      followerCounts: z.nullish(z.object({ organicFollowerCount: counter, paidFollowerCount: counter })),
    }),
  ),
);
const followers = z.object({
  elements: z.array(z.object({ followerCountsByGeoCountry: places, followerCountsByGeo: places })),
});

export const linkedin: Provider = {
  name: NAME,
  platforms: ['linkedin'],
  covers: 'own',
  about: 'your own LinkedIn pages by their name in the URL, with days and followers by country',
  price: 'free, after LinkedIn has reviewed your app (Community Management API)',
  credential: {
    name: 'linkedin_access_token',
    env: 'LINKEDIN_ACCESS_TOKEN',
    source:
      'https://www.linkedin.com/developers/apps, an app with the Community Management API and a token with r_organization_social and rw_organization_admin',
  },
  baseUrl: 'https://api.linkedin.com/rest',
  // What an app in development may ask for one member; LinkedIn shows those that passed a second review their limits.
  quota: { limit: 100, period: 'day', safetyMargin: 0.8, requestsPerSecond: 2, zone: 'UTC' },
  concurrency: 2,
  reports: {
    account: ['followers'],
    post: ['likes', 'comments', 'shares', 'reach', 'impressions'],
    day: ['reach', 'impressions', 'shares', 'comments', 'likes', 'clicks', 'mentions'],
    audience: true,
  },
  requestCount: (posts) => 4 + Math.ceil(posts / PAGE_SIZE) + mostChunks(posts),
  headers: (token) => ({
    authorization: `Bearer ${token}`,
    'linkedin-version': VERSION,
    'x-restli-protocol-version': '2.0.0',
  }),
  classify: classifyLinkedIn,

  async fetchAccount(username, ask) {
    const found = await ask.get('/organizations', { q: 'vanityName', vanityName: username });
    const [page] = readShape(NAME, organizations, found).elements;
    if (!page) throw new ProviderError(NAME, 'not_found', 'knows no page of that name');
    const urn = `urn:li:organization:${page.id}`;
    const optional = createOptional();

    const profile: Profile = {
      externalId: String(page.id),
      displayName: orNull(page.localizedName),
      bio: page.localizedDescription ?? null,
      // Logos come as URNs.
      profilePicUrl: null,
      isVerified: null,
      isBusiness: null,
      followers: await fetchFollowerCount(urn, ask, optional),
      following: null,
      posts: null,
    };
    const posts = await fetchPosts(urn, ask);
    const counted = await fetchPostStatistics(urn, posts, ask, optional);
    return {
      profile,
      posts: posts.map((post) => ({ ...post, metrics: toMetrics(counted.get(post.externalId) ?? {}) })),
      days: await fetchDays(urn, ask, optional),
      audience: await optional.read('where followers are', () => fetchAudience(urn, ask)),
      remarks: optional.remarks(),
    };
  },
};

/** A request that LinkedIn does not answer while it answers others: a missing right, or something that was retired. */
function isDenied(error: unknown): error is ProviderError {
  return error instanceof ProviderError && /\((?:400|403|404)\b/.test(error.message);
}

async function fetchFollowerCount(urn: string, ask: Ask, optional: Optional): Promise<number | null> {
  const count = await optional.read('the followers', async () => {
    const path = `/networkSizes/${encodeURIComponent(urn)}`;
    const body = await ask.get(path, { edgeType: 'COMPANY_FOLLOWED_BY_MEMBER' });
    const { firstDegreeSize } = readShape(NAME, networkSize, body);
    if (firstDegreeSize === undefined) throw shapeError(NAME, 'firstDegreeSize', 'is missing');
    return toMetric(firstDegreeSize);
  });
  return count ?? null;
}

/** The posts of a page, newest first, without metrics. */
async function fetchPosts(urn: string, ask: Ask): Promise<Post[]> {
  return collectPages(ask.posts, async (cursor = '0') => {
    const query = { q: 'author', author: urn, count: String(PAGE_SIZE), start: cursor, sortBy: 'CREATED' };
    const headers = { 'x-restli-method': 'FINDER' };
    const { body } = await ask.send({ path: '/posts', query, headers }).catch((error: unknown) => {
      if (!isDenied(error) || error.problem !== 'refused') throw error;
      throw new ProviderError(NAME, 'not_covered', `knows the page, but ${error.message}`, {
        hint: SCOPES,
        cause: error,
      });
    });
    const { elements, paging } = readShape(NAME, itemPage, body);
    const hasNext = paging.links?.some(({ rel }) => rel === 'next') ?? false;
    const own = elements.filter((each) => isOwn(each, urn));
    return { posts: own.map(toPost), next: hasNext ? String(Number(cursor) + PAGE_SIZE) : undefined, mayBeEmpty: true };
  });
}

/** A repost with words is a post of its own; one without shows that of somebody else. */
function isOwn({ author, lifecycleState, reshareContext, commentary }: z.output<typeof item>, urn: string): boolean {
  const isPublished = orNull(lifecycleState) === null || lifecycleState === 'PUBLISHED';
  return isPublished && (author ?? urn) === urn && (!reshareContext || (commentary ?? '').trim() !== '');
}

function toPost(each: z.output<typeof item>): Post {
  return {
    externalId: each.id,
    url: `https://www.linkedin.com/feed/update/${each.id}/`,
    caption: each.commentary === undefined || each.commentary === null ? null : readLittleText(each.commentary),
    mediaType: toMediaType(each),
    thumbnailUrl: null,
    mediaUrl: null,
    duration: null,
    postedAt: fromEpochMillis(each.publishedAt ?? each.createdAt),
    metrics: toMetrics({}),
  };
}

function toMediaType({ content }: z.output<typeof item>): MediaType | null {
  const kinds = Object.keys(content ?? {});
  if (kinds.length === 0 || kinds.includes('poll')) return 'text';
  if (kinds.includes('article')) return 'link';
  if (kinds.includes('multiImage') || kinds.includes('carousel')) return 'carousel';
  const { media } = content as { media?: unknown };
  const file = typeof media === 'object' && media !== null ? String((media as { id?: unknown }).id) : '';
  if (file.startsWith('urn:li:video:')) return 'video';
  if (file.startsWith('urn:li:image:')) return 'image';
  // The pages of a document are turned like the pictures of a carousel.
  return file.startsWith('urn:li:document:') ? 'carousel' : null;
}

/** Lifetime numbers by the URN of the post. LinkedIn leaves out posts without any, and those older than a year. */
async function fetchPostStatistics(
  urn: string,
  posts: readonly Post[],
  ask: Ask,
  optional: Optional,
): Promise<Map<string, Record<string, unknown>>> {
  const found: Statistic[] = [];
  for (const { parameter, urns } of chunksOf(posts.map(({ externalId }) => externalId))) {
    const rawQuery = `${parameter}=List(${urns.map(encodeURIComponent).join(',')})`;
    found.push(...((await optional.read('numbers of posts', () => fetchStatistics(urn, rawQuery, ask))) ?? []));
  }
  return new Map(found.map((each) => [each.share ?? each.ugcPost ?? '', each.totalShareStatistics]));
}

interface Chunk {
  parameter: 'shares' | 'ugcPosts';
  urns: string[];
}

/** The two kinds of posts are asked for under names of their own. */
function chunksOf(urns: readonly string[]): Chunk[] {
  const kinds: [Chunk['parameter'], string][] = [
    ['shares', 'urn:li:share:'],
    ['ugcPosts', 'urn:li:ugcPost:'],
  ];
  return kinds.flatMap(([parameter, prefix]) => {
    const own = urns.filter((urn) => urn.startsWith(prefix));
    const starts = Array.from({ length: Math.ceil(own.length / CHUNK_SIZE) }, (_, index) => index * CHUNK_SIZE);
    return starts.map((start) => ({ parameter, urns: own.slice(start, start + CHUNK_SIZE) }));
  });
}

/** The chunks that so many posts come to when their kinds are mixed in the worst way. */
function mostChunks(posts: number): number {
  return posts < 2 ? posts : 1 + Math.ceil((posts - 1) / CHUNK_SIZE);
}

async function fetchStatistics(urn: string, rawQuery: string, ask: Ask): Promise<Statistic[]> {
  const query = { q: 'organizationalEntity', organizationalEntity: urn };
  const { body } = await ask.send({ path: '/organizationalEntityShareStatistics', query, rawQuery });
  const { elements } = readShape(NAME, statistics, body);
  const counted = elements.map(({ totalShareStatistics }) => totalShareStatistics);
  refuseRenamed(NAME, 'elements[].totalShareStatistics', counted, STATISTICS);
  return elements;
}

function toMetrics(counts: Record<string, unknown>): Post['metrics'] {
  return {
    likes: toMetric(counts['likeCount']),
    comments: toMetric(counts['commentCount']),
    views: null,
    shares: toMetric(counts['shareCount']),
    saves: null,
    reach: toMetric(counts['uniqueImpressionsCount']),
    impressions: toMetric(counts['impressionCount']),
  };
}

/** The days that are over. LinkedIn tells gains of followers by day but no totals, so that these are not asked for. */
async function fetchDays(urn: string, ask: Ask, optional: Optional): Promise<DailyInsight[]> {
  const today = dayIn('UTC', ask.now);
  const [start, end] = [addDays(today, -DAYS), today].map((day) => Date.parse(`${day}T00:00:00Z`));
  const rawQuery = `timeIntervals=(timeRange:(start:${start},end:${end}),timeGranularityType:DAY)`;
  const elements = await optional.read('the days', () => fetchStatistics(urn, rawQuery, ask));
  return (elements ?? []).flatMap(({ timeRange, totalShareStatistics: counts }) => {
    const from = fromEpochMillis(timeRange?.start);
    return from ? [{ day: dayIn('UTC', from), metrics: toDay(counts) }] : [];
  });
}

function toDay(counts: Record<string, unknown>): DailyInsight['metrics'] {
  const [inPosts, inComments] = [toMetric(counts['shareMentionsCount']), toMetric(counts['commentMentionsCount'])];
  const { likes, comments, shares, reach, impressions } = toMetrics(counts);
  return {
    likes,
    comments,
    shares,
    reach,
    impressions,
    clicks: toMetric(counts['clickCount']),
    mentions: inPosts === null || inComments === null ? null : inPosts + inComments,
  };
}

/** Ages and genders are not told. Countries and cities are URNs, whose names would cost further requests. */
async function fetchAudience(urn: string, ask: Ask): Promise<Audience | undefined> {
  const query = { q: 'organizationalEntity', organizationalEntity: urn };
  const body = await ask.get('/organizationalEntityFollowerStatistics', query);
  const [all] = readShape(NAME, followers, body).elements;
  const countries = listPlaces(all?.followerCountsByGeoCountry);
  const cities = listPlaces(all?.followerCountsByGeo);
  return countries || cities ? { ages: {}, male: null, female: null, countries, cities } : undefined;
}

function listPlaces(counted: z.output<typeof places>): string[] | null {
  const known = (counted ?? []).flatMap(({ geo, followerCounts }) => {
    const organic = toMetric(followerCounts?.organicFollowerCount);
    return geo && organic !== null
      ? [{ geo, count: organic + (toMetric(followerCounts?.paidFollowerCount) ?? 0) }]
      : [];
  });
  return known.length > 0 ? known.toSorted((a, b) => b.count - a.count).map(({ geo }) => geo) : null;
}
