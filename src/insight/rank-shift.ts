import { errorFunction } from 'simple-statistics';

/** The scores of one stratum: of the posts that carry something, and of those that do not. */
export interface TwoSamples {
  with: readonly number[];
  without: readonly number[];
}

/** How far the first samples are shifted against the second ones. */
export interface RankShift {
  /** Hodges-Lehmann: the median of all differences between a value of one and a value of the other sample. */
  shift: number;
  /** 95 % interval of the shift. */
  low: number;
  high: number;
  /** Two-sided. */
  p: number;
}

/** 97.5 % of the normal distribution. */
const Z95 = 1.959963985;
/** How exactly a shift is searched for. */
const PRECISION = 1e-10;

/**
 * Wilcoxon's rank sum test over strata (van Elteren, Bull. Inst. Int. Stat. 37, 1960): ranks are compared within a
 * stratum only, strata are weighted by 1 / (size + 1), ties have their mean rank. In one stratum it is the usual test with
 * the normal approximation, corrected for ties, not for continuity. The interval holds the shifts that this test would
 * not reject were there no ties (Hodges, Lehmann, Ann. Math. Stat. 34, 1963). Null when no stratum has both samples.
 */
export function rankShift(strata: readonly TwoSamples[]): RankShift | null {
  const used = strata.filter((each) => each.with.length > 0 && each.without.length > 0).map(prepare);
  if (used.length === 0) return null;
  const statistic = used.reduce((sum, { weight, surplus }) => sum + weight * surplus, 0);
  const variance = used.reduce((sum, stratum) => sum + stratum.weight ** 2 * stratum.variance, 0);
  const untied = used.reduce((sum, stratum) => sum + stratum.weight ** 2 * stratum.untiedVariance, 0);
  const pairs = used.reduce((sum, { weight, first, second }) => sum + weight * first.length * second.length, 0);
  const reach = (Z95 * Math.sqrt(untied)) / pairs;
  return {
    shift: (shiftAt(used, pairs, 0.5, 'from') + shiftAt(used, pairs, 0.5, 'to')) / 2,
    low: shiftAt(used, pairs, Math.max(0, 0.5 - reach), 'from'),
    high: shiftAt(used, pairs, Math.min(1, 0.5 + reach), 'to'),
    p: variance === 0 ? 1 : twoSided(statistic / Math.sqrt(variance)),
  };
}

interface Prepared {
  /** In ascending order. */
  first: number[];
  second: number[];
  weight: number;
  /** Rank sum of the first sample less what is expected of it. */
  surplus: number;
  variance: number;
  untiedVariance: number;
}

function prepare(stratum: TwoSamples): Prepared {
  const [first, second] = [ascending(stratum.with), ascending(stratum.without)];
  const [n, m] = [first.length, second.length];
  const total = n + m;
  let ties = 0;
  let rankSum = 0;
  // Both are sorted: they are walked together, a group of equal values at a time.
  for (let i = 0, j = 0; i < n || j < m;) {
    const value = Math.min(first[i] ?? Infinity, second[j] ?? Infinity);
    const before = i + j;
    const firstBefore = i;
    while (i < n && first[i] === value) i++;
    while (j < m && second[j] === value) j++;
    const equal = i + j - before;
    rankSum += (i - firstBefore) * (before + (equal + 1) / 2);
    ties += equal ** 3 - equal;
  }
  const untiedVariance = (n * m * (total + 1)) / 12;
  return {
    first,
    second,
    weight: 1 / (total + 1),
    surplus: rankSum - (n * (total + 1)) / 2,
    variance: untiedVariance - (n * m * ties) / (12 * total * (total - 1)),
    untiedVariance,
  };
}

/**
 * The smallest shift at or below which more than a share of all differences lie (`to`), or at least that share (`from`),
 * each difference with the weight of its stratum. By halving: there are too many differences to list.
 */
function shiftAt(strata: readonly Prepared[], pairs: number, share: number, side: 'from' | 'to'): number {
  let low = Math.min(...strata.map(({ first, second }) => (first[0] as number) - (second.at(-1) as number)));
  let high = Math.max(...strata.map(({ first, second }) => (first.at(-1) as number) - (second[0] as number)));
  low -= PRECISION;
  const target = share * pairs;
  const slack = pairs * 1e-12;
  while (high - low > PRECISION * Math.max(1, Math.abs(high))) {
    const middle = (low + high) / 2;
    const below = weightAtOrBelow(strata, middle);
    if (side === 'from' ? below >= target - slack : below > target + slack) high = middle;
    else low = middle;
  }
  return high;
}

/** The weight of the differences that are no larger than `shift`. */
function weightAtOrBelow(strata: readonly Prepared[], shift: number): number {
  let sum = 0;
  for (const { first, second, weight } of strata) {
    let count = 0;
    // Of the second sample, those smaller than value - shift make a larger difference.
    for (const value of first) count += second.length - countSmaller(second, value - shift);
    sum += weight * count;
  }
  return sum;
}

/** How many of the sorted values are smaller than `value`. */
function countSmaller(sorted: readonly number[], value: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as number) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

function twoSided(z: number): number {
  return Math.min(1, 1 - errorFunction(Math.abs(z) / Math.SQRT2));
}
