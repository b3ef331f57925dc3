// https://rapidapi.com/irrors-apis/api/instagram-looter2
import * as z from 'zod/mini';
import type { Profile } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import type { Failure, Reply } from './client/failure.ts';
import { edge, pk, readMediaPage, type MediaPage } from './shared/instagram-media.ts';
import { collectPages } from './shared/page.ts';
import type { Provider } from './provider.ts';
import { classifyRapidApi, rapidApiCredential, rapidApiHeaders, readRapidApiQuota } from './shared/rapidapi.ts';
import { counter, id, orNull, readShape, shapeError, text } from './shared/shape.ts';

const NAME = 'instagram-looter2';
const HOST = 'instagram-looter2.p.rapidapi.com';
/** What a full page holds at least: Instagram likes to answer with twelve posts when more are asked for. */
const PAGE_SIZE = 12;
const ASKED_PAGE_SIZE = 30;

const flag = z.nullish(z.boolean());

/** A profile in either form: flat as the apps get it, and with edges as the web pages get it. */
const profileShape = z.object({
  id: pk,
  username: id,
  full_name: text,
  biography: text,
  is_verified: flag,
  is_private: flag,
  is_business: flag,
  is_business_account: flag,
  profile_pic_url: text,
  profile_pic_url_hd: text,
  hd_profile_pic_url_info: z.nullish(z.object({ url: text })),
  follower_count: counter,
  following_count: counter,
  media_count: counter,
  edge_followed_by: edge,
  edge_follow: edge,
  edge_owner_to_timeline_media: edge,
});

export const instagramLooter2: Provider = {
  name: NAME,
  platforms: ['instagram'],
  covers: 'any',
  about: 'public Instagram accounts by handle, posts and reels, through RapidAPI',
  price: 'free up to 150 requests a month, then from $9.90 a month',
  credential: rapidApiCredential('https://rapidapi.com/irrors-apis/api/instagram-looter2'),
  baseUrl: `https://${HOST}`,
  quota: { limit: 10_000, period: 'day', safetyMargin: 0.8, requestsPerSecond: 10 },
  concurrency: 4,
  reports: {
    account: ['followers', 'following', 'posts'],
    post: ['likes', 'comments', 'views', 'shares'],
  },
  requestCount: (posts) => 1 + Math.ceil(posts / PAGE_SIZE),
  headers: (key) => rapidApiHeaders(HOST, key),
  classify: (reply) => classifyStatus(reply) ?? classifyRapidApi(reply),
  readQuota: readRapidApiQuota,

  async fetchAccount(username, ask) {
    const profile = readProfile(username, await ask.get('/profile2', { username }));
    let next: MediaPage['next'];
    const posts = await collectPages(ask.posts, async () => {
      const query = {
        id: profile.externalId,
        count: String(ASKED_PAGE_SIZE),
        ...(next && { [next.name]: next.value }),
      };
      const page = readMediaPage(NAME, await ask.get('/user-feeds', query), profile.externalId);
      next = page.next;
      return { ...page, next: next?.value };
    });
    return { profile, posts };
  },
};

function readProfile(username: string, body: unknown): Profile & { externalId: string } {
  const user = readShape(NAME, profileShape, body);
  if (user.is_private) throw new ProviderError(NAME, 'private', `says @${username} is private`);
  if (!('follower_count' in user) && user.edge_followed_by?.count === undefined) {
    throw shapeError(NAME, 'follower_count', 'is missing');
  }
  return {
    externalId: user.id,
    displayName: orNull(user.full_name),
    bio: user.biography ?? null,
    profilePicUrl: orNull(user.hd_profile_pic_url_info?.url ?? user.profile_pic_url_hd ?? user.profile_pic_url),
    isVerified: user.is_verified ?? null,
    isBusiness: user.is_business ?? user.is_business_account ?? null,
    followers: toMetric(user.follower_count ?? user.edge_followed_by?.count),
    following: toMetric(user.following_count ?? user.edge_follow?.count),
    posts: toMetric(user.media_count ?? user.edge_owner_to_timeline_media?.count),
  };
}

/** Says what an answer without data means. The gateway does not know a path with "Endpoint '/x' does not exist". */
function classifyStatus({ status, body }: Reply): Failure | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { status: state, errorMessage, message } = body as Record<string, unknown>;
  const isFailure = status === 404 || (status === 200 && (state === false || state === 'fail'));
  if (!isFailure) return undefined;
  const reason = errorMessage ?? message;
  const said = typeof reason === 'string' ? reason.slice(0, 200) : '';
  if (/^(?:not found|(?:user|account)\b.{0,40}not (?:exist|found))/i.test(said)) {
    return { problem: 'not_found', message: 'knows no account of that name', retry: false };
  }
  if (/\bprivate\b/i.test(said)) return { problem: 'private', message: 'says the account is private', retry: false };
  if (status === 404) return undefined;
  return { problem: 'unavailable', message: `answered with an error: ${said || 'no reason given'}`, retry: true };
}
