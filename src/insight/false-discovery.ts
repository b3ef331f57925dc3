/**
 * Adjusts p-values of many tests so that of those at or below a level, that share at most is expected to be chance
 * (Benjamini, Hochberg, J. R. Stat. Soc. B 57, 1995). Also known as q-values.
 * @returns one value for each, in the same order.
 */
export function falseDiscovery(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).toSorted((a, b) => (pValues[b] as number) - (pValues[a] as number));
  const adjusted = pValues.map(() => 1);
  let least = 1;
  for (const [place, index] of order.entries()) {
    least = Math.min(least, ((pValues[index] as number) * pValues.length) / (pValues.length - place));
    adjusted[index] = least;
  }
  return adjusted;
}
