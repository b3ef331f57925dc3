import { formatCell } from '../report/format.ts';
import type { Cell } from '../report/report.ts';
import { ACCOUNT, nameOf, type DigestColumn, type DigestSection } from './column.ts';
import type { Digest, DigestAccount } from './digest.ts';

/** What stands above the charts: who gained what. */
export function gainedSection({ accounts }: Digest): DigestSection[] {
  if (accounts.length === 0) return [];
  return [
    {
      id: 'gained',
      title: 'Gained in these days',
      note:
        'Reporting period: changes between the numbers of these days, from the last ones before them (at most 7 days). ' +
        'Beside each stands what was gained in the period before. A rate needs 70 % of the days.',
      columns: GAINED,
      rows: accounts.map(gainedRow),
    },
  ];
}

const GAINED: readonly DigestColumn[] = [
  ...ACCOUNT,
  { key: 'followers', label: 'Followers', kind: 'count' },
  { key: 'followers_gained', label: 'gained', kind: 'delta' },
  { key: 'followers_rate', label: 'gained %', kind: 'delta-percent' },
  { key: 'followers_before', label: 'before', kind: 'delta' },
  { key: 'views', label: 'Views gained', kind: 'delta' },
  { key: 'views_before', label: 'before', kind: 'delta' },
  { key: 'likes', label: 'Likes gained', kind: 'delta' },
  { key: 'likes_before', label: 'before', kind: 'delta' },
  { key: 'days_known', label: 'Days known', kind: 'text' },
];

function gainedRow(account: DigestAccount): Record<string, Cell> {
  const { now, before } = account;
  const { observed, window } = now.followers.end === null ? now.views : now.followers;
  return {
    ...nameOf(account),
    followers: now.followers.end,
    followers_gained: now.followers.change,
    followers_rate: now.followers.rate,
    followers_before: before.followers.change,
    views: now.views.gain,
    views_before: before.views.gain,
    likes: now.likes.gain,
    likes_before: before.likes.gain,
    days_known: `${observed} of ${window}`,
  };
}

/** What was published, and what it has got so far. */
export function publishedSection({ accounts }: Digest): DigestSection {
  return {
    id: 'published',
    title: 'Published in these days',
    note:
      'Lifetime: all that the posts of these days have got until they were last fetched. ' +
      'Engagement is likes, comments, shares and saves, those that are known, of what stands beside it, x 100.',
    columns: [
      ...ACCOUNT,
      { key: 'posts', label: 'Posts', kind: 'count' },
      { key: 'posts_before', label: 'before', kind: 'count' },
      { key: 'views', label: 'Views', kind: 'count' },
      { key: 'likes', label: 'Likes', kind: 'count' },
      { key: 'comments', label: 'Comments', kind: 'count' },
      { key: 'engagement', label: 'Engagement', kind: 'percent' },
      { key: 'of', label: 'of', kind: 'text' },
    ],
    rows: accounts
      .filter(({ now, before }) => Number(now.published.posts ?? 0) + Number(before.published.posts ?? 0) > 0)
      .map((account) => ({ ...nameOf(account), ...publishedCells(account) })),
  };
}

function publishedCells({ now, before }: DigestAccount): Record<string, Cell> {
  const { published, engagement } = now;
  const { interactions, denominator, basis } = engagement;
  const isRate = interactions !== null && denominator !== null && basis !== null;
  return {
    posts: published.posts,
    posts_before: before.published.posts,
    views: published.views,
    likes: published.likes,
    comments: published.comments,
    engagement: engagement.rate,
    of: isRate ? `${basis} (${count(interactions)} / ${count(denominator)})` : null,
  };
}

/** Those beside whom one stands. */
export function competitorSection({ competitors }: Digest): DigestSection {
  return {
    id: 'competitors',
    title: 'Competitors',
    note: 'Reporting period, as above; they are in no sum. Posts are those published in these days.',
    columns: [
      ...GAINED,
      { key: 'posts', label: 'Posts', kind: 'count' },
      { key: 'posts_before', label: 'before', kind: 'count' },
    ],
    rows: competitors.map((account) => ({
      ...gainedRow(account),
      posts: account.now.published.posts,
      posts_before: account.before.published.posts,
    })),
  };
}

function count(value: number): string {
  return formatCell(value, 'count');
}
