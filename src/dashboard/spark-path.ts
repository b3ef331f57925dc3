/** The lines of a small chart in a box of `width` x `height`, as path data of SVG. */
export interface SparkPath {
  /** One piece for each stretch without a gap; a day between two gaps is a point. */
  line: string;
  /** The ground below each piece. */
  area: string;
}

/** @param values one a day; null is a gap, which nothing is drawn over. @returns null where nothing is known. */
export function sparkPath(values: readonly (number | null)[], width: number, height: number): SparkPath | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const least = Math.min(...known);
  const spread = Math.max(...known) - least;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const place = (index: number, value: number) =>
    `${round(index * step)} ${round(spread === 0 ? height / 2 : height - ((value - least) / spread) * height)}`;

  const lines: string[] = [];
  const areas: string[] = [];
  for (const [start, piece] of piecesOf(values)) {
    const points = piece.map((value, offset) => place(start + offset, value));
    lines.push(`M${points.join('L')}${points.length === 1 ? 'h0' : ''}`);
    if (points.length === 1) continue;
    areas.push(
      `M${round(start * step)} ${height}L${points.join('L')}L${round((start + piece.length - 1) * step)} ${height}Z`,
    );
  }
  return { line: lines.join(''), area: areas.join('') };
}

/** The stretches without a gap, each with where it begins. */
function piecesOf(values: readonly (number | null)[]): [number, number[]][] {
  const pieces: [number, number[]][] = [];
  let isOpen = false;
  for (const [index, value] of values.entries()) {
    if (value !== null) {
      if (isOpen) pieces.at(-1)?.[1].push(value);
      else pieces.push([index, [value]]);
    }
    isOpen = value !== null;
  }
  return pieces;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
