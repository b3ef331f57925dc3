import type { AccountCard, Accounts, Alerts, Answer, PostRow } from '../answer.ts';
import { get } from '../api.ts';
import { h, known } from '../dom.ts';
import { format } from '../format.ts';
import { alertList, delta, postList, tile } from '../part.ts';
import { platformName, platformSign } from '../platform.ts';
import { routeTo } from '../router.ts';
import { badge, card, commandLines, empty, viewHeader, type View } from '../view.ts';
import { accountList } from './account-card.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;
const API = '/api/social-media';

/** What a person wants to know in the morning. */
export const view: View = {
  title: 'Overview',
  async render(root, _params, signal) {
    const { data } = await get<Answer<Accounts>>(`${API}/accounts`, { days: DAYS }, signal);
    const { accounts } = data;
    if (accounts.length === 0) return root.append(firstRun());
    const lastDay = accounts
      .flatMap(({ last_snapshot_date: day }) => day ?? [])
      .toSorted()
      .at(-1);
    const [best, alerts] = await Promise.all([
      findBest(lastDay, signal),
      get<Answer<Alerts>>(`${API}/alerts`, { days: DAYS, limit: 6 }, signal),
    ]);
    const failed = accounts.filter(({ failing }) => failing !== null);
    root.append(
      viewHeader('Overview', lastDay ? `Numbers up to ${format.day(lastDay)}` : 'No numbers yet'),
      totals(accounts),
      h(
        'section',
        { 'aria-labelledby': 'accounts' },
        h('h2', { id: 'accounts', class: 'hidden' }, 'Accounts'),
        accountList(inOrder(accounts), DAYS),
      ),
      h(
        'div',
        { class: 'columns' },
        card(
          best.title,
          { note: h('a', { href: routeTo('posts') }, 'All posts') },
          best.posts.length > 0 ? postList(best.posts, true) : empty('No posts yet.'),
        ),
        h(
          'div',
          { class: 'stack' },
          failed.length > 0 && failures(failed),
          card(
            'Alerts',
            { note: `Last ${DAYS} days` },
            alerts.data.events.length > 0
              ? alertList(alerts.data.events)
              : empty('Nothing out of the ordinary.', [
                  'Rules decide what is told: ',
                  h('code', null, 'smstats alerts --help'),
                ]),
          ),
        ),
      ),
    );
  },
};

/** The person's own accounts before competitors, paused ones last; the larger ones first. */
function inOrder(accounts: readonly AccountCard[]): AccountCard[] {
  const rank = ({ is_competitor, is_active }: AccountCard) => (is_active ? 0 : 2) + (is_competitor ? 1 : 0);
  return accounts.toSorted((a, b) => rank(a) - rank(b) || (b.followers_count ?? -1) - (a.followers_count ?? -1));
}

/** The sums over the person's own accounts, as far as they are known. */
function totals(all: readonly AccountCard[]): HTMLElement {
  const own = all.filter(({ is_competitor, is_active }) => !is_competitor && is_active);
  const followers = sumOf(own.map(({ followers_count: count }) => count));
  const change = sumOf(own.map((account) => account.followers_change.change));
  const views = sumOf(own.map((account) => account.views_change.change));
  const fresh = own.filter(({ last_fetched_at: at }) => at !== null && Date.now() - Date.parse(at) < DAY_MS).length;
  return h(
    'dl',
    { class: 'tiles' },
    tile('Followers', known(followers.sum, format.number), ofAll(followers.known, own.length)),
    tile(`New followers, ${DAYS} days`, delta(change.sum), ofAll(change.known, own.length)),
    tile(`New views, ${DAYS} days`, delta(views.sum), ofAll(views.known, own.length)),
    tile(
      'Fetched in 24 hours',
      `${fresh} of ${own.length}`,
      fresh === own.length ? 'All up to date' : `${own.length - fresh} with older numbers`,
    ),
  );
}

function sumOf(values: readonly (number | null)[]): { sum: number | null; known: number } {
  const numbers = values.filter((value) => value !== null);
  return { sum: numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0), known: numbers.length };
}

/** A sum that lacks accounts says so. */
function ofAll(count: number, all: number): string {
  if (count === all) return all === 1 ? 'Your account' : `Your ${all} accounts`;
  return `${count} of your ${all} accounts, ${all - count} unknown`;
}

/** The best posts of the week that the numbers end with; of a longer time when none was published in it. */
async function findBest(
  lastDay: string | undefined,
  signal: AbortSignal,
): Promise<{ title: string; posts: PostRow[] }> {
  const spans = [
    { days: 7, title: 'Best posts of the week' },
    { days: DAYS, title: `Best posts of ${DAYS} days` },
    { days: null, title: 'Best posts' },
  ];
  for (const { days, title } of spans) {
    const since = days === null || lastDay === undefined ? null : dayBefore(lastDay, days - 1);
    const { data } = await get<Answer<PostRow[]>>(`${API}/posts`, { since, limit: 5 }, signal);
    if (data.length > 0 || days === null) return { title, posts: data };
  }
  return { title: 'Best posts', posts: [] };
}

function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);
}

function failures(accounts: readonly AccountCard[]): HTMLElement {
  return card(
    'Not fetched',
    { note: badge(String(accounts.length), 'bad') },
    h(
      'ul',
      { class: 'rows' },
      accounts.map(({ platform, username, failing, last_snapshot_date: day }) =>
        h(
          'li',
          null,
          platformSign(platform, 'small'),
          h(
            'div',
            { class: 'grow' },
            h('p', { class: 'caption' }, `${platformName(platform)} @${username}`),
            h(
              'p',
              { class: 'note' },
              failing?.error_message ?? 'No reason is known',
              failing &&
                ` (${format.number(failing.fetches)} ${failing.fetches === 1 ? 'try' : 'tries'} since ${format.shortDay(failing.first_day)})`,
            ),
            h('p', { class: 'note' }, day === null ? 'No numbers yet' : `Last numbers of ${format.day(day)}`),
          ),
        ),
      ),
    ),
  );
}

function firstRun(): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(
    viewHeader('Welcome', 'There are no accounts here yet. Three ways to begin:'),
    h(
      'div',
      { class: 'columns narrow' },
      card(
        'Look around first',
        {},
        h('p', null, 'A sample account with invented numbers; no key, no network.'),
        commandLines(['smstats init --sample']),
      ),
      card(
        'Follow your own accounts',
        {},
        h('p', null, 'Then once a day, by your machine’s scheduler.'),
        commandLines(['smstats fetch tiktok <username>', 'smstats install-schedule']),
      ),
      card(
        'Bring numbers that you have',
        {},
        h('p', null, 'By hand, from a file, or over the API.'),
        commandLines(['smstats record daily --help', 'smstats import <file.csv>']),
      ),
    ),
    h('p', { class: 'note' }, 'This page shows the first numbers by itself as soon as they are there.'),
  );
  return fragment;
}
