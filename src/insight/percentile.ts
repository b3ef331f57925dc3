import { quantileRank } from 'simple-statistics';

/** Of fewer a rank says nothing. */
const LEAST_SET = 3;

/** Where a number stands among those that it compares with. */
export interface Percentile {
  /** Percent of the set at or below the number, equal ones at the mean of their ranks: the highest has 100. */
  percentile: number | null;
  /** How many numbers the set has, this one included. */
  n: number;
  /** Why there is none; null when there is one. */
  reason: string | null;
}

/** A number, and what it is a share of; a count is a share of nothing. */
export interface Measured {
  value: number | null;
  denominator: string | null;
}

/** Ranks a number among those of a set with the same denominator. `own` is one of the set. */
export function percentileAmong(own: Measured, set: readonly Measured[]): Percentile {
  const known = set.filter(({ value }) => value !== null);
  const alike = known.filter(({ denominator }) => denominator === own.denominator);
  const n = alike.length;
  if (own.value === null) return { percentile: null, n: 0, reason: 'it is not known' };
  if (n < LEAST_SET) {
    const others = new Set(known.flatMap(({ denominator }) => (denominator === own.denominator ? [] : denominator)));
    const rest = others.size === 0 ? '' : `; the others are of ${[...others].toSorted().join(', ')}`;
    const what = own.denominator === null ? '' : ` of ${own.denominator}`;
    return { percentile: null, n, reason: `only ${n} to compare${what}, ${LEAST_SET} are needed${rest}` };
  }
  const values = alike.map(({ value }) => value as number);
  return { percentile: quantileRank(values, own.value) * 100, n, reason: null };
}
