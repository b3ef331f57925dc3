import type { AccountCard, Accounts, Answer, Change, DayWindow, Metric, PostRow, Series } from '../answer.ts';
import { ApiError, get } from '../api.ts';
import { h, known, outLink, type Child } from '../dom.ts';
import { format } from '../format.ts';
import { coverageNote, delta, postList, tile } from '../part.ts';
import { platformName, platformSign } from '../platform.ts';
import { routeTo, withParams } from '../router.ts';
import { card, choice, empty, failure, type View } from '../view.ts';
import { marksOf } from './account-card.ts';
import { accountCharts } from './account-chart.ts';

const API = '/api/social-media';
const PERIODS = [7, 30, 90, 365];

/** One account over a period, beside the period before. */
export const view: View = {
  title: 'Account',
  async render(root, params, signal) {
    const id = params.get('id') ?? '';
    const days = PERIODS.find((each) => String(each) === params.get('days')) ?? 30;
    const [{ data }, { data: series }] = await Promise.all([
      get<Answer<Accounts>>(`${API}/accounts`, { days: 30 }, signal),
      get<Answer<Series>>(`${API}/series`, { account_id: id, days }, signal),
    ]);
    const account = data.accounts.find(({ account_id: each }) => each === id);
    if (!account) throw new ApiError(404, `There is no account ${id}.`);
    const name = `${account.platform}:${account.username}`;
    const posts = await bestPosts(name, signal);
    root.append(header(account, days, params));
    const { now } = series;
    if (now === null) {
      root.append(noNumbers(account));
      return;
    }
    root.append(
      tiles(account, { ...series, now }),
      h('div', { class: 'charts' }, accountCharts({ ...series, now }, signal)),
      card(
        'Best posts',
        { note: h('a', { href: routeTo('posts', { account: name }) }, 'All posts of this account') },
        posts,
      ),
      h(
        'p',
        { class: 'note' },
        h('a', { href: routeTo('audience', { account: name }) }, 'Audience'),
        ' · ',
        h('a', { href: routeTo('hashtags', { account: name }) }, 'Hashtags'),
        ' · ',
        h('a', { href: routeTo('best-times', { account: name }) }, 'Best times'),
      ),
    );
  },
};

/** The rest of the account is shown also where its posts cannot be. */
async function bestPosts(account: string, signal: AbortSignal): Promise<HTMLElement> {
  try {
    const { data } = await get<Answer<PostRow[]>>(`${API}/posts`, { account, limit: 8 }, signal);
    return data.length > 0 ? postList(data, false) : empty('No posts yet.');
  } catch (error) {
    signal.throwIfAborted();
    return failure(error);
  }
}

function header(account: AccountCard, days: number, params: URLSearchParams): HTMLElement {
  const options = PERIODS.map((each) => ({ value: String(each), label: each === 365 ? '1 year' : `${each} days` }));
  const {
    platform,
    username,
    display_name: name,
    last_fetched_at: at,
    provider_name: provider,
    profile_url: profile,
  } = account;
  const facts = [at === null ? '' : ` · fetched ${format.relative(at)}`, provider === null ? '' : ` from ${provider}`];
  return h(
    'header',
    { class: 'view-header' },
    h(
      'div',
      { class: 'account-title' },
      platformSign(platform, 'large'),
      h(
        'div',
        { class: 'view-title' },
        h('h1', { tabindex: -1 }, name?.trim() || `@${username}`),
        h('p', { class: 'note' }, `${platformName(platform)} · `, outLink(profile, `@${username}`), facts),
        h('div', { class: 'account-marks' }, marksOf(account)),
      ),
    ),
    choice('Period', options, String(days), (value) => {
      location.hash = withParams('account', params, { days: value });
    }),
  );
}

function noNumbers({ platform, username, failing }: AccountCard): HTMLElement {
  return empty(
    'No numbers yet.',
    failing?.error_message ? `The last fetch failed: ${failing.error_message}` : 'The first fetch brings them:',
    [`smstats fetch ${platform} ${username}`],
  );
}

function tiles(account: AccountCard, { now, compared, days }: Series & { now: DayWindow }): HTMLElement {
  const changed = (label: string, metric: Metric) => {
    const growth = now.growth[metric];
    return tile(label, delta(growth.change), remark(compared?.[metric].rate ?? null, days, growth.reason));
  };
  const { followers_count: followers, engagement_rate: rate, engagement_basis: basis } = account;
  const { growth } = now;
  return h(
    'dl',
    { class: 'tiles' },
    tile('Followers', known(followers, format.number), grown(growth.followers_count)),
    changed('New followers', 'followers_count'),
    changed('New views', 'total_views'),
    changed('New likes', 'total_likes'),
    changed('New posts', 'posts_count'),
    tile(
      'Engagement',
      known(rate, format.percent),
      basis === null ? 'Of nothing that is known' : `Of ${basis}, all posts`,
    ),
  );
}

/** How the gain of a period stands beside that of the period before. */
function remark(rate: number | null, days: number, reason: string | null): Child {
  if (rate === null) return reason ?? `Nothing known of the ${days} days before`;
  return [delta(rate, format.deltaPercent), ` on the ${days} days before`];
}

/** The growth in percent, and of how many days that was seen. */
function grown(growth: Change): Child {
  const doubt = coverageNote(growth);
  if (growth.rate === null) return growth.reason;
  return [delta(growth.rate, format.deltaPercent), ' in this period', doubt === null ? null : ` · ${doubt}`];
}
