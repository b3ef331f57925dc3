import type { AccountCard, Change } from '../answer.ts';
import { h, known, type Child } from '../dom.ts';
import { format } from '../format.ts';
import { delta } from '../part.ts';
import { platformName, platformSign } from '../platform.ts';
import { routeTo } from '../router.ts';
import { sparkline } from '../spark.ts';
import { table } from '../table.ts';
import { badge } from '../view.ts';

/** Beyond so many, cards are a wall: then it is a table. */
const MOST_CARDS = 12;

/** Every account, each leading to its own view. */
export function accountList(accounts: readonly AccountCard[], days: number): HTMLElement {
  if (accounts.length > MOST_CARDS) return h('div', { class: 'card' }, accountTable(accounts, days));
  return h(
    'ul',
    { class: 'accounts' },
    accounts.map((account) => h('li', { class: 'card account' }, cardOf(account, days))),
  );
}

function cardOf(account: AccountCard, days: number): Child {
  const { followers_change: growth } = account;
  return [
    h(
      'div',
      { class: 'account-name' },
      platformSign(account.platform),
      h(
        'div',
        null,
        h('h3', null, linkTo(account)),
        h('p', { class: 'note' }, `${platformName(account.platform)} · @${account.username}`),
      ),
    ),
    h(
      'div',
      { class: 'account-number' },
      h('p', { class: 'big' }, known(account.followers_count, format.number)),
      h(
        'p',
        { class: 'account-change' },
        delta(growth.change),
        growth.rate === null ? null : badge(format.deltaPercent(growth.rate), toneOf(growth.rate)),
      ),
      h('p', { class: 'note' }, 'followers'),
      h('p', { class: 'note' }, windowNote(growth, days)),
    ),
    sparkline(account.followers_series, `Followers of @${account.username} over ${days} days`),
    h('div', { class: 'account-foot' }, freshness(account), h('div', { class: 'account-marks' }, marksOf(account))),
  ];
}

/** Of which days a change is, and how many of them were seen. */
function windowNote({ change, coverage, reason }: Change, days: number): string | null {
  if (change === null) return reason;
  return coverage < 100 ? `${days} days, ${format.percent(coverage)} known` : `in ${days} days`;
}

function accountTable(accounts: readonly AccountCard[], days: number): HTMLElement {
  return table(
    [
      {
        key: 'name',
        label: 'Account',
        value: ({ username }) => username,
        cell: (each) =>
          h(
            'div',
            { class: 'account-name' },
            platformSign(each.platform, 'small'),
            h(
              'div',
              null,
              linkTo(each),
              h('p', { class: 'note' }, `${platformName(each.platform)} · @${each.username}`),
            ),
          ),
      },
      {
        key: 'marks',
        label: 'Marks',
        value: (each) => marksOf(each).length,
        cell: (each) => h('div', { class: 'account-marks' }, marksOf(each)),
        isSortable: false,
      },
      {
        key: 'followers',
        label: 'Followers',
        value: (each) => each.followers_count,
        cell: (each) => format.number(each.followers_count),
        isNumeric: true,
      },
      {
        key: 'change',
        label: `${days} days`,
        value: ({ followers_change: growth }) => growth.change,
        cell: ({ followers_change: growth }) => delta(growth.change),
        isNumeric: true,
      },
      {
        key: 'rate',
        label: 'Rate',
        value: ({ followers_change: growth }) => growth.rate,
        cell: ({ followers_change: growth }) => delta(growth.rate, format.deltaPercent),
        isNumeric: true,
      },
      {
        key: 'coverage',
        label: 'Days known',
        value: ({ followers_change: growth }) => growth.coverage,
        cell: ({ followers_change: growth }) => format.percent(growth.coverage),
        isNumeric: true,
      },
      {
        key: 'engagement',
        label: 'Engagement',
        value: (each) => each.engagement_rate,
        cell: (each) => [
          format.percent(each.engagement_rate),
          h('span', { class: 'unit' }, ` of ${each.engagement_basis ?? 'unknown'}`),
        ],
        isNumeric: true,
      },
      {
        key: 'line',
        label: 'Followers by day',
        value: () => 0,
        cell: (each) => sparkline(each.followers_series, `Followers of @${each.username} over ${days} days`),
        isSortable: false,
      },
      { key: 'day', label: 'Numbers of', value: (each) => each.last_snapshot_date, cell: freshness },
    ],
    accounts,
    { caption: 'Accounts' },
  );
}

function linkTo({ account_id: id, display_name: name, username }: AccountCard): HTMLElement {
  return h('a', { href: routeTo('account', { id }) }, name?.trim() || `@${username}`);
}

function freshness({ last_snapshot_date: day, last_fetched_at: at }: AccountCard): HTMLElement {
  if (day === null) return h('span', null, 'No numbers yet');
  return h(
    'span',
    { title: at === null ? null : format.instant(at) },
    at === null ? format.day(day) : `Fetched ${format.relative(at)}`,
  );
}

/** What must be known to read the numbers rightly. */
export function marksOf({ is_sample, is_competitor, is_active, failing }: AccountCard): HTMLElement[] {
  return [
    is_sample && badge('Sample', 'sample', 'Invented numbers that came with the program'),
    is_competitor && badge('Competitor', 'competitor'),
    !is_active && badge('Paused', 'plain', 'Not fetched'),
    failing !== null && badge('Fetch failed', 'bad', failing.error_message ?? undefined),
  ].filter((mark) => mark !== false);
}

function toneOf(rate: number): 'good' | 'bad' | 'plain' {
  return rate > 0 ? 'good' : rate < 0 ? 'bad' : 'plain';
}
