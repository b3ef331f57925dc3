const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const UNKNOWN = '·';

/** Draws numbers as bars between their own minimum and maximum. Unknown values stay gaps. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  const step = (value: number) => (high === low ? 3 : Math.round(((value - low) / (high - low)) * (BARS.length - 1)));
  return values.map((value) => (value === null ? UNKNOWN : BARS[step(value)])).join('');
}
