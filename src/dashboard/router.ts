/** The views of the dashboard, in the order of the navigation; `account` is reached from the overview. */
export const ROUTES = [
  'overview',
  'account',
  'posts',
  'hashtags',
  'best-times',
  'audience',
  'campaigns',
  'mapping',
  'usage',
  'schedule',
] as const;

export type RouteName = (typeof ROUTES)[number];

/** Where the address points to. */
export interface Route {
  name: RouteName;
  /** The query of the address, with `id` for what follows the name. */
  params: URLSearchParams;
}

/** @param hash `#/`, `#/account/5?days=30`, `#/posts`. @returns null where there is no such view. */
export function parseRoute(hash: string): Route | null {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2) as [string, string?];
  const [name = '', id, ...more] = path.split('/');
  const params = new URLSearchParams(query);
  if (more.length > 0) return null;
  if (id !== undefined) {
    const decoded = decode(id);
    if (decoded === null || decoded === '') return null;
    params.set('id', decoded);
  }
  if (name === '') return id === undefined ? { name: 'overview', params } : null;
  const known = ROUTES.find((each) => each === name);
  if (!known || (known === 'account') !== (id !== undefined)) return null;
  return { name: known, params };
}

/** The address of a view: `routeTo('account', { id: '5', days: 30 })` is `#/account/5?days=30`. */
export function routeTo(
  name: RouteName,
  params: Record<string, string | number | null | undefined> | URLSearchParams = {},
): string {
  const query = new URLSearchParams();
  const pairs = params instanceof URLSearchParams ? params.entries() : Object.entries(params);
  for (const [key, value] of pairs)
    if (value !== null && value !== undefined && value !== '') query.set(key, String(value));
  const id = query.get('id');
  query.delete('id');
  const path = name === 'overview' ? '#/' : `#/${name}${id === null ? '' : `/${encodeURIComponent(id)}`}`;
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The same view with other params: `withParams('posts', params, { platform: 'tiktok' })`. Null takes one out. */
export function withParams(
  name: RouteName,
  params: URLSearchParams,
  changes: Record<string, string | number | null>,
): string {
  const next = new URLSearchParams(params);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(key);
    else next.set(key, String(value));
  }
  return routeTo(name, next);
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
