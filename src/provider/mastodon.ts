// https://docs.joinmastodon.org/methods/accounts/#statuses
import * as z from 'zod/mini';
import type { MediaType, Post, Profile } from '../core/account.ts';
import { ProviderError } from '../core/errors.ts';
import { INSTANCE_ORIGIN, readInstance } from '../core/instance.ts';
import { toMetric } from '../core/metric.ts';
import { parseRetryAfter, type Failure, type Reply } from './client/failure.ts';
import { htmlToText } from './shared/html.ts';
import { collectPages } from './shared/page.ts';
import type { Provider } from './provider.ts';
import { counter, fromIsoTime, id, orNull, readShape, refuseRenamed, text } from './shared/shape.ts';

const NAME = 'mastodon';
const PAGE_SIZE = 40;

const account = z.object({
  id,
  display_name: text,
  note: text,
  avatar: text,
  followers_count: z.union([z.number(), z.string(), z.null()]),
  following_count: counter,
  statuses_count: counter,
});

const attachment = z.object({
  type: text,
  url: text,
  preview_url: text,
  meta: z.nullish(z.object({ original: z.nullish(z.object({ duration: z.nullish(z.number()) })) })),
});
type Attachment = z.output<typeof attachment>;

const status = z.object({
  id,
  created_at: text,
  url: text,
  content: text,
  spoiler_text: text,
  reblog: z.nullish(z.unknown()),
  account: z.object({ id }),
  media_attachments: z.nullish(z.array(attachment)),
  card: z.nullish(z.unknown()),
});
type Status = z.output<typeof status>;

const statuses = z.array(z.looseObject(status.shape));

const COUNTERS = ['favourites_count', 'replies_count', 'reblogs_count'];

/** Own posts and own threads, as the profile shows them; each account is asked for at its own instance. */
export const mastodon: Provider = {
  name: NAME,
  platforms: ['mastodon'],
  covers: 'any',
  about: 'public Mastodon accounts by user@instance, without a key; Mastodon counts no views',
  price: null,
  credential: null,
  baseUrl: 'https://mastodon.social',
  origins: [INSTANCE_ORIGIN],
  // Each instance allows that much for itself, so what one says is left of it holds for no other.
  quota: { limit: 300, period: 300, safetyMargin: 0.8, requestsPerSecond: 0.75 },
  concurrency: 2,
  reports: {
    account: ['followers', 'following', 'posts'],
    post: ['likes', 'comments', 'shares'],
  },
  requestCount: (posts) => 1 + Math.ceil(posts / PAGE_SIZE),
  // One that is down, or answers nobody without a login, says nothing about the others.
  breakerKey: (username) => username.slice(username.lastIndexOf('@') + 1).toLowerCase(),
  headers: () => ({}),
  classify,

  async fetchAccount(username, ask) {
    const { user, instance } = splitUsername(username);
    const origin = `https://${instance}`;
    const found = await ask.send({ origin, path: '/api/v1/accounts/lookup', query: { acct: user } });
    const view = readShape(NAME, account, found.body);
    const posts = await collectPages(ask.posts, async (cursor) => {
      const { body, headers } = await ask.send({
        origin,
        path: `/api/v1/accounts/${encodeURIComponent(view.id)}/statuses`,
        query: {
          limit: String(PAGE_SIZE),
          exclude_reblogs: 'true',
          exclude_replies: 'true',
          ...(cursor !== undefined && { max_id: cursor }),
        },
      });
      const page = readShape(NAME, statuses, body);
      refuseRenamed(NAME, '[]', page, COUNTERS);
      const own = page.filter((each) => !each.reblog && each.account.id === view.id);
      return { posts: own.map((each) => toPost(each, user, instance)), next: readNext(headers), mayBeEmpty: true };
    });
    const counted = toMetric(view.statuses_count);
    // The count includes boosts, replies and what only followers see: it is no sign that posts are missing.
    const isHidden = ask.posts > 0 && posts.length === 0 && counted !== null && counted > 0;
    const profile: Profile = {
      externalId: `${instance}/${view.id}`,
      displayName: orNull(view.display_name),
      bio: typeof view.note === 'string' ? htmlToText(view.note) : null,
      profilePicUrl: orNull(view.avatar),
      isVerified: null,
      isBusiness: null,
      followers: toMetric(view.followers_count),
      following: toMetric(view.following_count),
      posts: isHidden ? null : counted,
    };
    const remark = `shows no own posts, and counts ${counted} with boosts, replies and those for followers`;
    return { profile, posts, ...(isHidden && { remarks: [remark] }) };
  },
};

/** Checked again here: the name decides which host is asked. */
function splitUsername(username: string): { user: string; instance: string } {
  const [user = '', host = '', ...more] = username.split('@');
  const instance = more.length === 0 ? readInstance(host) : undefined;
  if (user !== '' && instance) return { user, instance };
  throw new ProviderError(NAME, 'not_covered', `needs the public instance in the name, and got "${username}"`, {
    hint: 'write it as user@instance: smstats accounts add mastodon user@mastodon.social',
  });
}

/** The id that the next page lies behind. Mastodon says it in the Link header alone: a page may be short for other reasons. */
function readNext(headers: Headers): string | undefined {
  for (const part of (headers.get('link') ?? '').split(',')) {
    const url = /^\s*<([^<>]*)>(?:;[^;]*)*;\s*rel="?next"?/i.exec(part)?.[1];
    if (url && URL.canParse(url)) return orNull(new URL(url).searchParams.get('max_id')) ?? undefined;
  }
  return undefined;
}

function toPost(each: Status & Record<string, unknown>, user: string, instance: string): Post {
  const attachments = each.media_attachments ?? [];
  const [first] = attachments;
  const isFirstShown = first?.type === 'image' || first?.type === 'video' || first?.type === 'gifv';
  const [boosts, quotes] = [toMetric(each['reblogs_count']), toMetric(each['quotes_count'] ?? 0)];
  const own = `https://${instance}/@${user}/${each.id}`;
  return {
    // Each instance numbers its own posts.
    externalId: `${instance}/${each.id}`,
    url: each.url?.startsWith('https://') && URL.canParse(each.url) ? each.url : own,
    caption: toCaption(each),
    mediaType: toMediaType(attachments, each.card),
    thumbnailUrl: isFirstShown ? orNull(first.preview_url) : null,
    mediaUrl: orNull(first?.url),
    duration: toMetric(Math.round(first?.meta?.original?.duration ?? Number.NaN)),
    postedAt: fromIsoTime(each.created_at),
    metrics: {
      likes: toMetric(each['favourites_count']),
      comments: toMetric(each['replies_count']),
      views: null,
      // Instances that know no quotes do not count them.
      shares: boosts === null || quotes === null ? null : boosts + quotes,
      saves: null,
      reach: null,
      impressions: null,
    },
  };
}

function toCaption({ spoiler_text: warning, content }: Status): string | null {
  if (typeof content !== 'string') return orNull(warning);
  return [warning ?? '', htmlToText(content)].filter((each) => each !== '').join('\n\n');
}

const MEDIA_TYPES: Record<string, MediaType> = { image: 'image', video: 'video', gifv: 'video' };

function toMediaType(attachments: readonly Attachment[], card: unknown): MediaType | null {
  if (attachments.length > 1) return 'carousel';
  const [only] = attachments;
  if (only) return MEDIA_TYPES[only.type ?? ''] ?? null;
  return card ? 'link' : 'text';
}

function classify({ status: code, body, headers, receivedAt }: Reply): Failure | undefined {
  if (code === 404 || code === 410) {
    const isMastodon = typeof (body as { error?: unknown } | null | undefined)?.error === 'string';
    if (code === 410) return { problem: 'not_found', message: 'says the account was suspended (410)', retry: false };
    if (isMastodon) return { problem: 'not_found', message: 'knows no account of that name there', retry: false };
    return {
      problem: 'malformed',
      message: 'found nothing that speaks as Mastodon does at that instance (404)',
      retry: false,
      hint: "check the instance in the handle; it may be served under another name, such as the one in the profile's URL",
    };
  }
  if (code === 401 || code === 403) {
    return {
      problem: 'refused',
      message: `may not ask that instance: it shows accounts only to those with a login there (${code})`,
      retry: false,
      hint: 'its administrators decide that; numbers can be kept by hand: smstats record daily',
    };
  }
  if (code !== 429) return undefined;
  const reset = Date.parse(headers.get('x-ratelimit-reset') ?? '') - receivedAt.getTime();
  const waitMs = parseRetryAfter(headers, receivedAt) ?? (reset > 2_000 && reset < 86_400_000 ? reset : 2_000);
  const wait = `back in ${Math.ceil(waitMs / 1000)} s`;
  return { problem: 'rate_limited', message: `asks to slow down (429, ${wait})`, retry: true, waitMs };
}
