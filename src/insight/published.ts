import { weightedEngagement, type BasisSum, type EngagementBasis } from './engagement.ts';

/** The posts that an account published in a period, and what they have got in all their life so far (lifetime). */
export interface Published {
  /** Those that are stored; null for a time of which no post is: nobody knows whether there was one. */
  posts: number | null;
  /** Sums of the latest known numbers; null when no post tells the number. */
  views: number | null;
  likes: number | null;
  comments: number | null;
  shares: number | null;
  byBasis: BasisSum[];
}

/** An engagement rate with all that it is made of. */
export interface ExplainedEngagement {
  /** Percent. */
  rate: number | null;
  basis: EngagementBasis | null;
  /** Likes, comments, shares and saves, those that are known. */
  interactions: number | null;
  denominator: number | null;
  /** The posts that are counted: those with the most common basis. */
  posts: number;
  /** Why there is no rate; null when there is one. */
  reason: string | null;
}

export const NOTHING_KNOWN: Published = {
  posts: null,
  views: null,
  likes: null,
  comments: null,
  shares: null,
  byBasis: [],
};

const WHY_NONE = new Map<number | null, string>([
  [null, 'no post of that time is stored'],
  [0, 'nothing was published'],
]);

/**
 * The engagement of the posts of a period: sum of interactions / sum of denominators x 100, over the posts that share the
 * most common denominator.
 * @param followers what each post whose rate is of followers is divided by.
 */
export function explainEngagement({ posts, byBasis }: Published, followers: number | null): ExplainedEngagement {
  const { rate, basis } = weightedEngagement(byBasis, followers);
  const sum = byBasis.find((each) => each.basis === basis);
  if (rate === null || !sum) {
    const reason = WHY_NONE.get(posts) ?? 'no post tells what a rate needs';
    return { rate: null, basis: null, interactions: null, denominator: null, posts: 0, reason };
  }
  const denominator = basis === 'followers' ? (followers ?? 0) * sum.posts : sum.denominator;
  return { rate, basis, interactions: sum.interactions, denominator, posts: sum.posts, reason: null };
}
