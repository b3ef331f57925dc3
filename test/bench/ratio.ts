/** A way of doing the work. Returns its own milliseconds when not all that it does is to be counted. */
export type Contender = () => number | void | Promise<number | void>;

/** Milliseconds per contender: the median of its runs. */
export type Medians<Name extends string> = Record<Name, number>;

/**
 * Runs the contenders in turns (A, B, A, B, …), so that a machine that slows down slows down all of them. The first
 * turn warms up and does not count.
 */
export async function compare<Name extends string>(
  rounds: number,
  contenders: Record<Name, Contender>,
): Promise<Medians<Name>> {
  const names = Object.keys(contenders) as Name[];
  const runs = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    // Turning the order around each time leaves no contender the one that always runs behind the expensive one.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const start = performance.now();
      const own = await contenders[name]();
      const elapsed = own ?? performance.now() - start;
      if (round > 0) runs.get(name)?.push(elapsed);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(runs.get(name) ?? [])])) as Medians<Name>;
}

/** The middle of the values; the mean of the middle two when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return (lower + upper) / 2;
}
