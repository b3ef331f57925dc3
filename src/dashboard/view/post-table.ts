import type { PostRow } from '../answer.ts';
import { h, known, outLink, svg, unknown, type Child } from '../dom.ts';
import { format } from '../format.ts';
import { platformName, platformSign } from '../platform.ts';
import { withParams } from '../router.ts';
import { scrollBox } from '../table.ts';

/** A post with its latest numbers. */
export interface Post extends PostRow {
  shares_count: number | null;
  duration: number | null;
  snapshot_date: string;
  provider_name: string | null;
}

const NUMBERS = [
  { sort: 'views', label: 'Views', key: 'views_count' },
  { sort: 'likes', label: 'Likes', key: 'likes_count' },
  { sort: 'comments', label: 'Comments', key: 'comments_count' },
  { sort: 'shares', label: 'Shares', key: 'shares_count' },
] as const;

/** Posts in the order of the server, which sorts: a page is not the whole list. The roles keep it a table on a phone. */
export function postTable(posts: readonly Post[], params: URLSearchParams): HTMLElement {
  return scrollBox(
    'Posts',
    h(
      'table',
      { class: 'posts', role: 'table' },
      h('caption', { class: 'hidden' }, 'Posts with their latest numbers'),
      h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, headings(params, orderOf(params, posts)))),
      h(
        'tbody',
        { role: 'rowgroup' },
        posts.map((post) => rowOf(post)),
      ),
    ),
  );
}

/** What the server sorted by: left to itself by views, or by likes where no post has any. */
function orderOf(params: URLSearchParams, [first]: readonly Post[]): string {
  return params.get('sort') ?? (first?.views_count === null ? 'likes' : 'views');
}

function headings(params: URLSearchParams, order: string): HTMLElement[] {
  const sorted = (value: string, label: string, className: string | null) => {
    const choose = () => {
      location.hash = withParams('posts', params, { sort: value, offset: null });
    };
    const button = h('button', { type: 'button', id: `sort-${value}`, title: 'highest first', onclick: choose }, label);
    return h(
      'th',
      { scope: 'col', role: 'columnheader', class: className, 'aria-sort': value === order ? 'descending' : null },
      button,
    );
  };
  return [
    h('th', { scope: 'col', role: 'columnheader' }, 'Post'),
    sorted('newest', 'Published', null),
    ...NUMBERS.map(({ sort: value, label }) => sorted(value, label, 'numeric')),
    sorted('engagement', 'Engagement', 'numeric'),
  ];
}

function rowOf(post: Post): HTMLElement {
  const { platform, username, media_type: type, caption, duration } = post;
  const facts = [`@${username}`, type === null ? null : titled(type), duration ? format.duration(duration) : null];
  return h(
    'tr',
    { role: 'row' },
    h(
      'th',
      { scope: 'row', role: 'rowheader' },
      h(
        'div',
        { class: 'post' },
        picture(type),
        h(
          'div',
          { class: 'grow' },
          h(
            'p',
            { class: 'caption', dir: 'auto' },
            outLink(post.post_url, caption?.trim() || `Post ${post.external_post_id}`),
          ),
          h(
            'p',
            { class: 'note post-facts' },
            platformSign(platform, 'small'),
            h('span', { class: 'hidden' }, `${platformName(platform)} `),
            facts.filter(Boolean).join(' · '),
            post.provider_name === 'sample' && ' · sample',
          ),
        ),
      ),
    ),
    cell('Published', 'nowrap', published(post.posted_at)),
    NUMBERS.map(({ key, label }) => cell(label, 'numeric', known(post[key], format.number))),
    cell('Engagement', 'numeric', [
      known(post.engagement_rate, format.percent),
      post.engagement_rate !== null && h('span', { class: 'of' }, ` of ${post.engagement_basis ?? 'unknown'}`),
    ]),
  );
}

/** On a phone a row is a block, and each value carries its name: the roles keep it a table for who listens. */
function cell(label: string, className: string, content: Child): HTMLElement {
  return h('td', { role: 'cell', class: className, 'data-label': label }, content);
}

/** The day on the clock of who looks; the instant is in its title. */
function published(at: string | null): Child {
  if (at === null) return unknown();
  const date = new Date(at);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'));
  return h('time', { datetime: at, title: format.instant(at) }, format.day(day.join('-')));
}

/** What stands for the picture of a post: its kind, drawn by hand on a grid of 24. */
function picture(type: string | null): SVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 24 24', class: 'post-picture', 'aria-hidden': 'true' },
    svg('path', { d: PICTURES[type ?? ''] ?? 'M5 5h14v14H5z' }),
  );
}

const PICTURES: Record<string, string> = {
  video: 'M4 5h16v14H4zM10 9l5 3-5 3z',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9.500h.01',
  carousel: 'M4 7h12v12H4zM8 7V4h12v12h-4',
  text: 'M5 6h14M5 10h14M5 14h14M5 18h8',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4.200 4.200 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4.200 4.200 0 0 0 6 6l1-1',
  story: 'M8 3h8v18H8zM5 6v12M19 6v12',
};

/** `video` is `Video`. */
export function titled(word: string): string {
  return `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`;
}
