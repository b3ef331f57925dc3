// https://docs.x.com/x-api/users/get-posts
import * as z from 'zod/mini';
import type { MediaType, Post, Profile } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import { collectPages, type Page } from './shared/page.ts';
import type { Provider } from './provider.ts';
import { classifyX } from './shared/x-failure.ts';
import { counter, fromIsoTime, id, orNull, readShape, refuseRenamed, shapeError, text } from './shared/shape.ts';

const NAME = 'x';
const PAGE_SIZE = 100;
const SMALLEST_PAGE = 5;

/** A user costs $0.010 and a post $0.005, so that the quota bounds the bill when a user counts as two posts. */
const USER_UNITS = 2;

/** X shows and counts views since then; older posts have a 0 that says nothing. */
const FIRST_VIEWS = new Date('2022-12-15T00:00:00Z');

const USER_FIELDS = 'description,profile_image_url,protected,public_metrics,verified,verified_type';
const POST_FIELDS = 'attachments,created_at,entities,note_tweet,public_metrics,referenced_tweets';
const MEDIA_FIELDS = 'duration_ms,media_key,preview_image_url,type,url';

const userAnswer = z.object({
  data: z.object({
    id,
    username: id,
    name: text,
    description: text,
    profile_image_url: text,
    protected: z.nullish(z.boolean()),
    verified: z.nullish(z.boolean()),
    verified_type: text,
    public_metrics: z.object({
      followers_count: counter,
      following_count: counter,
      tweet_count: counter,
      post_count: counter,
    }),
  }),
});

const entities = z.nullish(
  z.object({ urls: z.nullish(z.array(z.object({ url: text, expanded_url: text, media_key: text }))) }),
);
const note = z.nullish(z.object({ text: z.string(), entities }));
const references = z.nullish(z.array(z.object({ type: text })));

// X is renaming its fields from tweets to posts; both names are read.
const post = z.object({
  id,
  text,
  created_at: text,
  entities,
  note_tweet: note,
  note_post: note,
  attachments: z.nullish(z.object({ media_keys: z.nullish(z.array(z.string())) })),
  referenced_tweets: references,
  referenced_posts: references,
  public_metrics: z.nullish(z.record(z.string(), z.unknown())),
});

const media = z.object({
  media_key: id,
  type: text,
  url: text,
  preview_image_url: text,
  duration_ms: counter,
});

const postPage = z.object({
  data: z.nullish(z.array(post)),
  includes: z.nullish(z.object({ media: z.nullish(z.array(media)) })),
  meta: z.object({ next_token: text }),
});

type XPost = z.output<typeof post>;
type XMedia = z.output<typeof media>;

export const x: Provider = {
  name: NAME,
  platforms: ['twitter'],
  covers: 'any',
  about: 'public X accounts by handle, exact counts with views, through the API of X',
  price: '$0.005 a post and $0.010 a user that is read, prepaid',
  credential: {
    name: 'x_bearer_token',
    env: 'X_BEARER_TOKEN',
    source: 'https://console.x.com, the bearer token of an app with credits',
  },
  baseUrl: 'https://api.x.com',
  /**
   * X itself stops at 3 million posts a month, which cost $15,000. Nobody wants to find that on a bill, so that we stop
   * at 8,000 of 10,000, or $40, until the user raises `providers.x.limit`. A user may be looked up 300 times in 15
   * minutes, and every second request is one.
   */
  quota: { limit: 10_000, period: 'month', safetyMargin: 0.8, requestsPerSecond: 0.5, unit: 'posts', zone: 'UTC' },
  concurrency: 2,
  reports: {
    account: ['followers', 'following', 'posts'],
    post: ['likes', 'comments', 'views', 'shares', 'saves'],
  },
  requestCount: (posts) => 1 + Math.ceil(posts / PAGE_SIZE),
  unitCount: (posts) => USER_UNITS + Math.max(SMALLEST_PAGE, posts),
  headers: (token) => ({ authorization: `Bearer ${token}` }),
  classify: classifyX,

  async fetchAccount(username, ask) {
    if (!/^\w{1,15}$/.test(username)) {
      throw new ProviderError(NAME, 'not_found', 'has no such handles: 15 letters, digits and underscores at most');
    }
    const { body } = await ask.send({
      path: `/2/users/by/username/${username}`,
      query: { 'user.fields': USER_FIELDS },
      units: USER_UNITS,
    });
    const user = readShape(NAME, userAnswer, body).data;
    if (user.protected) throw new ProviderError(NAME, 'private', `says @${username} is protected`);
    const profile = toProfile(user);
    let found = 0;
    const posts = await collectPages(ask.posts, async (cursor) => {
      // Each post is paid for, so that no more are asked for than are wanted.
      const size = Math.min(PAGE_SIZE, Math.max(SMALLEST_PAGE, ask.posts - found));
      const answer = await ask.send({
        path: `/2/users/${encodeURIComponent(user.id)}/tweets`,
        query: {
          max_results: String(size),
          exclude: 'retweets,replies',
          'tweet.fields': POST_FIELDS,
          expansions: 'attachments.media_keys',
          'media.fields': MEDIA_FIELDS,
          ...(cursor !== undefined && { pagination_token: cursor }),
        },
        units: size,
        unitsOf: countPosts,
      });
      const page = readPage(answer.body, user.username);
      found += page.posts.length;
      return page;
    });
    // The count includes replies and reposts: it is no sign that posts are missing.
    if (posts.length > 0 || !profile.posts) return { profile, posts };
    const remark = `lists no own posts, and counts ${profile.posts} with replies and reposts`;
    return { profile: { ...profile, posts: null }, posts, remarks: [remark] };
  },
};

function toProfile(user: z.output<typeof userAnswer>['data']): Profile {
  const { public_metrics: counts } = user;
  if (counts.followers_count === undefined) {
    throw shapeError(NAME, 'data.public_metrics.followers_count', 'is missing');
  }
  return {
    externalId: user.id,
    displayName: orNull(user.name),
    bio: user.description === undefined || user.description === null ? null : unescapeHtml(user.description),
    profilePicUrl: orNull(user.profile_image_url?.replace(/_normal(\.\w+)$/, '_400x400$1')),
    isVerified: user.verified ?? null,
    // The other badges, the blue one among them, are given to people and companies alike.
    isBusiness: user.verified_type === 'business' ? true : null,
    followers: toMetric(counts.followers_count),
    following: toMetric(counts.following_count),
    posts: toMetric(counts.post_count ?? counts.tweet_count),
  };
}

function readPage(body: unknown, handle: string): Page {
  const page = readShape(NAME, postPage, body);
  const own = (page.data ?? []).filter(isOwn).map((each) => ({ ...each, counts: countsOf(each) }));
  const counted = own.map(({ counts }) => counts);
  refuseRenamed(NAME, 'data[].public_metrics', counted, [
    'like_count',
    'reply_count',
    'repost_count',
    'quote_count',
    'bookmark_count',
    'impression_count',
  ]);
  const attached = new Map((page.includes?.media ?? []).map((each) => [each.media_key, each]));
  return {
    posts: own.map((each) => toPost(each, handle, attached)),
    next: orNull(page.meta.next_token) ?? undefined,
    // X takes reposts and replies out of a page that it has cut already.
    mayBeEmpty: true,
  };
}

/** Reposts carry the counts of the original. A quote is a post of its own. */
function isOwn({ referenced_posts, referenced_tweets }: XPost): boolean {
  const types = (referenced_posts ?? referenced_tweets ?? []).map(({ type }) => type);
  return !types.some((type) => type === 'retweeted' || type === 'reposted' || type === 'replied_to');
}

function countsOf({ public_metrics }: XPost): Record<string, unknown> {
  const { retweet_count, ...counts } = public_metrics ?? {};
  return retweet_count === undefined ? counts : { repost_count: retweet_count, ...counts };
}

function toPost(
  each: XPost & { counts: Record<string, unknown> },
  handle: string,
  attached: Map<string, XMedia>,
): Post {
  const count = (key: string) => toMetric(each.counts[key]);
  const [reposts, quotes] = [count('repost_count'), count('quote_count')];
  const views = count('impression_count');
  const keys = each.attachments?.media_keys ?? [];
  const files = keys.flatMap((key) => attached.get(key) ?? []);
  const [first] = files;
  const postedAt = fromIsoTime(each.created_at);
  // The text of a long post ends at 280 characters; the note has all of it.
  const full = each.note_post ?? each.note_tweet ?? each;
  const links = full.entities?.urls ?? [];
  return {
    externalId: each.id,
    url: `https://x.com/${handle}/status/${each.id}`,
    caption: toCaption(full.text, links),
    mediaType: files.length < keys.length ? null : toMediaType(files, links),
    thumbnailUrl: orNull(first?.preview_image_url ?? first?.url),
    mediaUrl: orNull(first?.url),
    duration: toMetric(Math.round((toMetric(first?.duration_ms) ?? Number.NaN) / 1000)),
    postedAt,
    metrics: {
      likes: count('like_count'),
      comments: count('reply_count'),
      views: views === 0 && postedAt && postedAt < FIRST_VIEWS ? null : views,
      shares: reposts === null || quotes === null ? null : toMetric(reposts + quotes),
      saves: count('bookmark_count'),
      reach: null,
      impressions: null,
    },
  };
}

type Link = NonNullable<NonNullable<XPost['entities']>['urls']>[number];

/** The text with links as their authors gave them, and without those that X adds for what is attached. */
function toCaption(written: string | null | undefined, links: readonly Link[]): string | null {
  if (written === undefined || written === null) return null;
  let caption = unescapeHtml(written);
  for (const { url, expanded_url, media_key } of links) {
    if (url) caption = caption.replaceAll(url, () => (media_key ? '' : (expanded_url ?? url)));
  }
  return links.some(({ media_key }) => media_key) ? caption.trimEnd() : caption;
}

function toMediaType(files: readonly XMedia[], links: readonly Link[]): MediaType | null {
  if (files.length > 1) return 'carousel';
  const type = files[0]?.type;
  if (type === 'photo') return 'image';
  if (type === 'video' || type === 'animated_gif') return 'video';
  if (files.length > 0) return null;
  const leadsAway = (link: Link) => link.expanded_url && !/^https:\/\/(?:x|twitter)\.com\//.test(link.expanded_url);
  return links.some(leadsAway) ? 'link' : 'text';
}

const HTML = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
]);

/** X escapes these three in texts. */
function unescapeHtml(escaped: string): string {
  return escaped.replace(/&(?:lt|gt|amp);/g, (entity) => HTML.get(entity) ?? entity);
}

/** How many posts a page takes from the quota: all that it holds, also those that are left out. */
function countPosts(body: unknown): number {
  const { data } = (body ?? {}) as { data?: unknown };
  return Array.isArray(data) ? data.length : 0;
}
