import {
  type Exchange,
  type FakeAccount,
  type FakePost,
  type NetworkSubject,
  pagesUpTo,
  readFixture,
} from './subject.ts';

type Bag = Record<string, unknown>;

const username = 'harborlights';
const OTHER_CHANNEL = 'UC0therChannel0therChann';
const channels = readFixture('youtube/channels.json') as { items: (Bag & { snippet: Bag; statistics: Bag })[] };
const uploads = readFixture('youtube/playlistItems-page1.json') as Bag & { items: Bag[] };
const videos = readFixture('youtube/videos.json') as { items: (Bag & { snippet: Bag; statistics: Bag })[] };
const channel = channels.items[0] as (typeof channels.items)[0];
const video = videos.items[0] as (typeof videos.items)[0];

/** The replies of YouTube's Data API to a key: a channel, then for each page its list of uploads and their numbers. */
export const youtubeSubject: NetworkSubject = {
  kind: 'network',
  username,
  pageSize: 50,
  exchanges: (account, posts) => [
    {
      path: '/youtube/v3/channels',
      query: { part: 'snippet,statistics,contentDetails', forHandle: '@harborlights' },
      body: toChannels(account),
    },
    ...pagesUpTo(account, posts).flatMap((page, index) =>
      toPage(account, page, index, index < account.pages.length - 1),
    ),
  ],
  unknownUser: [
    { status: 200, body: readFixture('youtube/channels-unknown-handle.json') },
    { status: 200, body: { kind: 'youtube#channelListResponse', pageInfo: { totalResults: 0 }, items: [] } },
    { status: 404, body: refusal(404, 'channelNotFound', 'The channel cannot be found.') },
  ],
  privateUser: [
    { status: 403, body: refusal(403, 'playlistItemsNotAccessible', 'The request is not properly authorized.') },
  ],
  refusedKey: [
    { status: 400, body: readFixture('youtube/error-400-bad-key.json') },
    { status: 403, body: refusal(403, 'accessNotConfigured', 'YouTube Data API v3 has not been used in project 1.') },
    { status: 401, body: refusal(401, 'authError', 'Invalid Credentials') },
  ],
  spentQuota: [
    { status: 403, body: readFixture('youtube/error-403-quotaExceeded.json') },
    { status: 403, body: refusal(403, 'dailyLimitExceeded', 'Daily Limit Exceeded') },
  ],
  tooFast: { status: 403, body: refusal(403, 'rateLimitExceeded', 'Queries per minute exceeded.') },
  complaint: (said) => ({ status: 500, body: refusal(500, 'backendError', said) }),
  withForeignPost: (account, posts) => {
    const [first, ...rest] = youtubeSubject.exchanges(account, posts);
    const [list, numbers] = rest.slice(-2) as [Exchange, Exchange];
    const foreign = toVideo(account, { ...(account.pages[0]?.[0] as FakePost), id: 'aPnB6yKxWvE' }, OTHER_CHANNEL);
    const own = numbers.body as { items: unknown[] };
    const { items } = list.body as { items: unknown[] };
    const ids = `aPnB6yKxWvE,${numbers.query['id']}`;
    return [
      first as Exchange,
      { ...list, body: { ...uploads, items: [toUpload('aPnB6yKxWvE'), ...items], nextPageToken: undefined } },
      { ...numbers, query: { ...numbers.query, id: ids }, body: { ...videos, items: [foreign, ...own.items] } },
    ];
  },
  followersField: { key: 'subscriberCount', path: 'items[].statistics.subscriberCount' },
  // Likes and comments may be hidden on every video of a channel.
  metricFields: { views: { key: 'viewCount', path: 'items[].statistics.viewCount' } },
};

/** The list of a page, and the numbers of what is on it. */
function toPage(account: FakeAccount, page: readonly FakePost[], index: number, hasNext: boolean): Exchange[] {
  const { nextPageToken: _, ...recorded } = uploads;
  const list: Exchange = {
    path: '/youtube/v3/playlistItems',
    query: {
      part: 'contentDetails',
      playlistId: 'UUq3TnV8rXw5LmZ0aYbK7dEg',
      maxResults: '50',
      ...(index > 0 && { pageToken: tokenOf(index) }),
    },
    body: {
      ...recorded,
      ...(hasNext && { nextPageToken: tokenOf(index + 1) }),
      items: page.map(({ id }) => toUpload(id)),
    },
  };
  if (page.length === 0) return [list];
  const query = { part: 'snippet,contentDetails,statistics,status', id: page.map(({ id }) => id).join(',') };
  const items = page.map((post) => toVideo(account, post));
  return [list, { path: '/youtube/v3/videos', query, body: { ...videos, items } }];
}

function tokenOf(page: number): string {
  return `EAAaBlBUOkNEP${page}`;
}

function toChannels(account: FakeAccount): unknown {
  const { followers: subscriberCount, posts: videoCount } = account;
  return {
    ...channels,
    items: [
      {
        ...channel,
        id: account.id,
        snippet: { ...channel.snippet, title: account.displayName },
        statistics: { ...channel.statistics, subscriberCount: asText(subscriberCount), videoCount: asText(videoCount) },
      },
    ],
  };
}

function toUpload(videoId: string): unknown {
  return { ...uploads.items[0], contentDetails: { videoId, videoPublishedAt: '2026-08-20T17:30:12Z' } };
}

function toVideo(account: FakeAccount, { id, caption, postedAt, metrics }: FakePost, channelId = account.id): unknown {
  return {
    ...video,
    id,
    snippet: { ...video.snippet, channelId, title: caption, publishedAt: new Date(postedAt * 1000).toISOString() },
    statistics: {
      ...video.statistics,
      viewCount: asText(metrics.views),
      likeCount: asText(metrics.likes),
      commentCount: asText(metrics.comments),
    },
  };
}

function refusal(code: number, reason: string, message: string): unknown {
  return { error: { code, message, errors: [{ message, domain: 'global', reason }] } };
}

function asText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}
