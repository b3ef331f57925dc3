/** Tags that stand on the same posts; the first is on most of them. */
export interface TagSet {
  tags: number[];
  /** The posts that carry the first tag. */
  posts: ReadonlySet<number>;
}

/** Shared posts / posts of either, from which on two tags cannot be told apart (Jaccard). */
const SAME = 0.9;

/**
 * Puts tags together that always appear together: each one, the most used first, joins the first set with whose leading
 * tag it shares 90 % of the posts that carry either.
 */
export function tagSets(postsOf: ReadonlyMap<number, ReadonlySet<number>>): TagSet[] {
  const order = [...postsOf].toSorted(([a, ofA], [b, ofB]) => ofB.size - ofA.size || a - b);
  const sets: TagSet[] = [];
  const leading = new Map<number, TagSet[]>();
  for (const [tag, posts] of order) {
    const near = new Set([...posts].flatMap((post) => leading.get(post) ?? []));
    const set = [...near].find((each) => jaccard(posts, each.posts) >= SAME);
    if (set) {
      set.tags.push(tag);
      continue;
    }
    const own = { tags: [tag], posts };
    sets.push(own);
    for (const post of posts) {
      const there = leading.get(post);
      if (there) there.push(own);
      else leading.set(post, [own]);
    }
  }
  return sets;
}

function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  if (Math.min(a.size, b.size) < SAME * Math.max(a.size, b.size)) return 0;
  let shared = 0;
  for (const each of a) if (b.has(each)) shared++;
  return shared / (a.size + b.size - shared);
}
