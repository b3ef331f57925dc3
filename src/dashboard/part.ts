import type { AlertEvent, Change, PostRow } from './answer.ts';
import { h, known, outLink, type Child } from './dom.ts';
import { format } from './format.ts';
import { platformName, platformSign } from './platform.ts';

/** A change with its direction as a sign and a colour. */
export function delta(value: number | null, write: (value: number) => string = format.delta): Child {
  if (value === null) return known(value, write);
  const direction = value > 0 ? 'up' : value < 0 ? 'down' : '';
  return h('span', { class: `delta ${direction}` }, write(value));
}

/** How much of a window was really seen, where that is not all of it; null where it is. */
export function coverageNote({ change, coverage, reason }: Change): string | null {
  if (change === null) return reason;
  return coverage < 100 ? `${format.percent(coverage)} of days known` : null;
}

/** A number with its name above and a remark below. */
export function tile(label: string, value: Child, note?: Child): HTMLElement {
  return h(
    'div',
    { class: 'tile' },
    h('dt', null, label),
    h('dd', { class: 'tile-value' }, value),
    note ? h('dd', { class: 'tile-note' }, note) : null,
  );
}

/** Posts, the best first. @param hasAccount false where all are of one account. */
export function postList(posts: readonly PostRow[], hasAccount: boolean): HTMLElement {
  return h(
    'ol',
    { class: 'rows' },
    posts.map((post) => postItem(post, hasAccount)),
  );
}

function postItem(post: PostRow, hasAccount: boolean): HTMLElement {
  const { views_count: views, likes_count: likes } = post;
  const [amount, unit] = views === null ? [likes, 'likes'] : [views, 'views'];
  const rate =
    post.engagement_rate !== null && post.engagement_basis !== null
      ? `engagement ${format.percent(post.engagement_rate)} of ${post.engagement_basis}`
      : null;
  const facts = [
    hasAccount ? `@${post.username}` : null,
    post.posted_at ? format.relative(post.posted_at) : null,
    rate,
  ];
  return h(
    'li',
    null,
    platformSign(post.platform, 'small'),
    h(
      'div',
      { class: 'grow' },
      h('p', { class: 'caption' }, outLink(post.post_url, post.caption?.trim() || `Post ${post.external_post_id}`)),
      h(
        'p',
        { class: 'note' },
        h('span', { class: 'hidden' }, `${platformName(post.platform)} `),
        facts.filter(Boolean).join(' · '),
      ),
    ),
    h('p', { class: 'amount' }, known(amount, format.number), h('span', { class: 'unit' }, ` ${unit}`)),
  );
}

/** What the alert rules found, the newest first. */
export function alertList(events: readonly AlertEvent[]): HTMLElement {
  return h(
    'ol',
    { class: 'rows' },
    events.map(({ title, url, date, platform, username }) =>
      h(
        'li',
        null,
        platform === null ? null : platformSign(platform, 'small'),
        h(
          'div',
          { class: 'grow' },
          h('p', { class: 'caption' }, outLink(url, title)),
          h('p', { class: 'note' }, username === null ? format.day(date) : `@${username} · ${format.day(date)}`),
        ),
      ),
    ),
  );
}
