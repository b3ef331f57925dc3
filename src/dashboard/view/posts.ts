import type { Answer } from '../answer.ts';
import { ApiError, get } from '../api.ts';
import { h } from '../dom.ts';
import { format } from '../format.ts';
import { routeTo, withParams } from '../router.ts';
import { card, empty, failure, viewHeader, type View } from '../view.ts';
import { filterBar, listAccountOptions, platformsOf, type Filter, type Option } from './filter.ts';
import { postTable, titled, type Post } from './post-table.ts';

const API = '/api/social-media';
const ROWS = 25;
const DAY_MS = 86_400_000;

const TYPES = ['video', 'image', 'carousel', 'text', 'link', 'story'];

/** Posts with their latest numbers, page by page. The server sorts: a page is not the whole list. */
export const view: View = {
  title: 'Posts',
  async render(root, params, signal) {
    const offset = Math.max(0, Math.trunc(Number(params.get('offset') ?? 0)) || 0);
    const [accounts, answer] = await Promise.all([listAccountOptions(signal), askPosts(params, offset, signal)]);
    root.append(viewHeader('Posts', 'Latest numbers of each post'), filterBar('posts', params, filtersOf(accounts)));
    if (answer instanceof ApiError) {
      root.append(failure(answer));
      return;
    }
    const { data, warnings } = answer;
    const posts = data.slice(0, ROWS);
    root.append(
      card(
        countOf(posts.length, offset, data.length > ROWS),
        { note: warnings.length > 0 && warnings.join('; ') },
        posts.length === 0 ? noPosts(params) : postTable(posts, params),
        pager(params, offset, data.length > ROWS),
      ),
      h(
        'p',
        { class: 'note' },
        'Pictures of posts are not loaded: they would have to come from the platforms, which would learn that you look.',
      ),
    );
  },
};

/** What does not fit a filter is answered with why, and the filters stay to be changed. */
async function askPosts(
  params: URLSearchParams,
  offset: number,
  signal: AbortSignal,
): Promise<(Answer<Post[]> & { warnings: string[] }) | ApiError> {
  try {
    return await get(`${API}/posts`, queryOf(params, offset), signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return error;
    throw error;
  }
}

function queryOf(params: URLSearchParams, offset: number) {
  const days = Number(params.get('days'));
  const since = days > 0 ? new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10) : null;
  const named = ['account', 'platform', 'media_type', 'hashtag', 'search', 'sort'].map((name) => [
    name,
    params.get(name) || null,
  ]);
  // One more than is shown tells whether there is another page.
  return { ...(Object.fromEntries(named) as Record<string, string | null>), since, limit: ROWS + 1, offset };
}

function filtersOf(accounts: readonly Option[]): Filter[] {
  const all = { value: '', label: 'All' };
  return [
    { name: 'account', label: 'Account', options: [all, ...accounts] },
    { name: 'platform', label: 'Platform', options: [all, ...platformsOf(accounts)] },
    { name: 'media_type', label: 'Type', options: [all, ...TYPES.map((value) => ({ value, label: titled(value) }))] },
    {
      name: 'days',
      label: 'Published',
      options: [
        { value: '', label: 'Any time' },
        ...[7, 30, 90, 365].map((days) => ({ value: String(days), label: `Last ${days} days` })),
      ],
    },
    { name: 'hashtag', label: 'Hashtag', placeholder: 'DIY' },
    { name: 'search', label: 'Caption has', placeholder: 'some words' },
  ];
}

function countOf(shown: number, offset: number, hasMore: boolean): string {
  if (shown === 0) return 'No posts';
  const range = `${format.number(offset + 1)}–${format.number(offset + shown)}`;
  return hasMore || offset > 0 ? `Posts ${range}` : `${format.number(shown)} ${shown === 1 ? 'post' : 'posts'}`;
}

function pager(params: URLSearchParams, offset: number, hasMore: boolean): HTMLElement | null {
  if (offset === 0 && !hasMore) return null;
  const to = (start: number) => withParams('posts', params, { offset: start > 0 ? start : null });
  return h(
    'nav',
    { class: 'pager', 'aria-label': 'Pages' },
    offset > 0 && h('a', { href: to(Math.max(0, offset - ROWS)), id: 'page-before', rel: 'prev' }, '← Previous'),
    hasMore && h('a', { href: to(offset + ROWS), id: 'page-next', rel: 'next' }, 'Next →'),
  );
}

function noPosts(params: URLSearchParams): HTMLElement {
  if (params.size === 0) return empty('No posts yet.', 'A fetch brings them:', ['smstats fetch']);
  return empty('No posts fit.', h('a', { href: routeTo('posts') }, 'Take all filters away'));
}
