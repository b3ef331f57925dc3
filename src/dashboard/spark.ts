import { h, svg } from './dom.ts';
import { format } from './format.ts';
import { sparkPath } from './spark-path.ts';

const WIDTH = 120;
const HEIGHT = 40;

/** A line as small as a word. @param label what it shows: "Followers of 30 days". */
export function sparkline(values: readonly (number | null)[], label: string): Element {
  const known = values.filter((value) => value !== null);
  const path = known.length > 1 ? sparkPath(values, WIDTH, HEIGHT) : null;
  if (path === null) return h('p', { class: 'spark-none' }, 'A line needs two days of numbers');
  const text = `${label}: from ${format.number(known[0])} to ${format.number(known.at(-1))}`;
  return svg(
    'svg',
    {
      class: 'spark',
      viewBox: `0 -2 ${WIDTH} ${HEIGHT + 4}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': text,
    },
    svg('path', { class: 'area', d: path.area }),
    svg('path', { class: 'line', d: path.line }),
  );
}
