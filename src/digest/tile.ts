import type { GainSum } from '../insight/period-gain.ts';
import { formatCell } from '../report/format.ts';
import type { Digest } from './digest.ts';

/** One number that stands large. */
export interface Tile {
  label: string;
  value: string;
  /** How it compares, and what it is of. */
  note: string;
}

/** The numbers above all others: sums over one's own accounts. */
export function tilesOf({ totals }: Digest): Tile[] {
  const { posts } = totals;
  return [
    gainTile('Followers gained', totals.followers),
    gainTile('Views gained', totals.views),
    gainTile('Likes gained', totals.likes),
    { label: 'Posts published', value: formatCell(posts.sum, 'count'), note: knownOf(posts) },
  ];
}

function gainTile(label: string, total: GainSum): Tile {
  const { sum, rate, compared, of } = total;
  const beside = compared < of ? ` (${compared} of ${of} accounts)` : '';
  const change =
    rate !== null && rate < -100 ? 'a gain before' : `${formatCell(rate, 'delta-percent')} a day on before`;
  const compares = rate === null ? knownOf(total) : `${change}${beside}`;
  return { label, value: formatCell(sum, 'delta'), note: sum === null ? 'not known' : compares };
}

function knownOf({ known, of }: { known: number; of: number }): string {
  if (known === 0) return 'not known';
  return known === of ? `of ${of} ${of === 1 ? 'account' : 'accounts'}` : `known of ${known} of ${of} accounts`;
}
