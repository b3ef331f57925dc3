import type { AgedPost } from '../../src/insight/post-score.ts';
import { seededRandom } from '../../src/insight/random.ts';
import { cellOf } from '../../src/insight/slot.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Monday. */
const START = Date.parse('2025-01-06T00:00:00Z');

/** Wednesday 18:00 to 21:00, into which a tenth of the posts fall on purpose. */
export const PLANTED_CELL = cellOf({ weekday: 2, hour: 18 });

/** A post as made here: where in the week it stands in UTC, and what it carries. */
export interface MadePost extends AgedPost {
  cell: number;
  tags: number[];
}

/** What is planted: posts in a cell, or with tag 1, get so many times the views. */
export interface Planted {
  cell?: number;
  tag?: number;
}

/**
 * 300 posts over 500 days by an account that grows by a half, 70 % videos (twice the views of the images), between 8 and
 * 23 o'clock, each with any of 20 tags by a chance of 15 %. Views are log-normal with a deviation of 0.5: the middle two
 * thirds of the posts lie between 0.6 and 1.6 times the usual.
 */
export function makePublished(seed: number, planted: Planted = {}): MadePost[] {
  const random = seededRandom(seed);
  return Array.from({ length: 300 }, (_, index) => {
    const day = Math.floor((index * 500) / 300);
    const isOnPurpose = random() < 0.1;
    const at = isOnPurpose
      ? START + (day - (day % 7) + 2) * DAY_MS + (18 + 3 * random()) * HOUR_MS
      : START + day * DAY_MS + (8 + 15 * random()) * HOUR_MS;
    const [weekday, hour] = [Math.floor((at - START) / DAY_MS) % 7, new Date(at).getUTCHours()];
    const cell = cellOf({ weekday, hour });
    const media_type = random() < 0.7 ? 'video' : 'image';
    const tags = Array.from({ length: 20 }, (__, tag) => tag + 1).filter(() => random() < 0.15);
    const factor = (cell === PLANTED_CELL ? (planted.cell ?? 1) : 1) * (tags.includes(1) ? (planted.tag ?? 1) : 1);
    const usual = 2000 * (1 + day / 1000) * (media_type === 'video' ? 2 : 1);
    const views = Math.round(usual * factor * Math.exp(0.5 * normal(random)));
    return { id: index + 1, posted_at: new Date(at).toISOString(), media_type, views, likes: null, cell, tags };
  });
}

/** The same posts, their times and weekdays dealt out anew. */
export function shuffleTimes(posts: readonly MadePost[], seed: number): MadePost[] {
  const dealt = shuffle(posts, seed);
  return posts.map((post, index) => ({
    ...post,
    posted_at: dealt[index]?.posted_at ?? '',
    cell: dealt[index]?.cell ?? 0,
  }));
}

/** The same posts, their tags dealt out anew. */
export function shuffleTags(posts: readonly MadePost[], seed: number): MadePost[] {
  const dealt = shuffle(posts, seed);
  return posts.map((post, index) => ({ ...post, tags: dealt[index]?.tags ?? [] }));
}

export function shuffle<Item>(items: readonly Item[], seed: number): Item[] {
  const random = seededRandom(seed);
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
