// https://github.com/yt-dlp/yt-dlp#usage-and-options
import * as z from 'zod/mini';
import type { AccountAnswer, Post, Profile } from '../core/account.ts';
import { ProviderError, type ProviderProblem } from '../core/errors.ts';
import { toMetric } from '../core/metric.ts';
import { daysBetween } from '../core/time.ts';
import { parseJson } from './client/json.ts';
import { findLastError } from './client/program.ts';
import type { Ask, ProgramOutput, Provider } from './provider.ts';
import { counter, fromEpochSeconds, id, orNull, readShape, refuseRenamed, shapeError, text } from './shared/shape.ts';

const NAME = 'yt-dlp';
/** The videos, shorts and streams of a channel come as a playlist each, and the option that limits one limits how many. */
const TABS = 3;
/** From this age on yt-dlp itself advises to update. */
const OLD_DAYS = 90;
const INSTALL = 'https://github.com/yt-dlp/yt-dlp/wiki/Installation';
const UPDATE = `update yt-dlp, as sites change often: yt-dlp -U, or the way it was installed (${INSTALL})`;

const thumbnails = z.nullish(z.array(z.object({ id: text, url: text })));

const entry = z.object({
  _type: text,
  ie_key: text,
  id,
  title: text,
  description: text,
  timestamp: z.nullish(z.union([z.number(), z.string()])),
  duration: z.nullish(z.number()),
  channel: text,
  channel_id: text,
  uploader_id: text,
  thumbnails,
  view_count: counter,
  like_count: counter,
  comment_count: counter,
  repost_count: counter,
  save_count: counter,
});
type Entry = z.output<typeof entry>;

const list = z.object({ entries: z.array(z.nullable(z.record(z.string(), z.unknown()))) });

const tiktokUser = z.object({ id, title: text, entries: z.array(z.nullable(entry)) });

const youtubeChannel = z.object({
  channel_id: id,
  channel: text,
  description: text,
  channel_follower_count: counter,
  channel_is_verified: z.nullish(z.boolean()),
  thumbnails,
});

const version = z.object({ _version: z.nullish(z.object({ version: text })) });

const ADDRESSES: Record<string, (username: string) => string> = {
  tiktok: (username) => `https://www.tiktok.com/@${encodeURIComponent(username)}`,
  youtube: (username) => `https://www.youtube.com/@${encodeURIComponent(username)}`,
};

export const ytDlp: Provider = {
  name: NAME,
  platforms: ['tiktok', 'youtube'],
  covers: 'any',
  about: 'public accounts without a key, through the program yt-dlp: rounded counts, no followers on TikTok',
  price: null,
  credential: null,
  program: 'yt-dlp',
  baseUrl: 'https://yt-dlp.invalid',
  // Nobody sells it: a limit of our own, so that the sites do not take this machine for a robot.
  quota: { limit: 500, period: 'day', safetyMargin: 0.8, requestsPerSecond: 0.5 },
  concurrency: 1,
  reports: {
    account: ['followers'],
    post: ['likes', 'comments', 'views', 'shares', 'saves'],
  },
  reportsByPlatform: {
    tiktok: { account: [], post: ['likes', 'comments', 'views', 'shares', 'saves'] },
    youtube: { account: ['followers'], post: ['views'], captions: 'title' },
  },
  requestCount: () => 1,
  headers: () => ({}),
  classify: () => undefined,

  async fetchAccount(username, ask) {
    const output = await run(username, ask);
    if (output.exitCode !== 0) {
      if (EMPTY.test(output.stderr)) return { profile: NOBODY, posts: [] };
      throw failureOf(output);
    }
    const body = readJson(output);
    const remarks = remarksOn(body, ask.now);
    const answer = ask.platform === 'tiktok' ? readTikTok(username, body) : readYouTube(body);
    return { profile: answer.profile, posts: answer.posts.slice(0, ask.posts), ...(remarks.length > 0 && { remarks }) };
  },
};

/** What is known of an account of which it is known only that it has no posts. */
const NOBODY: Profile = {
  externalId: null,
  displayName: null,
  bio: null,
  profilePicUrl: null,
  isVerified: null,
  isBusiness: null,
  followers: null,
  following: null,
  posts: 0,
};

async function run(username: string, ask: Ask): Promise<ProgramOutput> {
  const address = ADDRESSES[ask.platform];
  if (!address) throw new Error(`${NAME} does not know ${ask.platform}`);
  const most = ask.platform === 'youtube' ? Math.max(TABS, ask.posts) : ask.posts;
  try {
    return await ask.run([
      '--ignore-config',
      '--no-update',
      '--flat-playlist',
      '--dump-single-json',
      '--use-extractors',
      'tiktok:user,youtube:tab',
      '--socket-timeout',
      '30',
      '--playlist-items',
      `1:${most}`,
      '--',
      address(username),
    ]);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.problem !== 'not_installed') throw error;
    const hint = `install yt-dlp (${INSTALL}), or say where it is: smstats config set providers.yt-dlp.program <path>`;
    throw new ProviderError(NAME, error.problem, error.message, { hint, cause: error });
  }
}

function readJson({ stdout }: ProgramOutput): unknown {
  const body = parseJson(stdout);
  if (body !== undefined && body !== null) return body;
  const said = body === null || stdout.trim() === '' ? 'nothing' : 'something that is not JSON, or cut off';
  throw new ProviderError(NAME, 'malformed', `printed ${said}`, { hint: UPDATE });
}

/** A playlist of TikTok: nothing of the account itself, and its posts with counts that are rounded from 10,000 on. */
function readTikTok(username: string, body: unknown): AccountAnswer {
  refuseRenamed(NAME, 'entries[]', entriesOf(body), [
    'view_count',
    'like_count',
    'comment_count',
    'repost_count',
    'save_count',
  ]);
  const { id: owner, title, entries } = readShape(NAME, tiktokUser, body);
  const own = entries.filter((each) => each !== null && isOwn(each, owner)) as Entry[];
  const handle = orNull(title) ?? username;
  return {
    profile: {
      ...NOBODY,
      externalId: orNull(own[0]?.uploader_id),
      displayName: orNull(own[0]?.channel),
      posts: null,
    },
    posts: unique(own).map((each) => ({
      ...toPost(each),
      url: `https://www.tiktok.com/@${handle}/video/${each.id}`,
      caption: each.description ?? null,
      // It says "video" of slideshows too, also in the URL, and gives them the length of their music.
      mediaType: null,
      duration: null,
    })),
  };
}

/** The tabs of a channel, or its only one. Nothing tells when a video was posted, so the tabs take turns. */
function readYouTube(body: unknown): AccountAnswer {
  if (body !== null && typeof body === 'object' && !('channel_follower_count' in body)) {
    throw shapeError(NAME, 'channel_follower_count', 'is missing');
  }
  const channel = readShape(NAME, youtubeChannel, body);
  const isTab = (each: Record<string, unknown>) => each['_type'] === 'playlist';
  const top = entriesOf(body);
  const tabs = [top.filter((each) => !isTab(each)), ...top.filter(isTab).map(entriesOf)];
  refuseRenamed(NAME, 'entries[]', tabs.flat(), ['view_count']);
  const read = tabs.map((tab) => readShape(NAME, z.object({ entries: z.array(entry) }), { entries: tab }).entries);
  const own = takeTurns(read).filter((each) => each.ie_key !== 'YoutubeTab' && isOwn(each, channel.channel_id));
  return {
    profile: {
      ...NOBODY,
      externalId: channel.channel_id,
      displayName: orNull(channel.channel),
      bio: channel.description ?? null,
      profilePicUrl: orNull(channel.thumbnails?.find((each) => each.id === 'avatar_uncropped')?.url),
      // Only told when it is so.
      isVerified: channel.channel_is_verified ?? null,
      followers: toMetric(channel.channel_follower_count),
      posts: null,
    },
    posts: unique(own).map((each) => ({
      ...toPost(each),
      url: `https://www.youtube.com/watch?v=${each.id}`,
      caption: orNull(each.title),
      mediaType: 'video',
    })),
  };
}

function entriesOf(body: unknown): Record<string, unknown>[] {
  return readShape(NAME, list, body).entries.filter((each) => each !== null);
}

function isOwn({ channel_id }: Entry, owner: string): boolean {
  return orNull(channel_id) === null || channel_id === owner;
}

function unique(entries: readonly Entry[]): Entry[] {
  const seen = new Map<string, Entry>();
  for (const each of entries) if (!seen.has(each.id)) seen.set(each.id, each);
  return [...seen.values()];
}

/** The first of each list, the second of each, and so on. */
function takeTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((each) => each.slice(at, at + 1))).flat();
}

function toPost(each: Entry): Omit<Post, 'url' | 'caption' | 'mediaType'> {
  const seconds = toMetric(Math.round(each.duration ?? Number.NaN));
  return {
    externalId: each.id,
    thumbnailUrl: orNull(each.thumbnails?.at(-1)?.url),
    mediaUrl: null,
    duration: seconds === 0 ? null : seconds,
    postedAt: fromEpochSeconds(each.timestamp),
    metrics: {
      likes: toMetric(each.like_count),
      comments: toMetric(each.comment_count),
      views: toMetric(each.view_count),
      shares: toMetric(each.repost_count),
      saves: toMetric(each.save_count),
      reach: null,
      impressions: null,
    },
  };
}

function remarksOn(body: unknown, now: Date): string[] {
  const [, year, month, day] =
    /^(\d{4})\.(\d\d)\.(\d\d)/.exec(readShape(NAME, version, body)._version?.version ?? '') ?? [];
  const age = year ? daysBetween(`${year}-${month}-${day}`, now.toISOString().slice(0, 10)) : 0;
  return age > OLD_DAYS ? [`is a version ${age} days old, and sites change often: update it`] : [];
}

/** An account without posts, in the words for TikTok and for YouTube. */
const EMPTY = /^ERROR:.*does not have (?:any videos posted|an? \w+ tab)/m;

/** What the messages of its ERROR lines mean. The WARNING about private accounts comes with a dead network too. */
const MEANINGS: [RegExp, ProviderProblem, string][] = [
  [/account is (?:likely either )?private|do not have permission to view/, 'private', 'says the account is private'],
  [
    /HTTP Error 404|channel does not exist|account has been (?:terminated|suspended)|No suitable extractor/,
    'not_found',
    'knows no account of that name',
  ],
  [/HTTP Error 429|Too Many Requests/, 'rate_limited', 'was asked to slow down by the site (429)'],
  [/not a bot|IP address is blocked|HTTP Error 403/, 'unavailable', 'was turned away by the site'],
  [/keeps sending the same page/, 'unavailable', 'was sent the same page again and again'],
  [/secondary user ID/, 'unavailable', 'got no profile of that name: there is none, or TikTok did not show it'],
];

function failureOf({ exitCode, stderr }: ProgramOutput): ProviderError {
  const said = findLastError(stderr) ?? '';
  if (exitCode === 2 && /no such option/.test(said)) {
    const message = `is too old: it does not know an option that smstats gives it (${said.replace(/^.*error: /, '')})`;
    return new ProviderError(NAME, 'not_installed', message, { hint: UPDATE });
  }
  if (exitCode === 126 || exitCode === 127) {
    return new ProviderError(NAME, 'not_installed', `could not be started (${said || `it ended with ${exitCode}`})`, {
      hint: `install yt-dlp anew: ${INSTALL}`,
    });
  }
  const errors = stderr.split('\n').filter((line) => line.startsWith('ERROR:'));
  // Without the page of an account its number cannot be found either; why there is no page, a warning tells.
  const page = /^WARNING:.*?(Unable to download user webpage: .*)/m.exec(stderr)?.[1];
  const causes = page !== undefined && errors.some((line) => line.includes('secondary user ID')) ? [page] : errors;
  const found = MEANINGS.find(([pattern]) => causes.some((line) => pattern.test(line)));
  if (found) return new ProviderError(NAME, found[1], found[2], { hint: hintFor(found[1]) });
  const why = findLastError(causes.join('\n')) ?? said;
  const hint = NETWORK.test(why) ? 'check the network, then try again' : UPDATE;
  return new ProviderError(NAME, 'unavailable', `failed with ${exitCode}${why && `: ${why}`}`, { hint });
}

const NETWORK = /Errno|timed out|TransportError|Unable to connect|Failed to resolve/;

function hintFor(problem: ProviderProblem): string | undefined {
  if (problem === 'rate_limited') return 'wait a few hours, or use another provider: smstats providers list';
  return problem === 'unavailable' ? 'try again later, or use another provider: smstats providers list' : undefined;
}
