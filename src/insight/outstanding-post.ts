import { median } from 'simple-statistics';
import { groupBy } from '../core/group.ts';
import { valueAtAge } from './value-at-age.ts';

/** What a post's counters showed at an instant; null when that is not known. */
export interface Sighting {
  /** Milliseconds. */
  at: number;
  views: number | null;
  likes: number | null;
}

/** A post and what was seen of it. */
export interface SeenPost {
  id: number;
  media_type: string | null;
  /** Milliseconds. */
  published: number;
  /** In order of their instants. */
  sightings: Sighting[];
}

/** A post that has many times what posts before it had at its age. */
export interface OutstandingPost {
  id: number;
  media_type: string | null;
  metric: 'views' | 'likes';
  hours: number;
  value: number;
  /** The median of the posts before it at the same age. */
  usual: number;
  /** value / usual; null when that is 0. */
  factor: number | null;
  /** Posts that make the median. */
  n: number;
}

/** A post is compared with so many posts before it, of which so many have to be known at its age. */
export const POSTS_BEFORE = 50;
const LEAST_POSTS = 10;
/** Many times nearly nothing is no news. */
const LEAST_ABOVE = 100;

const HOUR_MS = 3_600_000;

/**
 * The posts that were seen at an instant, are up to `days` old, and have at least `threshold` times the median of the posts
 * of their media type before them at the same age, and 100 more. By views; by likes where a post's views are not known. Nothing
 * that was seen later is looked at.
 * @param posts of one account, in the order in which they were published.
 */
export function findOutstandingPosts(
  posts: readonly SeenPost[],
  at: number,
  { days, threshold }: { days: number; threshold: number },
): OutstandingPost[] {
  const found: OutstandingPost[] = [];
  for (const ofType of groupBy(posts, ({ media_type }) => media_type).values()) {
    for (const [index, post] of ofType.entries()) {
      const hours = (at - post.published) / HOUR_MS;
      const seen = post.sightings.findLast((sighting) => sighting.at === at);
      if (!seen || hours <= 0 || hours > days * 24) continue;
      const metric = seen.views === null ? 'likes' : 'views';
      const value = seen[metric];
      if (value === null || value < LEAST_ABOVE) continue;
      const others = ofType
        .slice(Math.max(0, index - POSTS_BEFORE), index)
        .map((other) => valueThen(other, metric, hours, at))
        .filter((each) => each !== null);
      if (others.length < LEAST_POSTS) continue;
      const usual = median(others);
      if (value - usual < LEAST_ABOVE || value < threshold * usual) continue;
      const factor = usual > 0 ? value / usual : null;
      found.push({ id: post.id, media_type: post.media_type, metric, hours, value, usual, factor, n: others.length });
    }
  }
  return found;
}

function valueThen(post: SeenPost, metric: 'views' | 'likes', hours: number, until: number): number | null {
  const readings = post.sightings
    .filter(({ at }) => at <= until)
    .map((sighting) => ({ hours: (sighting.at - post.published) / HOUR_MS, value: sighting[metric] }));
  return valueAtAge(readings, hours);
}
