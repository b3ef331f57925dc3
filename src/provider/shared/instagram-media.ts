// Instagram's own replies, as scrapers pass them on: https://github.com/subzeroid/instagrapi (instagrapi/extractors.py)
import * as z from 'zod/mini';
import type { MediaType, Post } from '../../core/account.ts';
import { toMetric } from '../../core/metric.ts';
import { counter, fromEpochSeconds, id, orNull, readShape, refuseRenamed, shapeError, text } from './shape.ts';

/** The number of a post or an account. Sent as text or as an integer; long ones arrive as text either way. */
export const pk = z.pipe(
  z.pipe(z.union([z.string(), z.number()]), z.transform(String)),
  z.string().check(z.regex(/^\d{1,20}$/)),
);

const flag = z.nullish(z.boolean());
const epoch = z.nullish(z.union([z.number(), z.string()]));
const images = z.nullish(z.object({ candidates: z.nullish(z.array(z.object({ url: text }))) }));

/** A post as Instagram's apps get it. */
const item = z.object({
  pk,
  code: id,
  user: z.nullish(z.object({ pk: z.nullish(pk) })),
  taken_at: epoch,
  media_type: z.nullish(z.number()),
  product_type: text,
  caption: z.nullish(z.object({ text })),
  like_and_view_counts_disabled: flag,
  like_count: counter,
  comment_count: counter,
  play_count: counter,
  ig_play_count: counter,
  reshare_count: counter,
  video_duration: z.nullish(z.number()),
  video_versions: z.nullish(z.array(z.object({ url: text }))),
  image_versions2: images,
  carousel_media: z.nullish(z.array(z.object({ image_versions2: images }))),
});

const appFeed = z.object({
  items: z.array(item),
  more_available: flag,
  next_max_id: z.nullish(z.union([z.string(), z.number()])),
});

/** A count of GraphQL. */
export const edge = z.nullish(z.object({ count: counter }));

/** A post as Instagram's web pages get it. */
const node = z.object({
  id: pk,
  shortcode: id,
  owner: z.nullish(z.object({ id: z.nullish(pk) })),
  taken_at_timestamp: epoch,
  __typename: text,
  product_type: text,
  edge_media_to_caption: z.nullish(z.object({ edges: z.array(z.object({ node: z.object({ text }) })) })),
  like_and_view_counts_disabled: flag,
  edge_media_preview_like: edge,
  edge_liked_by: edge,
  edge_media_to_comment: edge,
  edge_media_to_parent_comment: edge,
  video_play_count: counter,
  video_duration: z.nullish(z.number()),
  video_url: text,
  display_url: text,
  thumbnail_src: text,
});

const timeline = z.object({
  edges: z.array(z.object({ node })),
  page_info: z.object({ has_next_page: flag, end_cursor: text }),
});

const webFeed = z.object({ data: z.object({ user: z.object({ edge_owner_to_timeline_media: timeline }) }) });

/** One page of an account's posts, without those of others, and the parameter that asks for the next one. */
export interface MediaPage {
  posts: Post[];
  /** Whether others' posts stood there, and more pages may follow although nothing is left. */
  mayBeEmpty: boolean;
  next: { name: 'max_id' | 'end_cursor'; value: string } | undefined;
}

/**
 * Reads a page of posts in either form: of the apps (`items`) or of the web pages (`edges`). The listings change from
 * one to the other without notice. Posts of which the account is a co-author only are left out.
 * @throws ProviderError when it is of neither form, or a counter was renamed.
 */
export function readMediaPage(provider: string, body: unknown, owner: string): MediaPage {
  const isOfApp = typeof body !== 'object' || body === null || !('data' in body);
  return isOfApp ? readAppFeed(provider, body, owner) : readWebFeed(provider, body, owner);
}

function readAppFeed(provider: string, body: unknown, owner: string): MediaPage {
  const { items, more_available: isMore, next_max_id: cursor } = readShape(provider, appFeed, body);
  const open = items.filter((each) => !each.like_and_view_counts_disabled);
  refuseRenamed(provider, 'items[]', open, ['like_count', 'comment_count']);
  const reels = open.filter((each) => each.product_type === 'clips');
  if (!reels.some((each) => 'ig_play_count' in each)) refuseRenamed(provider, 'items[]', reels, ['play_count']);
  return {
    posts: items.filter(({ user }) => (user?.pk ?? owner) === owner).map(fromItem),
    mayBeEmpty: items.length > 0,
    next: isMore === false || !cursor ? undefined : { name: 'max_id', value: String(cursor) },
  };
}

function fromItem(each: z.output<typeof item>): Post {
  const mediaType = toMediaType(each.media_type);
  const isVideo = mediaType === 'video';
  const isHidden = each.like_and_view_counts_disabled ?? false;
  const image = (each.image_versions2 ?? each.carousel_media?.[0]?.image_versions2)?.candidates?.[0]?.url;
  return {
    externalId: each.pk,
    url: postUrl(each.code, each.product_type === 'clips'),
    caption: each.caption === undefined ? null : (each.caption?.text ?? ''),
    mediaType,
    thumbnailUrl: orNull(image),
    mediaUrl: orNull(each.video_versions?.[0]?.url ?? image),
    duration: isVideo ? toDuration(each.video_duration) : null,
    postedAt: fromEpochSeconds(each.taken_at),
    metrics: {
      // Of hidden counts a small number is sent that means nothing.
      likes: isHidden ? null : toMetric(each.like_count),
      comments: toMetric(each.comment_count),
      views: isHidden || !isVideo ? null : (toMetric(each.play_count) ?? toMetric(each.ig_play_count)),
      shares: toMetric(each.reshare_count),
      saves: null,
      reach: null,
      impressions: null,
    },
  };
}

function readWebFeed(provider: string, body: unknown, owner: string): MediaPage {
  const { edges, page_info: info } = readShape(provider, webFeed, body).data.user.edge_owner_to_timeline_media;
  const nodes = edges.map((each) => each.node);
  for (const [field, read] of [
    ['edge_media_preview_like', likesOf],
    ['edge_media_to_comment', commentsOf],
  ] as const) {
    const isRenamed = nodes.length > 0 && nodes.every((each) => read(each) === undefined);
    if (isRenamed) throw shapeError(provider, `edges[].node.${field}.count`, 'is in none of the items');
  }
  return {
    posts: nodes.filter((each) => (each.owner?.id ?? owner) === owner).map(fromNode),
    mayBeEmpty: nodes.length > 0,
    next: info.has_next_page && info.end_cursor ? { name: 'end_cursor', value: info.end_cursor } : undefined,
  };
}

const likesOf = (each: z.output<typeof node>) => (each.edge_media_preview_like ?? each.edge_liked_by)?.count;
const commentsOf = (each: z.output<typeof node>) =>
  (each.edge_media_to_comment ?? each.edge_media_to_parent_comment)?.count;

function fromNode(each: z.output<typeof node>): Post {
  const captions = each.edge_media_to_caption?.edges;
  const kind = /^(?:XDT)?Graph(Image|Video|Sidecar)$/.exec(each.__typename ?? '')?.[1];
  const isVideo = kind === 'Video';
  const isHidden = each.like_and_view_counts_disabled ?? false;
  return {
    externalId: each.id,
    url: postUrl(each.shortcode, each.product_type === 'clips'),
    caption: captions ? (captions[0]?.node.text ?? '') : null,
    mediaType: kind === 'Sidecar' ? 'carousel' : isVideo ? 'video' : kind === 'Image' ? 'image' : null,
    thumbnailUrl: orNull(each.thumbnail_src ?? each.display_url),
    mediaUrl: orNull(each.video_url ?? each.display_url),
    duration: isVideo ? toDuration(each.video_duration) : null,
    postedAt: fromEpochSeconds(each.taken_at_timestamp),
    metrics: {
      likes: isHidden ? null : toMetric(likesOf(each)),
      comments: toMetric(commentsOf(each)),
      // Plays, as everywhere else: `video_view_count` counts something older and smaller.
      views: isHidden || !isVideo ? null : toMetric(each.video_play_count),
      shares: null,
      saves: null,
      reach: null,
      impressions: null,
    },
  };
}

/** The page of a post. Reels have their own. */
export function postUrl(code: string, isReel: boolean): string {
  return `https://www.instagram.com/${isReel ? 'reel' : 'p'}/${encodeURIComponent(code)}/`;
}

const MEDIA_TYPES = new Map<unknown, MediaType>([
  [1, 'image'],
  [2, 'video'],
  [8, 'carousel'],
]);

/** What Instagram's number of a kind of post means. */
export function toMediaType(type: number | null | undefined): MediaType | null {
  return MEDIA_TYPES.get(type) ?? null;
}

/** Whole seconds; 0 stands for what has no duration. */
export function toDuration(seconds: number | null | undefined): number | null {
  return toMetric(Math.round(seconds || Number.NaN));
}
