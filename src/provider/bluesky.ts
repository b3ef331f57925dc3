// https://docs.bsky.app/docs/api/app-bsky-feed-get-author-feed
import * as z from 'zod/mini';
import type { MediaType, Post, Profile } from '../core/account.ts';
import { toMetric } from '../core/metric.ts';
import type { ReportedQuota } from '../core/quota.ts';
import { parseRetryAfter, type Failure, type Reply } from './client/failure.ts';
import { collectPages } from './shared/page.ts';
import type { Provider } from './provider.ts';
import { counter, fromIsoTime, id, orNull, readShape, refuseRenamed, text } from './shared/shape.ts';

const NAME = 'bluesky';
const PAGE_SIZE = 100;

const profileView = z.object({
  did: id,
  handle: id,
  displayName: text,
  description: text,
  avatar: text,
  followersCount: z.union([z.number(), z.string(), z.null()]),
  followsCount: counter,
  postsCount: counter,
  verification: z.nullish(z.object({ verifiedStatus: text, trustedVerifierStatus: text })),
});

const media = z.object({
  $type: text,
  images: z.nullish(z.array(z.object({ thumb: text, fullsize: text }))),
  thumbnail: text,
  playlist: text,
  external: z.nullish(z.object({ thumb: text })),
});
type Media = z.output<typeof media>;

const link = z.object({ uri: z.string() });

const postView = z.object({
  uri: z.string().check(z.regex(/^at:\/\/did:[^/]+\/[^/]+\/[^/]+$/)),
  author: z.object({ did: id }),
  record: z.object({ text, createdAt: text, reply: z.nullish(z.object({ root: link, parent: link })) }),
  embed: z.nullish(z.extend(media, { media: z.nullish(media) })),
  indexedAt: text,
});
type PostView = z.output<typeof postView>;

const feedView = z.object({
  feed: z.array(z.object({ post: z.looseObject(postView.shape) })),
  cursor: text,
});

const COUNTERS = ['likeCount', 'replyCount', 'repostCount', 'quoteCount'];

/** Own posts and own threads, as the profile shows them; a reply to somebody else is a comment on that one's post. */
export const bluesky: Provider = {
  name: NAME,
  platforms: ['bluesky'],
  covers: 'any',
  about: 'public Bluesky accounts by handle, without a key; Bluesky counts no views',
  price: null,
  credential: null,
  baseUrl: 'https://public.api.bsky.app',
  quota: { limit: 3_000, period: 300, safetyMargin: 0.8, requestsPerSecond: 8 },
  concurrency: 4,
  reports: {
    account: ['followers', 'following', 'posts'],
    post: ['likes', 'comments', 'shares', 'saves'],
  },
  // Reposts and replies take their place on a page: an account with many costs more.
  requestCount: (posts) => 1 + Math.ceil(posts / PAGE_SIZE),
  headers: () => ({}),
  classify,
  readQuota,

  async fetchAccount(username, ask) {
    const answer = await ask.get('/xrpc/app.bsky.actor.getProfile', { actor: username });
    const { did, handle, verification, ...view } = readShape(NAME, profileView, answer);
    const statuses = verification && [verification.verifiedStatus, verification.trustedVerifierStatus];
    let leftOut = 0;
    const posts = await collectPages(ask.posts, async (cursor) => {
      const body = await ask.get('/xrpc/app.bsky.feed.getAuthorFeed', {
        actor: did,
        limit: String(PAGE_SIZE),
        // Bluesky's own filter for threads judges each page alone, so that posts would come and go with its borders.
        filter: 'posts_with_replies',
        includePins: 'false',
        ...(cursor !== undefined && { cursor }),
      });
      const page = readShape(NAME, feedView, body);
      const views = page.feed.map(({ post }) => post);
      refuseRenamed(NAME, 'feed[].post', views, COUNTERS);
      const own = views.filter((each) => isOwn(each, did));
      leftOut += views.length - own.length;
      return {
        posts: own.map((each) => toPost(each, handle === 'handle.invalid' ? did : handle)),
        next: orNull(page.cursor) ?? undefined,
        mayBeEmpty: true,
      };
    });
    const counted = toMetric(view.postsCount);
    // The count includes replies to others: it is no sign that posts are missing.
    const isHidden = leftOut > 0 && posts.length === 0 && counted !== null && counted > 0;
    const profile: Profile = {
      externalId: did,
      displayName: orNull(view.displayName),
      bio: view.description ?? null,
      profilePicUrl: orNull(view.avatar),
      isVerified: statuses?.includes('valid') ?? null,
      isBusiness: null,
      followers: toMetric(view.followersCount),
      following: toMetric(view.followsCount),
      posts: isHidden ? null : counted,
    };
    const remark = `lists only reposts and replies to others, and counts ${counted} posts with them`;
    return { profile, posts, ...(isHidden && { remarks: [remark] }) };
  },
};

function isOwn({ author, record: { reply } }: PostView, did: string): boolean {
  const isBy = (uri: string) => uri.startsWith(`at://${did}/`);
  return author.did === did && (!reply || (isBy(reply.root.uri) && isBy(reply.parent.uri)));
}

function toPost({ uri, record, embed, indexedAt, ...counts }: PostView & Record<string, unknown>, actor: string): Post {
  const shown = embed?.media ?? embed ?? undefined;
  const [reposts, quotes] = [toMetric(counts['repostCount']), toMetric(counts['quoteCount'])];
  const [image] = shown?.images ?? [];
  return {
    externalId: uri,
    url: `https://bsky.app/profile/${actor}/post/${uri.slice(uri.lastIndexOf('/') + 1)}`,
    caption: record.text ?? null,
    mediaType: toMediaType(shown),
    thumbnailUrl: orNull(image?.thumb ?? shown?.thumbnail ?? shown?.external?.thumb),
    mediaUrl: orNull(image?.fullsize ?? shown?.playlist),
    duration: null,
    postedAt: earlier(record.createdAt, indexedAt),
    metrics: {
      likes: toMetric(counts['likeCount']),
      comments: toMetric(counts['replyCount']),
      views: null,
      shares: reposts === null || quotes === null ? null : reposts + quotes,
      saves: toMetric(counts['bookmarkCount']),
      reach: null,
      impressions: null,
    },
  };
}

function toMediaType(shown: Media | undefined): MediaType | null {
  switch (shown?.$type) {
    case undefined:
    case 'app.bsky.embed.record#view':
      return 'text';
    case 'app.bsky.embed.images#view':
      return (shown?.images?.length ?? 0) > 1 ? 'carousel' : 'image';
    case 'app.bsky.embed.video#view':
      return 'video';
    case 'app.bsky.embed.external#view':
      return 'link';
    default:
      return null;
  }
}

/**
 * The author's program sets the first, and may be wrong or ahead, or leave out the zone, which says nothing then; Bluesky
 * itself sorts by the earlier one.
 */
function earlier(created: string | null | undefined, indexed: string | null | undefined): Date | null {
  const times = [created, indexed].flatMap((each) => fromIsoTime(each)?.getTime() ?? []);
  return times.length > 0 ? new Date(Math.min(...times)) : null;
}

const GONE: Record<string, string> = {
  AccountTakedown: 'says the account was suspended',
  AccountDeactivated: 'says that its owner deactivated the account',
};

function classify({ status, body, headers, receivedAt }: Reply): Failure | undefined {
  const { error, message } = (body ?? {}) as { error?: unknown; message?: unknown };
  if (status === 400 && typeof error === 'string') {
    const gone = Object.hasOwn(GONE, error) ? GONE[error] : undefined;
    if (gone) return { problem: 'not_found', message: gone, retry: false };
    if (/profile not found|actor must be a valid/i.test(String(message))) {
      return { problem: 'not_found', message: 'knows no account of that name', retry: false };
    }
  }
  if (status === 401 || status === 403) {
    return {
      problem: 'refused',
      message: `does not answer without a login (${status})`,
      retry: false,
      hint: 'try again later; smstats providers list',
    };
  }
  if (status !== 429) return undefined;
  const reset = readQuota(headers, receivedAt)?.resetsInSeconds;
  const waitMs = parseRetryAfter(headers, receivedAt) ?? Math.max(2_000, (reset ?? 0) * 1_000);
  const wait = `back in ${Math.ceil(waitMs / 1000)} s`;
  return { problem: 'rate_limited', message: `asks to slow down (429, ${wait})`, retry: true, waitMs };
}

/** The window of five minutes, which ends at an instant in epoch seconds. */
function readQuota(headers: Headers, receivedAt: Date): ReportedQuota | undefined {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
    toMetric(headers.get(`ratelimit-${name}`)),
  );
  if (typeof limit !== 'number' || typeof remaining !== 'number' || typeof reset !== 'number') return undefined;
  const resetsInSeconds = Math.ceil(reset - receivedAt.getTime() / 1000);
  if (remaining > limit || resetsInSeconds < 0 || resetsInSeconds > 86_400) return undefined;
  return { limit, remaining, resetsInSeconds };
}
