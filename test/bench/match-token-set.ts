/** Lower-case words of a text, each once, in order. */
export function sortedWords(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].toSorted();
}

/**
 * The token-set ratio of fuzzy matching libraries, 0..1: the best of the ratios between the words that both have, and
 * those with what the one and the other has besides. 1 as soon as one text holds all words of the other.
 */
export function tokenSetRatio(a: readonly string[], b: readonly string[]): number {
  const inB = new Set(b);
  const inA = new Set(a);
  const both = a.filter((word) => inB.has(word));
  const join = (more: readonly string[]) => [...both, ...more].join(' ');
  const [core, withA, withB] = [
    join([]),
    join(a.filter((word) => !inB.has(word))),
    join(b.filter((word) => !inA.has(word))),
  ];
  return Math.max(core ? ratio(core, withA) : 0, core ? ratio(core, withB) : 0, ratio(withA, withB));
}

/** Twice the longest common subsequence of characters over the length of both. */
function ratio(a: string, b: string): number {
  if (a.length + b.length === 0) return 0;
  // Most pairs begin alike, with the words they share.
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [x, y] = [a.slice(start), b.slice(start)];
  let above = new Uint32Array(y.length + 1);
  for (let i = 0; i < x.length; i++) {
    const row = new Uint32Array(y.length + 1);
    for (let j = 0; j < y.length; j++)
      row[j + 1] = x[i] === y[j] ? (above[j] as number) + 1 : Math.max(above[j + 1] as number, row[j] as number);
    above = row;
  }
  return (2 * (start + (above[y.length] as number))) / (a.length + b.length);
}
