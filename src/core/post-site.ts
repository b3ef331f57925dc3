import {
  readFacebookId,
  readPinId,
  readRecordKey,
  readShortcode,
  readSnapId,
  readStatusId,
  readStatusNumber,
  readUrn,
  readVideoNumber,
  readYouTubeId,
  type NamedId,
  type PostParts,
} from './post-id.ts';

/** A shape in which a platform's URLs name a post. */
export interface PostForm {
  /** Matched on the decoded path. Groups: `id`, `user` (the handle), `owner` (the number of a page or group). */
  path: RegExp;
  /** The groups that stand in the query instead, and under which parameter. */
  query?: Record<string, string>;
}

/** The hosts of a platform and the forms of its URLs. Forms are tried in order: short links, posts, profiles. */
export interface PostSite {
  platform: string;
  host: RegExp;
  posts: PostForm[];
  /** Group: `code`. */
  shortLinks?: RegExp[];
  /** Group: `user`, for the pages that name it. */
  profiles?: RegExp[];
  /** Nothing when this cannot be an id of the platform. */
  readId(parts: PostParts): NamedId | undefined;
  /** The handle that an account is stored under, for platforms whose URLs write it in another way. */
  readUser?(user: string, host: string): string;
}

const TIKTOK_FORMS: PostForm[] = [
  { path: /^\/@(?<user>[^/]*)\/(?:video|photo)\/(?<id>[^/]+)/i },
  { path: /^\/(?:embed(?:\/v\d)?|player\/v\d|v|(?:i18n\/)?share\/(?:video|photo|item))\/(?<id>[^/]+)/i },
  { path: /^\/(?:foryou\/?)?$/i, query: { id: 'item_id' } },
];

const YOUTUBE_PAGE = /^\/(?:@[^/]+|(?:channel|c|user)\/[^/]+)\/(?:community|posts)\/?$/i;

const FACEBOOK_PAGES =
  'about|ads|business|dialog|directory|events|gaming|groups|hashtag|help|home|legal|live|login|marketplace|media|messages|' +
  'notes|pages|people|photo|photos|plugins|policies|posts|privacy|reel|reels|search|settings|share|sharer|stories|terms|' +
  'video|videos|watch';

const SITES: PostSite[] = [
  {
    platform: 'tiktok',
    host: /^v[mt]\.tiktok\.com$/,
    posts: TIKTOK_FORMS,
    shortLinks: [/^\/(?:t\/)?(?<code>[a-z0-9_-]+)\/?$/i],
    readId: readVideoNumber,
  },
  {
    platform: 'tiktok',
    host: /(?:^|\.)(?:tiktok\.com|tiktokv\.(?:com|us))$/,
    posts: TIKTOK_FORMS,
    shortLinks: [/^\/t\/(?<code>[a-z0-9_-]+)\/?$/i],
    profiles: [/^\/(?:embed\/)?@(?<user>[^/]+)(?:\/live)?\/?$/i],
    readId: readVideoNumber,
    // Some tools write the number of an account (secUid) where its handle belongs.
    readUser: (user) => (user.startsWith('MS4wLj') ? '' : user),
  },
  {
    platform: 'instagram',
    host: /(?:^|\.)(?:instagram\.com|instagr\.am)$/,
    posts: [
      { path: /^\/(?:(?<user>[^/]+)\/)?p\/(?<id>[^/]+)/i },
      // At least ten characters: /reels/audio/… and /reels/trends/… are no posts.
      { path: /^\/(?:(?<user>[^/]+)\/)?(?:reels?|tv)\/(?<id>[^/]{10,})/i },
      { path: /^\/stories\/(?!highlights\/)(?<user>[^/]+)\/(?<id>\d+)/i },
      { path: /^\/media\/?$/i, query: { id: 'id' } },
    ],
    shortLinks: [/^\/share\/(?:(?:p|reel|tv)\/)?(?<code>[a-z0-9_-]+)\/?$/i],
    profiles: [
      /^\/(?!(?:p|reels?|tv|stories|explore|accounts|direct|about|share|s|web|legal|developer|oembed|media|api|graphql)(?:\/|$))(?<user>[^/]+)(?:\/(?:reels|tagged|channel|embed|live))?\/?$/i,
    ],
    readId: readShortcode,
  },
  {
    platform: 'threads',
    host: /(?:^|\.)threads\.(?:net|com)$/,
    posts: [{ path: /^\/@(?<user>[^/]+)\/post\/(?<id>[^/]+)/i }, { path: /^\/t\/(?<id>[^/]+)/i }],
    profiles: [/^\/@(?<user>[^/]+)(?:\/(?:replies|media|reposts))?\/?$/i],
    readId: readShortcode,
  },
  {
    platform: 'youtube',
    host: /^(?:www\.)?youtu\.be$/,
    posts: [
      { path: /^\/(?:watch\/?)?$/i, query: { id: 'v' } },
      { path: /^\/(?:(?:shorts|live|embed|watch|v)\/)?(?<id>[^/]+)/i },
    ],
    readId: readYouTubeId,
  },
  {
    platform: 'youtube',
    host: /(?:^|\.)(?:youtube\.com|youtube-nocookie\.com|youtubekids\.com|youtube\.googleapis\.com)$/,
    posts: [
      { path: /^\/(?:watch(?:_popup)?\/?)?$/i, query: { id: 'v' } },
      { path: /^\/(?:shorts|live|embed|video|watch|post|vi?|e)\/(?<id>[^/]+)/i },
      { path: YOUTUBE_PAGE, query: { id: 'lb' } },
    ],
    profiles: [/^\/(?:@(?<user>[^/]+)|(?:channel|c|user)\/[^/]+)(?:\/[a-z]+)?\/?$/i],
    readId: readYouTubeId,
  },
  {
    platform: 'facebook',
    host: /^(?:www\.)?fb\.watch$/,
    posts: [{ path: /^\/$/, query: { id: 'v' } }],
    shortLinks: [/^\/(?:[prv]\/)?(?<code>[a-z0-9_-]+)\/?$/i],
    readId: readFacebookId,
  },
  {
    platform: 'facebook',
    host: /^fb\.me$/,
    posts: [],
    shortLinks: [/^\/[prv]\/(?<code>[a-z0-9_-]+)\/?$/i],
    readId: readFacebookId,
  },
  {
    platform: 'facebook',
    host: /(?:^|\.)(?:facebook|fb)\.com$/,
    posts: [
      { path: /^\/(?:watch(?:\/live)?|live)\/?$/i, query: { id: 'v' } },
      { path: /^\/(?:video|photo)\.php$/i, query: { id: 'v' } },
      { path: /^\/video\/embed\/?$/i, query: { id: 'video_id' } },
      { path: /^\/(?:permalink|story)\.php$/i, query: { id: 'story_fbid', owner: 'id' } },
      { path: /^\/photos?(?:\.php|\/)?$/i, query: { id: 'fbid' } },
      { path: /^\/(?:reels?|videos?|posts)\/(?<id>[^/]+)/i },
      { path: /^\/groups\/(?<owner>[^/]+)\/(?:posts|permalink)\/(?<id>[^/]+)/i },
      { path: /^\/groups\/(?<owner>[^/]+)\/?$/i, query: { id: 'multi_permalinks' } },
      // With a title, an album or a set between: /<page>/videos/<slug>/<id>, /<page>/photos/a.1.2/<id>.
      { path: /^\/(?<user>[^/]+)\/(?:posts|videos|photos)\/[^/]+\/(?<id>[^/]+)/i },
      { path: /^\/(?<user>[^/]+)\/(?:posts|videos|photos|reel|activity)\/(?<id>[^/]+)/i },
      { path: /^\/(?<id>\d+_\d+)\/?$/ },
    ],
    shortLinks: [/^\/share\/(?:[prv]\/)?(?<code>[a-z0-9_-]{6,})\/?$/i],
    profiles: [
      /^\/(?:profile\.php|people\/[^/]+\/\d+|\d+)\/?$/i,
      new RegExp(
        String.raw`^/(?!(?:${FACEBOOK_PAGES})(?:/|$)|[^/]*\.php)(?<user>[^/]+)(?:/(?:about|photos|posts|reels|videos))?/?$`,
        'i',
      ),
    ],
    readId: readFacebookId,
    // A page without a handle stands in its URLs with its number, and no account is stored under that.
    readUser: (user) => (/^\d+$/.test(user) ? '' : user),
  },
  {
    platform: 'twitter',
    host: /(?:^|\.)(?:(?:twitter|x|fxtwitter|vxtwitter|fixupx|fixvx)\.com|nitter\.net|xcancel\.com)$/,
    posts: [
      { path: /^\/(?:i\/(?:web\/)?)?status(?:es)?\/(?<id>[^/]+)/i },
      { path: /^\/(?!i\/)(?<user>[^/]+)\/(?:status(?:es)?|article)\/(?<id>[^/]+)/i },
      { path: /^\/embed\/tweet\.html$/i, query: { id: 'id' } },
      { path: /^\/intent\/(?:like|favorite|retweet|repost)\/?$/i, query: { id: 'tweet_id' } },
    ],
    profiles: [
      /^\/(?!(?:i|home|search|explore|hashtag|settings|notifications|messages|intent|share|login|logout|signup|compose|tos|privacy|jobs|about|download|oembed|embed)(?:\/|$))(?<user>\w{1,15})(?:\/(?:with_replies|media|likes|highlights|articles))?\/?$/i,
    ],
    readId: readStatusNumber,
  },
  {
    platform: 'linkedin',
    host: /^lnkd\.in$/,
    posts: [],
    shortLinks: [/^\/(?:p\/)?(?<code>[a-z0-9_-]+)\/?$/i],
    readId: readUrn,
  },
  {
    platform: 'linkedin',
    host: /(?:^|\.)linkedin\.com$/,
    posts: [
      { path: /^\/(?:(?:comm|embed|mwlite)\/)?feed\/update\/(?<id>[^/]+)/i },
      {
        path: /^\/(?:(?:comm|mwlite)\/)?posts\/(?:(?<user>[^_/]+)_)?(?:[^/]*[-_])?(?<id>(?:activity|share|ugcpost)-\d+)/i,
      },
      { path: /^\/(?:video\/(?:live|event)|analytics\/post-summary)\/(?<id>[^/]+)/i },
      { path: /^\/(?:company|school|showcase|feed)(?:\/|$)/i, query: { id: 'updateEntityUrn' } },
      { path: /^\/(?:company|school|showcase|feed)(?:\/|$)/i, query: { id: 'highlightedUpdateUrn' } },
    ],
    profiles: [/^\/(?:(?:comm|mwlite)\/)?(?:in|company|school|showcase)\/(?<user>[^/]+)(?:\/|$)/i],
    readId: readUrn,
  },
  {
    platform: 'pinterest',
    host: /^pin\.it$/,
    posts: [],
    shortLinks: [/^\/(?<code>[a-z0-9_-]+)\/?$/i],
    readId: readPinId,
  },
  {
    platform: 'pinterest',
    // By name: an open ending would take pinterest.com.evil.example for Pinterest.
    host: /(?:^|\.)pinterest\.(?:com|info|at|be|ca|ch|cl|de|dk|ec|es|fr|hu|id|ie|in|it|jp|mx|nl|nz|pe|ph|pt|ru|se|th|tw|uk|vn|co\.(?:at|id|in|kr|nz|uk)|com\.(?:au|bo|ec|mx|pe|py|uy|vn))$/,
    posts: [{ path: /^\/(?:amp\/)?pin\/(?<id>[^/]+)/i }, { path: /^\/ext\/embed\.html$/i, query: { id: 'id' } }],
    // Visitors without a login are given pins under a coded id.
    shortLinks: [
      /^\/pin\/(?<code>A[a-z0-9_-]{30,})\/?$/i,
      /^\/url_shortener\/(?<code>[a-z0-9_-]+)(?:\/redirect)?\/?$/i,
    ],
    profiles: [
      /^\/(?!(?:pin|search|ideas|explore|today|topics|categories|settings|login|resource|business|_|videos|discover|about|offsite|oembed\.json|ext|url_shortener)(?:\/|$))(?<user>[^/]+)(?:\/(?:_created|_saved|_shop|pins|boards))?\/?$/i,
    ],
    readId: readPinId,
  },
  {
    platform: 'snapchat',
    host: /^t\.snapchat\.com$/,
    posts: [],
    shortLinks: [/^\/(?<code>[a-z0-9_-]+)\/?$/i],
    readId: readSnapId,
  },
  {
    platform: 'snapchat',
    host: /(?:^|\.)snapchat\.com$/,
    posts: [
      { path: /^\/(?:(?:add\/|@)(?<user>[^/]+)\/)?(?:spotlight|highlight|story)\/(?<id>[^/]+)/i },
      { path: /^\/p\/[0-9a-f-]{36}\/(?<id>[^/]+)/i },
      { path: /^\/o\/(?<id>[^/]+)/i },
      { path: /^\/discover\/[^/]+\/(?<id>[^/]+)/i },
    ],
    shortLinks: [/^\/t\/(?<code>[a-z0-9_-]+)\/?$/i],
    profiles: [/^\/(?:add\/|s\/|@)(?<user>[^/]+)(?:\/(?:spotlight|highlights|stories))?\/?$/i],
    readId: readSnapId,
  },
  {
    platform: 'bluesky',
    host: /(?:^|\.)bsky\.app$/,
    posts: [
      { path: /^\/profile\/(?<user>[^/]+)\/post\/(?<id>[^/]+)/i },
      { path: /^\/embed\/(?<user>[^/]+)\/app\.bsky\.feed\.post\/(?<id>[^/]+)/i },
    ],
    profiles: [/^\/profile\/(?:did:[^/]+|(?<user>[^/]+))\/?$/i],
    readId: readRecordKey,
  },
];

/** Any server can be a Mastodon instance: only the form of the path tells. */
const MASTODON: PostSite = {
  platform: 'mastodon',
  host: /\.[a-z][a-z0-9-]*$/,
  posts: [
    { path: /^\/(?:(?:web|deck)\/)?@(?<user>[\w.-]+(?:@[^\s/@]+)?)\/(?<id>\d{10,20})(?:\/|$)/i },
    { path: /^\/users\/(?<user>[\w.-]+)\/statuses\/(?<id>\d{10,20})(?:\/|$)/i },
    { path: /^\/ap\/users\/\d+\/statuses\/(?<id>\d{10,20})(?:\/|$)/i },
    { path: /^\/(?:web|deck)\/statuses\/(?<id>\d{10,20})(?:\/|$)/i },
  ],
  readId: readStatusId,
  readUser: (user, host) => (user.includes('@') ? user : `${user}@${host}`),
};

/** The site that a host belongs to; for a name that nobody knows, what a Mastodon instance would serve under it. */
export function findSite(host: string): PostSite | undefined {
  return [...SITES, MASTODON].find((site) => site.host.test(host));
}
