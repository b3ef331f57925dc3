import { median, quantile } from 'simple-statistics';

/** The share of a post's final value that is there at an age: the middle of all posts. */
export interface DecayPoint {
  /** Days since publication. */
  age: number;
  /** Posts whose value is known at this age and at the final one. */
  n: number;
  /** Percent of the final value; null where fewer than five posts tell. */
  median: number | null;
  /** The middle half of the posts lies between these. */
  low: number | null;
  high: number | null;
}

/** Fewer posts make no curve. */
const LEAST_IN_CURVE = 5;

/**
 * How fast posts collect what they get: at each age the median over the posts of value / value at the last age x 100.
 * A post whose final value is unknown or 0 is no part of it.
 * @param ages days, ascending; the last is the final one.
 * @param posts a value for each age; null where it is not known.
 */
export function decayCurve(ages: readonly number[], posts: readonly (readonly (number | null)[])[]): DecayPoint[] {
  const followed = posts.filter((values) => values.at(-1));
  return ages.map((age, at) => {
    const shares = followed.flatMap((values) => {
      const value = values[at] ?? null;
      return value === null ? [] : [(value / (values.at(-1) as number)) * 100];
    });
    if (shares.length < LEAST_IN_CURVE) return { age, n: shares.length, median: null, low: null, high: null };
    const [low, high] = quantile(shares, [0.25, 0.75]) as [number, number];
    return { age, n: shares.length, median: median(shares), low, high };
  });
}
