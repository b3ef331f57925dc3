import { type Canned, type Exemption, type FakeAccount, type NetworkSubject, readFixture } from './subject.ts';

type Bag = Record<string, unknown>;
type Found = { public_profiles: { public_profile: Bag }[] };

const search = readFixture('snapchat/search.json') as Found;
const mine = readFixture('snapchat/my-profile.json') as { public_profile: Bag };

const NO_POSTS: Exemption = {
  because: 'it lists no posts',
  holds: ({ reports }) => reports.post.length === 0,
};

/** The replies of Snapchat: what a search finds, and its days; there are no posts. */
export const snapchatSubject: NetworkSubject = {
  kind: 'network',
  username: 'harborlights',
  pageSize: 1,
  exchanges: (account) => [
    {
      path: '/public/v1/public_profiles/search',
      query: { query: 'harborlights', limit: '100', includeStandard: 'true' },
      body: toFound(account),
    },
    {
      path: `/v1/public_profiles/${account.id}/stats`,
      query: {
        assetType: 'PROFILE',
        granularity: 'DAY',
        startTime: '2026-08-25T00:00:00.000Z',
        endTime: '2026-11-22T00:00:00.000Z',
      },
      body: readFixture('snapchat/stats-day.json'),
    },
  ],
  unknownUser: [
    { status: 200, body: { ...search, public_profiles: search.public_profiles.slice(0, 1) } },
    { status: 200, body: { ...search, public_profiles: [] } },
    { status: 200, body: failedItem() },
  ],
  afterUnknownUser: [
    {
      path: '/v1/public_profiles/my_profile',
      query: {},
      body: { ...mine, public_profile: { ...mine.public_profile, snap_user_name: 'pierlamps' } },
    },
  ],
  privateUser: [],
  refusedKey: [
    { status: 401, body: readFixture('snapchat/error.json') },
    { status: 403, body: readFixture('snapchat/error.json') },
    {
      status: 200,
      body: { request_status: 'ERROR', error_code: 'AUTHORIZATION_PERMISSION_DENIED', display_message: 'Not allowed' },
    },
  ],
  spentQuota: [],
  tooFast: { status: 429, body: { request_status: 'ERROR', display_message: 'Too Many Requests' } },
  complaint: (said): Canned => ({
    status: 200,
    body: { request_status: 'ERROR', debug_message: said, error_code: 'E5000' },
  }),
  followersField: null,
  metricFields: {},
  exempt: {
    'says that an account is private, after one request': {
      because: 'a profile that is not public is not found',
      holds: ({ about }) => about.includes('public Snapchat profiles'),
    },
    'takes a spent quota as final': {
      because: 'its quota is of a minute, which is waited for',
      holds: ({ quota }) => quota.period === 60,
    },
    'refuses a profile whose follower count was renamed': {
      because: 'the number of subscribers may be left out, which leaves a profile with nothing that must be there',
      holds: ({ reports }) => reports.account.join() === 'followers',
    },
    'pages to the end': NO_POSTS,
    'asks for no more pages than the limit needs, as many as it says beforehand': NO_POSTS,
    'counts a post that stands on two pages once': NO_POSTS,
    'keeps an old pinned post in its place and goes on paging': NO_POSTS,
    'keeps every digit of ids beyond 2^53, sent as text or as bare integers': NO_POSTS,
    'reads hidden, missing, negative and garbled counters as unknown, and zero as zero': NO_POSTS,
    'reads counters that come as text': NO_POSTS,
    'leaves out what others posted': NO_POSTS,
    'refuses a page on which a metric was renamed in all posts': NO_POSTS,
  },
};

/** The second of those that are found has the name that was asked for. */
function toFound({ id, displayName, followers }: FakeAccount): Found {
  const [other, meant] = search.public_profiles as [Found['public_profiles'][0], Found['public_profiles'][0]];
  const profile = { ...meant.public_profile, id, display_name: displayName, subscriber_count: followers };
  return { ...search, public_profiles: [other, { ...meant, public_profile: profile }] };
}

function failedItem(): Found {
  const failed = search.public_profiles.map((each) => ({ ...each, sub_request_status: 'ERROR' }));
  return { ...search, public_profiles: failed };
}
