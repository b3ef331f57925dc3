import { format } from '../format.ts';
import { platformName } from '../platform.ts';
import { table } from '../table.ts';
import { card, empty } from '../view.ts';
import type { Filter } from './filter.ts';

/** What posts were compared of an account: those of a media type, by one metric. */
interface Stratum {
  media_type: string | null;
  metric: string;
  posts: number;
  covered: number;
  scored: number;
}

/** An account whose posts were compared at equal age. */
export interface ComparedAccount {
  platform: string;
  username: string;
  is_sample: boolean;
  strata: Stratum[];
}

/** The age at which posts are compared. */
export const AGE_FILTER: Filter = {
  name: 'age',
  label: 'Compared at',
  fallback: '7d',
  options: [
    { value: '48h', label: '48 hours' },
    { value: '7d', label: '7 days' },
  ],
};

export const PUBLISHED_FILTER: Filter = {
  name: 'days',
  label: 'Published',
  fallback: '365',
  options: [90, 365, 1095].map((days) => ({ value: String(days), label: `Last ${days} days` })),
};

/** How many posts there are, and how many of them could be compared. */
export function comparedCard(accounts: readonly ComparedAccount[], ageHours: number): HTMLElement {
  const rows = accounts.flatMap((account) => account.strata.map((stratum) => ({ ...account, ...stratum })));
  const age = ageHours === 48 ? '48 hours' : `${ageHours / 24} days`;
  const number = (key: 'posts' | 'covered' | 'scored', label: string, title: string) => ({
    key,
    label,
    title,
    isNumeric: true,
    value: (row: (typeof rows)[number]) => row[key],
    cell: (row: (typeof rows)[number]) => format.number(row[key]),
  });
  return card(
    'What was compared',
    {},
    table(
      [
        { key: 'account', label: 'Account', value: (row) => `@${row.username}, ${platformName(row.platform)}` },
        { key: 'type', label: 'Type', value: ({ media_type }) => media_type },
        { key: 'metric', label: 'By', value: ({ metric }) => metric },
        number('posts', 'Posts', 'Posts of these days'),
        number('covered', `Known at ${age}`, 'Posts whose numbers at that age are known'),
        number('scored', 'Compared', 'Posts with at least 20 before them to compare with'),
      ],
      rows,
      { caption: 'Posts that could be compared, by account and kind', empty: empty('No posts in these days.') },
    ),
  );
}
