import { codeOf } from './instagram-looter2-subject.ts';
import { type FakeAccount, type FakePost, type NetworkSubject, readFixture } from './subject.ts';
import { GATEWAY } from './tikwm-subject.ts';

type Bag = Record<string, unknown>;

const username = 'harbor.lights';
const community = readFixture('instagram-statistics/community.json') as { data: Bag };
const list = readFixture('instagram-statistics/posts.json') as { data: { posts: Bag[] } };
const history = readFixture('instagram-statistics/retrospective.json') as { data: { series: { current: Bag[] } } };
const cid = String(community.data['cid']);

/** The replies of instagram-statistics: one with all posts of a period, which know each other by their URLs. */
export const instagramStatisticsSubject: NetworkSubject = {
  kind: 'network',
  username,
  pageSize: 100,
  exchanges: (account) => [
    { path: '/community', query: { url: `https://www.instagram.com/${username}/` }, body: toCommunity(account) },
    {
      path: '/posts',
      query: { cid, from: '22.11.2025', to: '22.11.2026', type: 'posts', sort: 'date' },
      body: { ...list, data: { ...list.data, posts: account.pages.flat().map(toPost) } },
    },
    {
      path: '/statistics/retrospective',
      query: { cid, from: '23.10.2026', to: '21.11.2026' },
      body: { ...history, data: { series: { current: history.data.series.current.slice(0, 1) } } },
    },
  ],
  toAccountId: () => null,
  toUrlId: codeOf,
  sendsIds: false,
  unknownUser: [],
  privateUser: [{ status: 200, body: { ...community, data: { ...community.data, isClosed: true } } }],
  ...GATEWAY,
  exempt: {
    'says that an account does not exist, after one request': {
      because: 'it knows the accounts that it has counted, and not who exists',
      holds: ({ about }) => about.includes('that it has counted'),
    },
    'leaves out what others posted': {
      because: 'its posts do not say whose they are',
      holds: ({ name }) => name === 'instagram-statistics',
    },
  },
  followersField: { key: 'usersCount', path: 'data.usersCount' },
  metricFields: {
    likes: { key: 'likes', path: 'data.posts[].likes' },
    comments: { key: 'comments', path: 'data.posts[].comments' },
  },
};

function toCommunity({ displayName, followers }: FakeAccount): unknown {
  return { ...community, data: { ...community.data, name: displayName, usersCount: followers } };
}

function toPost({ id, caption, postedAt, metrics: { likes, comments, views } }: FakePost): unknown {
  return {
    ...list.data.posts[0],
    url: `https://www.instagram.com/p/${codeOf(id)}/`,
    date: new Date(postedAt * 1000).toISOString(),
    text: caption,
    likes,
    comments,
    views,
  };
}
