import { median } from 'simple-statistics';
import { groupBy } from '../core/group.ts';

/** A post of an account, with what its counters showed at one age. */
export interface AgedPost {
  id: number;
  /** ISO 8601, UTC. */
  posted_at: string;
  media_type: string | null;
  views: number | null;
  likes: number | null;
}

/** How a post did beside the posts before it. */
export interface PostScore {
  id: number;
  posted_at: string;
  media_type: string | null;
  value: number;
  /** The median of the posts before it. */
  baseline: number;
  /** ln(value / baseline): 0 is as usual, 0.69 is twice as much. */
  score: number;
}

/** The posts of one media type: what they are judged by, and how many could be. */
export interface Stratum {
  media_type: string | null;
  metric: 'views' | 'likes';
  /** Published in the window. */
  posts: number;
  /** Those whose value at that age is known. */
  covered: number;
  /** Those that have enough covered posts before them. */
  scored: number;
}

/** How many posts before a post make its baseline. */
const BASELINE_POSTS = { least: 20, most: 30 } as const;

/**
 * Scores the posts of an account, each against the posts of its media type before it, all at the same age. Posts of a
 * type are judged by views or by likes, whichever more of them tell (views when as many): never some by this and some by
 * that. What is not known is left out.
 */
export function scorePosts(posts: readonly AgedPost[]): { strata: Stratum[]; scores: PostScore[] } {
  const strata: Stratum[] = [];
  const scores: PostScore[] = [];
  for (const [media_type, ofType] of groupBy(posts, (post) => post.media_type)) {
    const metric = count(ofType, 'likes') > count(ofType, 'views') ? 'likes' : 'views';
    const covered = ofType
      .filter((post) => post[metric] !== null)
      .toSorted((a, b) => compare(a.posted_at, b.posted_at) || a.id - b.id);
    const values = covered.map((post) => post[metric] as number);
    const scored = covered.slice(BASELINE_POSTS.least).map(({ id, posted_at }, index): PostScore => {
      const at = index + BASELINE_POSTS.least;
      const value = values[at] as number;
      const baseline = median(values.slice(Math.max(0, at - BASELINE_POSTS.most), at));
      return { id, posted_at, media_type, value, baseline, score: Math.log(countable(value) / countable(baseline)) };
    });
    scores.push(...scored);
    strata.push({ media_type, metric, posts: ofType.length, covered: covered.length, scored: scored.length });
  }
  return { strata, scores };
}

function count(posts: readonly AgedPost[], metric: Stratum['metric']): number {
  return posts.filter((post) => post[metric] !== null).length;
}

/** A post that nobody liked is known, and has a place below those with one like: 0 counts as a half. */
function countable(value: number): number {
  return Math.max(0.5, value);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
