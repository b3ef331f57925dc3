import { mean, median, medianAbsoluteDeviation } from 'simple-statistics';

/** A standard deviation is this many median absolute deviations of normal data: 1 / 0.6745. */
const PER_MAD = 1 / 0.6745;
/** And this many mean absolute deviations: the square root of pi / 2. */
const PER_MEAN_AD = 1.253314;

/** How far values usually lie from their middle, comparable to a standard deviation, and what says so. */
export interface RobustScale {
  scale: number;
  basis: 'MAD' | 'mean absolute deviation';
}

/**
 * The scale of the modified z-score (Iglewicz and Hoaglin 1993): by the median absolute deviation, or by the mean absolute
 * deviation where more than half of the values are the same. Null where all are, or there is none.
 */
export function robustScale(values: readonly number[]): RobustScale | null {
  if (values.length === 0) return null;
  const list = [...values];
  const mad = medianAbsoluteDeviation(list);
  if (mad > 0) return { scale: mad * PER_MAD, basis: 'MAD' };
  const middle = median(list);
  const meanDeviation = mean(list.map((value) => Math.abs(value - middle)));
  return meanDeviation > 0 ? { scale: meanDeviation * PER_MEAN_AD, basis: 'mean absolute deviation' } : null;
}
