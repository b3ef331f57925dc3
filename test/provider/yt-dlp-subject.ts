import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FakePost, type Printed, type ProgramPlatform, type ProgramSubject, readFixture } from './subject.ts';

type Bag = Record<string, unknown>;

const tiktok = readFixture('yt-dlp/tiktok-user-flat-playlist.json') as Bag & { entries: Bag[] };
const youtube = readFixture('yt-dlp/youtube-channel-flat-playlist.json') as Bag & { entries: Bag[] };

/** What yt-dlp printed on its way to an error. */
export function readErrors(name: string): string {
  return readFileSync(join(import.meta.dirname, '../fixture/yt-dlp', name), 'utf8');
}

/** A failure: nothing but `null`, and the lines that say why. */
export function fail(...lines: string[]): Printed {
  return { stdout: 'null\n', stderr: `${lines.join('\n')}\n`, exitCode: 1 };
}

const NO_PAGE = (why: string) => [
  `WARNING: [tiktok:user] harbor.lights: Unable to download user webpage: ${why}`,
  "WARNING: [tiktok:user] This user's account is either private or has embedding disabled",
  'ERROR: [tiktok:user] harbor.lights: Unable to extract secondary user ID. If you are able to get the channel_id from a video posted by this user, try using "tiktokuser:channel_id" as the input URL',
];
const LOGIN =
  'Use --cookies-from-browser or --cookies for the authentication. See  https://github.com/yt-dlp/yt-dlp/wiki/FAQ#how-do-i-pass-cookies-to-yt-dlp';
const tiktokError = (said: string) => `ERROR: [tiktok:user] harbor.lights: ${said}`;
const youtubeError = (said: string) => `ERROR: [youtube:tab] @harborlights: ${said}`;

const tiktokPlatform: ProgramPlatform = {
  platform: 'tiktok',
  username: 'harbor.lights',
  asks: (posts) => ['--playlist-items', `1:${posts}`, '--', 'https://www.tiktok.com/@harbor.lights'],
  print: ({ id, displayName, pages }) => ({
    stdout: {
      ...tiktok,
      entries: pages.flat().map((post) => toTikTok(post, { uploader_id: id, channel: displayName })),
    },
  }),
  reports: { account: [], post: ['likes', 'comments', 'views', 'shares', 'saves'] },
  tellsTime: true,
  unknownUser: [
    fail(...NO_PAGE('HTTP Error 404: Not Found (caused by <HTTPError 404: Not Found>)')),
    fail('ERROR: No suitable extractor found for URL https://www.tiktok.com/@h%C3%A9'),
  ],
  privateUser: [
    fail(tiktokError(`This user's account is private. Log into an account that has access. ${LOGIN}`)),
    fail(
      tiktokError(
        `This user's account is likely either private or all of their videos are private. Log into an account that has access. ${LOGIN}`,
      ),
    ),
  ],
  tooFast: fail(tiktokError('Unable to download JSON metadata: HTTP Error 429: Too Many Requests')),
  failing: { stdout: 'null\n', stderr: readErrors('failure-tiktok-user-network.stderr.txt'), exitCode: 1 },
  complaint: (said) => fail(tiktokError(`Unable to download JSON metadata: ${said}`)),
  withForeignPost: (account) => {
    const { stdout } = tiktokPlatform.print(account) as { stdout: typeof tiktok };
    const foreign = { ...tiktok.entries[0], id: '7676167466413830000', channel_id: 'MS4wLjABAAAAother' };
    return { stdout: { ...stdout, entries: [foreign, ...stdout.entries] } };
  },
  followersField: null,
  metricFields: {
    likes: { key: 'like_count', path: 'entries[].like_count' },
    comments: { key: 'comment_count', path: 'entries[].comment_count' },
    views: { key: 'view_count', path: 'entries[].view_count' },
    shares: { key: 'repost_count', path: 'entries[].repost_count' },
    saves: { key: 'save_count', path: 'entries[].save_count' },
  },
};

const youtubePlatform: ProgramPlatform = {
  platform: 'youtube',
  username: 'harborlights',
  asks: (posts) => ['--playlist-items', `1:${Math.max(3, posts)}`, '--', 'https://www.youtube.com/@harborlights'],
  print: ({ id, displayName, followers, pages }) => ({
    stdout: {
      ...youtube,
      channel_id: id,
      channel: displayName,
      channel_follower_count: followers,
      entries: pages.flat().map((post) => toYouTube(post)),
    },
  }),
  reports: { account: ['followers'], post: ['views'] },
  tellsTime: false,
  unknownUser: [
    fail(youtubeError('Unable to download API page: HTTP Error 404: Not Found (caused by <HTTPError 404: Not Found>)')),
    fail(youtubeError('YouTube said: This channel does not exist.')),
    fail(youtubeError('YouTube said: This account has been terminated for a violation of YouTube’s Terms of Service.')),
  ],
  privateUser: [],
  tooFast: fail(youtubeError('Unable to download API page: HTTP Error 429: Too Many Requests')),
  failing: fail(
    "WARNING: [youtube:tab] @harborlights: Unable to download webpage: [Errno 111] Connection refused (caused by TransportError('[Errno 111] Connection refused'))",
    youtubeError(
      "Unable to download API page: [Errno 111] Connection refused (caused by TransportError('[Errno 111] Connection refused'))",
    ),
  ),
  complaint: (said) => fail(youtubeError(`Unable to download API page: ${said}`)),
  withForeignPost: (account) => {
    const { stdout } = youtubePlatform.print(account) as { stdout: typeof youtube };
    const foreign = { ...youtube.entries[0], id: 'aPnB6yKxWvE', channel_id: 'UC0therChannel0therChann' };
    return { stdout: { ...stdout, entries: [foreign, ...stdout.entries] } };
  },
  followersField: { key: 'channel_follower_count', path: 'channel_follower_count' },
  metricFields: { views: { key: 'view_count', path: 'entries[].view_count' } },
};

/** What yt-dlp prints: its own output for two platforms, and its own complaints. */
export const ytDlpSubject: ProgramSubject = {
  kind: 'program',
  platforms: [tiktokPlatform, youtubePlatform],
  tooOld: {
    stderr: readErrors('failure-bad-option.stderr.txt').replace('--nonexistent', '--use-extractors'),
    exitCode: 2,
  },
};

function toTikTok({ id, caption, postedAt, metrics }: FakePost, changes: Bag): Bag {
  return {
    ...tiktok.entries[1],
    ...changes,
    id,
    title: caption.slice(0, 72),
    description: caption,
    timestamp: postedAt,
    view_count: metrics.views,
    like_count: metrics.likes,
    comment_count: metrics.comments,
    repost_count: metrics.shares,
    save_count: metrics.saves,
  };
}

function toYouTube({ id, caption, metrics }: FakePost): Bag {
  return { ...youtube.entries[0], id, title: caption, view_count: metrics.views };
}
