// https://developers.facebook.com/docs/pages-api
import * as z from 'zod/mini';
import type { Audience, DailyInsight, MediaType, Post } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import {
  createQuestion,
  type Insight,
  lastDays,
  numberOf,
  seriesOf,
  toAudience,
  toDailyInsight,
} from './shared/meta-insight.ts';
import { classifyMeta, expectedPages, findRefusal, META_QUOTA, metaHeaders, readMetaQuota } from './shared/meta.ts';
import { createOptional } from './shared/optional.ts';
import { collectPages, CUT_REMARK } from './shared/page.ts';
import type { Ask, Credential, Provider } from './provider.ts';
import { counter, fromIsoTime, id, orNull, readShape, refuseRenamed, shapeError, text } from './shared/shape.ts';

const NAME = 'facebook-pages';
const PAGE_SIZE = 100;
const DAYS = 3;

const page = z.object({
  id,
  name: text,
  username: text,
  about: text,
  followers_count: counter,
  picture: z.nullish(z.object({ data: z.nullish(z.object({ url: text })) })),
  verification_status: text,
});

const summary = z.nullish(z.object({ summary: z.nullish(z.object({ total_count: counter })) }));

const post = z.object({
  id,
  from: z.nullish(z.object({ id })),
  message: text,
  created_time: text,
  permalink_url: id,
  full_picture: text,
  shares: z.nullish(z.object({ count: counter })),
  attachments: z.nullish(z.object({ data: z.nullish(z.array(z.object({ media_type: text }))) })),
  reactions: summary,
  comments: summary,
});

const postList = z.object({
  data: z.array(post),
  paging: z.nullish(z.object({ cursors: z.nullish(z.object({ after: text })), next: text })),
});

const PAGE_FIELDS = 'id,name,username,about,followers_count,picture,verification_status';
const PLAIN_FIELDS = 'id,from{id},message,created_time,permalink_url,full_picture,shares,attachments{media_type}';
const POST_FIELDS = `${PLAIN_FIELDS},reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0)`;

const POST_METRICS = ['post_media_view', 'post_total_media_view_unique'];
const PAGE_METRICS = [
  'page_follows',
  'page_media_view',
  'page_total_media_view_unique',
  'page_views_total',
  'page_total_actions',
  'page_follows_country',
  'page_follows_city',
];

const CREDENTIAL: Credential = {
  name: 'facebook_page_token',
  env: 'FACEBOOK_PAGE_TOKEN',
  source:
    'https://developers.facebook.com/apps, a Page token with pages_read_engagement, pages_read_user_content and read_insights',
};

export const facebookPages: Provider = {
  name: NAME,
  platforms: ['facebook'],
  covers: 'own',
  about: 'your own Page with views, reach and audience',
  price: null,
  credential: CREDENTIAL,
  baseUrl: 'https://graph.facebook.com/v25.0',
  quota: META_QUOTA,
  concurrency: 2,
  reports: {
    account: ['followers'],
    post: ['likes', 'comments', 'views', 'shares', 'reach', 'impressions'],
    day: ['followers', 'impressions', 'reach', 'profile_visits', 'clicks'],
    audience: true,
  },
  requestCount: (posts) =>
    1 + (expectedPages(posts, PAGE_SIZE) + 1) + (posts + POST_METRICS.length) + (1 + PAGE_METRICS.length),
  headers: metaHeaders,
  classify: (reply) => classifyMeta(reply, CREDENTIAL),
  readQuota: readMetaQuota,

  async fetchAccount(username, ask) {
    const own = await fetchPage(username, ask);
    const { posts, remarks } = await fetchPosts(own.id, ask);
    const optional = createOptional();
    const ofPosts = createQuestion(NAME, ask, optional, 'posts', POST_METRICS);
    for (const { externalId, mediaType, metrics } of posts) {
      const insights = await ofPosts.ask(`/${externalId}/insights`, { period: 'lifetime' });
      // Meta counts plays of a video as its views, but of everything else that it was shown on a screen.
      // https://developers.facebook.com/docs/graph-api/reference/insights
      const count = numberOf(insights, 'post_media_view');
      metrics.views = mediaType === 'video' ? count : null;
      metrics.impressions = mediaType === 'video' || mediaType === null ? null : count;
      metrics.reach = numberOf(insights, 'post_total_media_view_unique');
    }
    const ofPage = createQuestion(NAME, ask, optional, 'the Page', PAGE_METRICS);
    const days = lastDays(ask.now, DAYS);
    const range = { since: days[0]?.since ?? '', until: days.at(-1)?.until ?? '' };
    const insights = await ofPage.ask(`/${own.id}/insights`, { period: 'day', ...range });
    return {
      profile: {
        externalId: own.id,
        displayName: orNull(own.name),
        bio: own.about ?? null,
        profilePicUrl: orNull(own.picture?.data?.url),
        isVerified: own.verification_status ? own.verification_status !== 'not_verified' : null,
        isBusiness: null,
        followers: toMetric(own.followers_count),
        following: null,
        posts: null,
      },
      posts,
      days: toDays(insights, ask.now),
      audience: toPlaces(insights),
      remarks: [...remarks, ...ofPosts.remarks(), ...ofPage.remarks(), ...optional.remarks()],
    };
  },
};

/** The Page that the token is of. It answers to its handle, in which dots do not count, and to its number. */
async function fetchPage(username: string, ask: Ask) {
  const answer = await ask.get('/me', { fields: PAGE_FIELDS }).catch((error: unknown) => {
    if (findRefusal(error)?.code !== 100) throw error;
    throw new ProviderError(NAME, 'refused', 'was given a token that is not of a Page', {
      hint: 'GET /me/accounts with that token lists the tokens of its Pages; then: smstats config set credentials.facebook_page_token',
      cause: error,
    });
  });
  const own = readShape(NAME, page, answer);
  const plain = (name: string) => name.replaceAll('.', '').toLowerCase();
  if (own.id !== username && plain(own.username ?? '') !== plain(username)) {
    throw new ProviderError(NAME, 'not_covered', `has a token of the Page ${own.username ?? own.id} only`, {
      hint: `use the token of the Page itself, or: smstats fetch facebook ${own.username ?? own.id}`,
    });
  }
  if (own.followers_count === undefined) throw shapeError(NAME, 'followers_count', 'is missing');
  return own;
}

/** Reactions and comments want a right of their own; without it the posts come without them. */
async function fetchPosts(pageId: string, ask: Ask): Promise<{ posts: Post[]; remarks: string[] }> {
  const remarks: string[] = [];
  let fields = POST_FIELDS;
  const askList = async (after: string | undefined) => {
    const query = { fields, limit: String(PAGE_SIZE), ...(after && { after }) };
    return readShape(NAME, postList, await ask.get(`/${pageId}/published_posts`, query));
  };
  const fetchList = async (after: string | undefined) => {
    const list = await askList(after).catch((error: unknown) => {
      const refusal = findRefusal(error);
      if (!refusal || fields === PLAIN_FIELDS) throw error;
      fields = PLAIN_FIELDS;
      remarks.push(`refused reactions and comments of posts (code ${refusal.code})`);
      return askList(after);
    });
    if (fields === POST_FIELDS) refuseRenamed(NAME, 'data[]', list.data, ['reactions', 'comments']);
    const own = list.data.filter(({ from }) => !from || from.id === pageId);
    const next = list.paging?.next ? orNull(list.paging.cursors?.after) : null;
    return { posts: own.map(toPost), next: next ?? undefined, mayBeEmpty: true };
  };
  const posts = await collectPages(ask.posts, fetchList, () => remarks.push(CUT_REMARK));
  return { posts, remarks };
}

const MEDIA_TYPES: Record<string, MediaType> = {
  video: 'video',
  photo: 'image',
  album: 'carousel',
  link: 'link',
  share: 'link',
};

function toPost(each: z.output<typeof post>): Post {
  const attached = each.attachments?.data?.[0];
  return {
    externalId: each.id,
    url: each.permalink_url,
    caption: each.message ?? null,
    mediaType: attached ? (MEDIA_TYPES[attached.media_type ?? ''] ?? null) : 'text',
    thumbnailUrl: orNull(each.full_picture),
    mediaUrl: null,
    duration: null,
    postedAt: fromIsoTime(each.created_time),
    metrics: {
      likes: toMetric(each.reactions?.summary?.total_count),
      comments: toMetric(each.comments?.summary?.total_count),
      views: null,
      // Left out for posts that nobody shared, but also where it is not told: no zero can be made of that.
      shares: toMetric(each.shares?.count),
      saves: null,
      reach: null,
      impressions: null,
    },
  };
}

function toDays(insights: readonly Insight[], now: Date): DailyInsight[] {
  const follows = seriesOf(insights, 'page_follows');
  const views = seriesOf(insights, 'page_media_view');
  const reach = seriesOf(insights, 'page_total_media_view_unique');
  const visits = seriesOf(insights, 'page_views_total');
  const clicks = seriesOf(insights, 'page_total_actions');
  const days = new Set([follows, views, reach, visits, clicks].flatMap((series) => [...series.keys()]));
  return [...days].toSorted().flatMap((day) => {
    const metrics = {
      followers: follows.get(day) ?? null,
      // The name that impressions have since November 2025.
      impressions: views.get(day) ?? null,
      reach: reach.get(day) ?? null,
      profile_visits: visits.get(day) ?? null,
      clicks: clicks.get(day) ?? null,
    };
    return toDailyInsight(day, metrics, now);
  });
}

/** Countries and cities are all that is left: age and gender were retired in 2024. */
function toPlaces(insights: readonly Insight[]): Audience | undefined {
  const [countries, cities] = [countsOf(insights, 'page_follows_country'), countsOf(insights, 'page_follows_city')];
  return toAudience({ ages: new Map(), genders: new Map(), countries, cities });
}

/** The newest value of a metric that counts by name. */
function countsOf(insights: readonly Insight[], name: string): Map<string, number> {
  const value = insights.find((each) => each.name === name)?.values?.at(-1)?.value;
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const counts = entries.map(([key, count]) => [key, toMetric(count)] as const);
  return new Map(counts.filter((entry): entry is [string, number] => entry[1] !== null));
}
