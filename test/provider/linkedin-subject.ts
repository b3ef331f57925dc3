import {
  type Exchange,
  type Exemption,
  type FakeAccount,
  type FakePost,
  makePost,
  type NetworkSubject,
  pagesUpTo,
  readFixture,
} from './subject.ts';

type Bag = Record<string, unknown>;

const username = 'harbor-lights-studio';
const organizations = readFixture('linkedin/organizations.json') as { elements: [Bag] };
const page = readFixture('linkedin/posts.json') as { elements: [Bag] };
const counted = readFixture('linkedin/share-statistics-shares.json') as { elements: [Bag] };
const daily = readFixture('linkedin/share-statistics-daily.json');
const followers = readFixture('linkedin/follower-statistics.json');

const NEVER_PRIVATE: Exemption = {
  because: 'the page of an organization is never private',
  holds: ({ platforms }) => platforms.includes('linkedin'),
};

/** The replies of LinkedIn. The newest post is of one kind and the others of the other, the worst mix for statistics. */
export const linkedinSubject: NetworkSubject = {
  kind: 'network',
  username,
  pageSize: 100,
  sendsIds: false,
  toExternalId: toUrn,
  exchanges: (account, wanted) => {
    const organization = `urn:li:organization:${account.id}`;
    const query = { q: 'organizationalEntity', organizationalEntity: organization };
    return [
      {
        path: '/rest/organizations',
        query: { q: 'vanityName', vanityName: username },
        body: { elements: [{ ...organizations.elements[0], id: account.id, localizedName: account.displayName }] },
      },
      {
        path: `/rest/networkSizes/urn%3Ali%3Aorganization%3A${account.id}`,
        query: { edgeType: 'COMPANY_FOLLOWED_BY_MEMBER' },
        body: { firstDegreeSize: account.followers },
      },
      ...toPages(account, wanted),
      ...toStatistics(account, wanted),
      {
        path: '/rest/organizationalEntityShareStatistics',
        query: {
          ...query,
          timeIntervals: '(timeRange:(start:1792713600000,end:1795305600000),timeGranularityType:DAY)',
        },
        body: daily,
      },
      { path: '/rest/organizationalEntityFollowerStatistics', query, body: followers },
    ];
  },
  unknownUser: [{ status: 200, body: readFixture('linkedin/organizations-empty.json') }],
  privateUser: [],
  refusedKey: [
    { status: 401, body: readFixture('linkedin/error-401.json') },
    { status: 401, body: readFixture('linkedin/error-401-expired.json') },
    { status: 403, body: readFixture('linkedin/error-403.json') },
  ],
  spentQuota: [{ status: 429, body: readFixture('linkedin/error-429.json') }],
  // Anyone may look up a page and count its followers.
  otherOwner: [
    { status: 200, body: organizations },
    { status: 200, body: readFixture('linkedin/network-size.json') },
    { status: 403, body: readFixture('linkedin/error-403.json') },
  ],
  tooFast: { status: 429, body: { status: 429, code: 'TOO_MANY_REQUESTS', message: 'Too many requests' } },
  complaint: (said) => ({ status: 503, body: { status: 503, code: 'SERVICE_UNAVAILABLE', message: said } }),
  withForeignPost: (account, wanted) =>
    linkedinSubject.exchanges(account, wanted).map((exchange) => {
      if (exchange.path !== '/rest/posts') return exchange;
      const { elements, ...others } = exchange.body as { elements: Bag[] };
      const foreign = { ...elements[0], id: 'urn:li:share:77', author: 'urn:li:organization:7654321' };
      const repost = { ...elements[0], id: 'urn:li:share:78', commentary: '', reshareContext: { parent: '' } };
      return { ...exchange, body: { ...others, elements: [foreign, repost, ...elements] } };
    }),
  exempt: { 'says that an account is private, after one request': NEVER_PRIVATE },
  followersField: { key: 'firstDegreeSize', path: 'firstDegreeSize', isOptional: true },
  metricFields: {
    likes: { key: 'likeCount', path: 'elements[].totalShareStatistics.likeCount', isOptional: true },
    comments: { key: 'commentCount', path: 'elements[].totalShareStatistics.commentCount', isOptional: true },
    shares: { key: 'shareCount', path: 'elements[].totalShareStatistics.shareCount', isOptional: true },
    reach: {
      key: 'uniqueImpressionsCount',
      path: 'elements[].totalShareStatistics.uniqueImpressionsCount',
      isOptional: true,
    },
    impressions: { key: 'impressionCount', path: 'elements[].totalShareStatistics.impressionCount', isOptional: true },
  },
};

function toUrn(id: string): string {
  return id === makePost(0).id ? `urn:li:share:${id}` : `urn:li:ugcPost:${id}`;
}

function toPages(account: FakeAccount, wanted: number): Exchange[] {
  const author = `urn:li:organization:${account.id}`;
  return pagesUpTo(account, wanted).map((posts, index) => ({
    path: '/rest/posts',
    query: { q: 'author', author, count: '100', start: String(index * 100), sortBy: 'CREATED' },
    body: {
      paging: { start: index * 100, count: 100, links: index < account.pages.length - 1 ? [{ rel: 'next' }] : [] },
      elements: posts.map((post) => ({
        ...page.elements[0],
        id: toUrn(post.id),
        author,
        commentary: post.caption.replaceAll(/[|{}@[\]()<>#\\*_~]/g, (reserved) => `\\${reserved}`),
        publishedAt: post.postedAt * 1000,
      })),
    },
  }));
}

function toStatistics(account: FakeAccount, wanted: number): Exchange[] {
  const unique = new Map<string, FakePost>();
  for (const post of account.pages.flat()) if (!unique.has(post.id)) unique.set(post.id, post);
  const asked = [...unique.values()].slice(0, wanted);
  return (['share', 'ugcPost'] as const).flatMap((kind) => {
    const posts = asked.filter(({ id }) => toUrn(id).startsWith(`urn:li:${kind}:`));
    const starts = posts.map((_, index) => index).filter((index) => index % 20 === 0);
    return starts.map((start) => toChunk(account, kind, posts.slice(start, start + 20)));
  });
}

function toChunk(account: FakeAccount, kind: 'share' | 'ugcPost', posts: FakePost[]): Exchange {
  const organizationalEntity = `urn:li:organization:${account.id}`;
  return {
    path: '/rest/organizationalEntityShareStatistics',
    query: { organizationalEntity, [`${kind}s`]: `List(${posts.map(({ id }) => toUrn(id)).join(',')})` },
    body: {
      elements: posts.map(({ id, metrics }) => ({
        organizationalEntity,
        [kind]: toUrn(id),
        totalShareStatistics: {
          ...(counted.elements[0]['totalShareStatistics'] as Bag),
          likeCount: metrics.likes,
          commentCount: metrics.comments,
          shareCount: metrics.shares,
          uniqueImpressionsCount: metrics.reach,
          impressionCount: metrics.impressions,
        },
      })),
    },
  };
}
