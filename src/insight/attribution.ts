import type { Day } from '../core/time.ts';
import { spread } from './spread.ts';

/** What is spread; conversions and impressions as well as money, so that rates of the parts can be worked out. */
export const SPREAD_NUMBERS = ['cost', 'revenue', 'conversions', 'impressions'] as const;
export type SpreadNumber = (typeof SPREAD_NUMBERS)[number];

/** Millionths of each; null where it is not known. */
export type Amounts = Record<SpreadNumber, bigint | null>;

/** Where a campaign ran and what is to be spread of it. Null is open. */
export interface SpreadCampaign {
  campaign_id: string;
  currency: string | null;
  account_id: number | null;
  platform: string | null;
  video_id: string | null;
  video_title: string | null;
  start_date: Day | null;
  end_date: Day | null;
  amounts: Amounts;
}

/** What has to be known of a post to give it its share of a campaign. */
export interface ReachedPost {
  id: number;
  account_id: number;
  platform: string;
  /** Of an account that is no competitor's, fetched or not. */
  is_own: boolean;
  day: Day;
  views: number | null;
  video_id: string | null;
  video_title: string | null;
}

/** What amounts are summed up by. */
export type SpreadBy = 'campaign' | 'platform' | 'video';

/** Why a video gets nothing known of a campaign. */
export const UNKNOWN_VIEWS = 'the views of its posts are not known';

/** What one campaign, platform or video gets of a campaign. */
export interface Share {
  /** Null: it belongs to none. */
  key: string | null;
  title: string | null;
  /** Why it belongs to none, or why its amounts are not known. */
  reason: string | null;
  /**
   * All of the campaign; a part of it, by views or equally because no views are known; or not known, because other posts
   * have known views and its own have none.
   */
  basis: 'whole' | 'views' | 'equally' | 'unknown';
  amounts: Amounts;
  posts: ReachedPost[];
}

/** Gives each campaign, platform or video what it gets of a campaign. The shares add up to the campaign exactly; what is not known is null. */
export function shareOut(campaign: SpreadCampaign, posts: readonly ReachedPost[], by: SpreadBy): Share[] {
  const reached = postsOf(campaign, posts);
  const whole = (key: string | null, title: string | null, reason: string | null = null): Share[] => [
    { key, title, reason, basis: 'whole', amounts: campaign.amounts, posts: reached },
  ];
  if (by === 'campaign') return whole(campaign.campaign_id, null);
  if (by === 'video' && campaign.video_id !== null) return whole(campaign.video_id, campaign.video_title);
  if (by === 'platform' && campaign.platform !== null) return whole(campaign.platform, null);
  if (by === 'platform' && campaign.video_id !== null) return whole(null, null, 'it names a video and no platform');
  if (reached.length === 0) return whole(null, null, 'no post was published in its days where it ran');
  return shareOverPosts(campaign, reached, by);
}

/**
 * The posts that a campaign is for: those of its account, else of one's own accounts on its platform, else of all of
 * them, published from its first day to its last; of its video alone when it names one.
 */
function postsOf(campaign: SpreadCampaign, posts: readonly ReachedPost[]): ReachedPost[] {
  const { account_id, platform, video_id, start_date, end_date } = campaign;
  return posts.filter(
    (post) =>
      (account_id === null
        ? post.is_own && (platform === null || post.platform === platform)
        : post.account_id === account_id) &&
      (video_id === null || post.video_id === video_id) &&
      (start_date === null || post.day >= start_date) &&
      (end_date === null || post.day <= end_date),
  );
}

/**
 * In proportion to their views, among those whose views are known; equally when none are. Each part goes where its post
 * belongs. Unknown views are not 0 views: what a post without them got is not known.
 */
function shareOverPosts({ amounts }: SpreadCampaign, reached: ReachedPost[], by: 'platform' | 'video'): Share[] {
  const keyOf = (post: ReachedPost) => (by === 'video' ? post.video_id : post.platform);
  const shares = new Map<string | null, Share>();
  for (const post of reached) {
    const key = keyOf(post);
    const title = by === 'video' ? post.video_title : null;
    const share = shares.get(key) ?? { key, title, reason: null, basis: 'unknown', amounts: nothing(), posts: [] };
    shares.set(key, share);
    share.posts.push(post);
  }
  const known = reached.filter(({ views }) => views !== null);
  const weighed = known.length > 0 ? known : reached;
  const weights = weighed.map(({ views }) => views ?? 0);
  const parts = SPREAD_NUMBERS.map((name) => {
    const amount = amounts[name];
    return [name, amount === null ? null : spread(amount, weights)] as const;
  });
  for (const [at, post] of weighed.entries()) {
    const share = shares.get(keyOf(post)) as Share;
    share.basis = known.length > 0 ? 'views' : 'equally';
    for (const [name, split] of parts)
      if (split) share.amounts[name] = (share.amounts[name] ?? 0n) + (split[at] as bigint);
  }
  for (const share of shares.values()) share.reason = reasonOf(share, reached.length);
  return [...shares.values()];
}

function reasonOf({ key, basis, posts }: Share, reached: number): string | null {
  if (key !== null) return basis === 'unknown' ? UNKNOWN_VIEWS : null;
  const reason = `no video is confirmed for ${posts.length} of its ${reached} posts`;
  return basis === 'unknown' ? `${reason}, and their views are not known` : reason;
}

function nothing(): Amounts {
  return { cost: null, revenue: null, conversions: null, impressions: null };
}
