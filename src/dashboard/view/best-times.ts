import type { Answer } from '../answer.ts';
import { get } from '../api.ts';
import { h } from '../dom.ts';
import { format } from '../format.ts';
import { platformName } from '../platform.ts';
import { table, type Column } from '../table.ts';
import { badge, card, empty, viewHeader, type View } from '../view.ts';
import { AGE_FILTER, comparedCard, PUBLISHED_FILTER, type ComparedAccount } from './equal-age.ts';
import { filterBar } from './filter.ts';
import { nameSlot, weekMap, type Cell, type Slot } from './week-map.ts';

const SHOWN_SLOTS = 8;

interface SlotEffect extends Slot {
  n: number;
  ratio: number;
  low: number;
  high: number;
  p: number;
}

interface AccountTimes extends ComparedAccount {
  n: number;
  p: number | null;
  verdict: 'evidence' | 'no evidence' | 'too few posts';
  level: number;
  needs: { posts: number; in_slot: number };
  slots: SlotEffect[];
  cells: Cell[];
  to_try: (Slot & { n: number })[];
}

interface BestTimes {
  window: { from: string; to: string; time_zone: string };
  age_hours: number;
  accounts: AccountTimes[];
}

/** Whether the time of publication matters to an account, and which times did better. */
export const view: View = {
  title: 'Best times',
  async render(root, params, signal) {
    const query = { age: params.get('age') ?? '7d', days: params.get('days') ?? 365 };
    const { data } = await get<Answer<BestTimes>>('/api/social-media/best-times', query, signal);
    const { window, accounts } = data;
    const chosen = chooseAccount(accounts, params.get('account'));
    const options = accounts.map((account) => ({
      value: nameOf(account),
      label: `@${account.username}, ${platformName(account.platform)}`,
    }));
    root.append(
      viewHeader(
        'Best times',
        `Posts from ${format.day(window.from)} to ${format.day(window.to)}, ${window.time_zone}`,
      ),
    );
    if (!chosen) {
      root.append(empty('No numbers yet.', 'A fetch brings them:', ['smstats fetch']));
      return;
    }
    root.append(
      filterBar('best-times', params, [
        { name: 'account', label: 'Account', options, fallback: nameOf(chosen) },
        AGE_FILTER,
        PUBLISHED_FILTER,
      ]),
      verdictCard(chosen),
    );
    if (chosen.verdict !== 'too few posts') {
      root.append(
        card('The week', { note: `Expected beside the account’s mean, ${window.time_zone}` }, weekMap(chosen.cells)),
        slotCard(chosen),
      );
    }
    root.append(...tryCard(chosen), comparedCard([chosen], data.age_hours));
  },
};

/** The one of the address; else the one with the most compared posts. */
function chooseAccount(accounts: readonly AccountTimes[], name: string | null): AccountTimes | undefined {
  return accounts.find((each) => nameOf(each) === name) ?? accounts.toSorted((a, b) => b.n - a.n)[0];
}

function nameOf({ platform, username }: AccountTimes): string {
  return `${platform}:${username}`;
}

function verdictCard({ verdict, n, p, needs, level, slots, is_sample: isSample }: AccountTimes): HTMLElement {
  const chance =
    p === null ? null : `By chance alone, times stand out as much in ${format.percent(p * 100)} of shuffled histories.`;
  const best = slots.find((slot) => slot.p <= level && slot.ratio > 1);
  const said = {
    evidence: best
      ? `Yes: posts of ${nameSlot(best)} get ${format.decimal(best.ratio)} times what others get.`
      : 'Yes: some times do worse than others.',
    'no evidence': 'No evidence that the time of publication matters.',
    'too few posts': `Too few posts to say: ${format.number(n)} could be compared, ${needs.posts} are needed.`,
  };
  return card(
    said[verdict],
    { class: 'said', note: isSample && badge('sample', 'sample') },
    verdict !== 'too few posts' && h('p', { class: 'note' }, `${format.number(n)} posts compared. `, chance),
  );
}

function slotCard({ slots, level }: AccountTimes): HTMLElement {
  const says = ({ p, ratio }: SlotEffect) => (p > level ? 'no evidence' : ratio > 1 ? 'better' : 'worse');
  const tones = { 'no evidence': 'plain', better: 'good', worse: 'bad' } as const;
  const columns: readonly Column<SlotEffect>[] = [
    { key: 'slot', label: 'When', value: nameSlot },
    { key: 'says', label: 'Evidence', value: says, cell: (slot) => badge(says(slot), tones[says(slot)]) },
    {
      key: 'ratio',
      label: 'Times others',
      isNumeric: true,
      value: ({ ratio }) => ratio,
      cell: ({ ratio }) => `${format.decimal(ratio)}×`,
    },
    {
      key: 'interval',
      label: '95% interval',
      isNumeric: true,
      isSortable: false,
      value: ({ low }) => low,
      cell: ({ low, high }) => `${format.decimal(low)} to ${format.decimal(high)}`,
    },
    { key: 'n', label: 'Posts', isNumeric: true, value: ({ n }) => n, cell: ({ n }) => format.number(n) },
    { key: 'p', label: 'p', isNumeric: true, value: ({ p }) => p, cell: ({ p }) => format.decimal(p, 3) },
  ];
  return card(
    'Times that stand out most',
    {},
    table(columns, slots.slice(0, SHOWN_SLOTS), {
      caption: 'Times of the week, the one that stands out most first',
      empty: empty('No time of the week has enough posts to compare.'),
    }),
  );
}

function tryCard({ to_try: slots }: AccountTimes): HTMLElement[] {
  if (slots.length === 0) return [];
  return [
    card(
      'Times to try',
      { note: 'Where a few posts would tell most' },
      h(
        'ul',
        { class: 'tags' },
        slots.map((slot) =>
          h('li', { class: 'slot' }, nameSlot(slot), h('span', { class: 'note' }, ` ${slot.n} so far`)),
        ),
      ),
    ),
  ];
}
