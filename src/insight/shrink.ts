/** The scores that fell into a group. */
export interface GroupSum {
  n: number;
  mean: number;
}

/** No group outweighs this many posts of the average one. */
const LEAST_WEIGHT = 5;

/**
 * The variance of scores within groups, and of the groups' true means: the method of moments of a one-way random-effects
 * analysis of variance with groups of unlike size (Searle, Casella, McCulloch, Variance Components, 1992, section 3.6).
 * The second is negative where the groups differ less than chance makes them; null where there is nothing to tell it from.
 * @param squares sum of squares of the scores about the mean of their group.
 */
export function varianceComponents(
  groups: readonly GroupSum[],
  squares: number,
): { within: number; between: number } | null {
  const used = groups.filter(({ n }) => n > 0);
  const total = used.reduce((sum, { n }) => sum + n, 0);
  if (used.length < 2 || total <= used.length) return null;
  const overall = used.reduce((sum, { n, mean }) => sum + n * mean, 0) / total;
  const meanSquare = used.reduce((sum, { n, mean }) => sum + n * (mean - overall) ** 2, 0) / (used.length - 1);
  const within = squares / (total - used.length);
  const size = (total - used.reduce((sum, { n }) => sum + n * n, 0) / total) / (used.length - 1);
  return { within, between: (meanSquare - within) / size };
}

/**
 * The weight of the overall mean, in posts, when the mean of a group is to be told from few of them: the variance within
 * groups / the variance between them; at least 5. Null where the groups do not differ: then the overall mean is all.
 */
export function poolingWeight(groups: readonly GroupSum[], squares: number): number | null {
  const variances = varianceComponents(groups, squares);
  if (!variances || variances.between <= 0) return null;
  return Math.max(LEAST_WEIGHT, variances.within / variances.between);
}

/** (n x mean + weight x overall) / (n + weight); the overall mean when the weight is null. */
export function shrink({ n, mean }: GroupSum, overall: number, weight: number | null): number {
  return weight === null ? overall : (n * mean + weight * overall) / (n + weight);
}
