import type { Answer } from '../answer.ts';
import { get } from '../api.ts';
import { h, svg, type Child } from '../dom.ts';
import { format } from '../format.ts';
import { routeTo } from '../router.ts';
import { table, type Column } from '../table.ts';
import { badge, card, empty, viewHeader, type View } from '../view.ts';
import { filterBar, listAccountOptions } from './filter.ts';
import { AGE_FILTER, comparedCard, PUBLISHED_FILTER, type ComparedAccount } from './equal-age.ts';

const SHOWN = 200;

interface Hashtag {
  tags: string[];
  posts: number;
  views: number | null;
  views_posts: number;
  with: number;
  without: number;
  lift: number | null;
  low: number | null;
  high: number | null;
  q: number | null;
  verdict: 'more' | 'less' | 'no evidence' | 'too few posts';
}

interface Hashtags {
  window: { from: string; to: string };
  age_hours: number;
  tested: number;
  accounts: ComparedAccount[];
  hashtags: Hashtag[];
}

/** How posts with each hashtag did beside posts without it. */
export const view: View = {
  title: 'Hashtags',
  async render(root, params, signal) {
    const account = params.get('account');
    const query = { account, age: params.get('age') ?? '7d', days: params.get('days') ?? 365, limit: SHOWN };
    const [accounts, { data }] = await Promise.all([
      listAccountOptions(signal),
      get<Answer<Hashtags>>('/api/social-media/hashtags', query, signal),
    ]);
    const { window, hashtags, tested } = data;
    root.append(
      viewHeader('Hashtags', `Posts from ${format.day(window.from)} to ${format.day(window.to)}`),
      filterBar('hashtags', params, [
        { name: 'account', label: 'Account', options: [{ value: '', label: 'All' }, ...accounts] },
        AGE_FILTER,
        PUBLISHED_FILTER,
      ]),
      card(
        summarise(hashtags, tested),
        { class: 'said' },
        h(
          'p',
          { class: 'note' },
          'Lift: how much more the posts with a hashtag got than posts without it, at the same age, of the same account and ' +
            'kind; with its 95% interval. It is an association, not a cause: posts with a hashtag differ in other things too.',
        ),
      ),
      card(
        'Hashtags in use',
        { note: hashtags.length > SHOWN && `The ${SHOWN} most used of ${format.number(hashtags.length)}` },
        table(COLUMNS, hashtags.slice(0, SHOWN), {
          caption: 'Hashtags, with the lift of the posts that carry them',
          empty: empty('No hashtags on posts of these days.'),
        }),
      ),
      comparedCard(data.accounts, data.age_hours),
    );
  },
};

const COLUMNS: readonly Column<Hashtag>[] = [
  {
    key: 'hashtag',
    label: 'Hashtag',
    value: ({ tags }) => tags.join(' '),
    cell: ({ tags }) =>
      tags.map((tag, index) => [
        index > 0 && ' ',
        h('a', { href: routeTo('posts', { hashtag: tag }), class: 'tag' }, `#${tag}`),
      ]),
  },
  { key: 'verdict', label: 'Evidence', value: ({ verdict }) => verdict, cell: ({ verdict }) => verdictBadge(verdict) },
  {
    key: 'lift',
    label: 'Lift',
    isNumeric: true,
    value: ({ lift }) => lift,
    cell: ({ lift }) => format.deltaPercent(lift),
  },
  {
    key: 'interval',
    label: '95% interval',
    title: 'Where the true lift is likely to be',
    isSortable: false,
    value: ({ low }) => low,
    cell: ({ lift, low, high }) => interval(lift, low, high),
  },
  count('posts', 'Posts', ({ posts }) => posts, 'Posts of the window that carry it'),
  count('with', 'Compared', (tag) => tag.with, 'Posts with it that could be compared'),
  count('without', 'beside', ({ without }) => without, 'Posts without it'),
  count('views', 'Views', ({ views }) => views, 'Of all posts that carry it, up to now'),
];

function count(key: string, label: string, value: (tag: Hashtag) => number | null, title: string): Column<Hashtag> {
  return { key, label, title, isNumeric: true, value, cell: (tag) => format.number(value(tag)) };
}

function verdictBadge(verdict: Hashtag['verdict']): Child {
  const said = {
    more: 'does better',
    less: 'does worse',
    'no evidence': 'no evidence',
    'too few posts': 'too few posts',
  };
  const tone = ({ more: 'good', less: 'bad' } as const)[verdict as 'more' | 'less'] ?? 'plain';
  return badge(said[verdict], tone);
}

/** The interval as text, and drawn beside the line of no difference: from half to twice as much. */
function interval(lift: number | null, low: number | null, high: number | null): Child {
  if (lift === null || low === null || high === null) return null;
  const at = (percent: number) => {
    const doublings = Math.log2(1 + Math.max(-99, percent) / 100);
    return (Math.min(1, Math.max(-1, doublings)) + 1) * 50;
  };
  return h(
    'span',
    { class: 'interval' },
    svg(
      'svg',
      { width: 100, height: 12, 'aria-hidden': 'true' },
      svg('line', { class: 'interval-none', x1: 50, x2: 50, y1: 0, y2: 12 }),
      svg('line', { class: 'interval-range', x1: at(low), x2: Math.max(at(high), at(low) + 1), y1: 6, y2: 6 }),
      svg('circle', { class: 'interval-point', cx: at(lift), cy: 6, r: 3 }),
    ),
    h('span', { class: 'nowrap' }, `${format.deltaPercent(low)} to ${format.deltaPercent(high)}`),
  );
}

function summarise(hashtags: readonly Hashtag[], tested: number): string {
  if (tested === 0) return 'No evidence for any hashtag: none is on 5 compared posts beside 5 without it.';
  const found = hashtags.filter(({ verdict }) => verdict === 'more' || verdict === 'less').length;
  if (found === 0) return `No evidence for any of ${format.number(tested)} hashtags that could be tested.`;
  return `${format.number(found)} of ${format.number(tested)} tested hashtags stand out; up to 5% of such findings are chance.`;
}
