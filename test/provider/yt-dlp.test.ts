import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Post } from '../../src/core/account.ts';
import { ProviderError } from '../../src/core/errors.ts';
import { parsePostUrl } from '../../src/core/post-url.ts';
import { createAsk } from '../../src/provider/client/client.ts';
import type { ProgramOutput } from '../../src/provider/provider.ts';
import { ytDlp } from '../../src/provider/yt-dlp.ts';
import { createFakeHttp, createFakeWorld } from '../helper/fake-http.ts';
import { startFakeProgram } from './fake-program.ts';
import type { Recording, StoredPost } from './recording.ts';
import { readFixture } from './subject.ts';
import { ytDlpTikTokRecording, ytDlpYouTubeRecording } from './yt-dlp-recording.ts';
import { fail, readErrors } from './yt-dlp-subject.ts';

type Bag = Record<string, unknown>;

const tiktok = readFixture('yt-dlp/tiktok-user-flat-playlist.json') as Bag & { entries: Bag[] };
const channel = readFixture('yt-dlp/youtube-channel-flat-playlist.json') as Bag & { entries: Bag[] };
const tabs = readFixture('yt-dlp/youtube-channel-all-tabs.json') as Bag & { entries: (Bag & { entries: Bag[] })[] };

/** Fetches from what a program would have printed. */
function replay(
  platform: string,
  printed: Partial<ProgramOutput> & { body?: unknown },
  posts = 100,
  now = '2026-09-01',
) {
  const { body, ...rest } = printed;
  return ytDlp.fetchAccount(platform === 'tiktok' ? 'harbor.lights' : 'harborlights', {
    posts,
    platform,
    now: new Date(now),
    hasToken: false,
    setting: () => undefined,
    get: () => Promise.reject(new Error('asks no network')),
    send: () => Promise.reject(new Error('asks no network')),
    run: async () => ({ exitCode: 0, stdout: JSON.stringify(body), stderr: '', ...rest }),
  });
}

const idsOf = ({ posts }: { posts: Post[] }) => posts.map(({ externalId }) => externalId);

function toStored({ externalId, url, caption, mediaType, duration, postedAt, metrics }: Post): StoredPost {
  return {
    external_post_id: externalId,
    post_url: url,
    caption,
    media_type: mediaType,
    duration,
    posted_at: postedAt?.toISOString() ?? null,
    metrics: Object.fromEntries(Object.entries(metrics).filter(([, value]) => value !== null)),
  };
}

const readText = (name: string) => readFileSync(join(import.meta.dirname, '../fixture', name), 'utf8');

/** Plays a recording through a real executable that prints it. */
async function play({ platform, username, posts, program = { stdout: '' } }: Recording) {
  const { path } = startFakeProgram({
    stdout: readText(program.stdout),
    stderr: program.stderr === undefined ? '' : readText(program.stderr),
    exitCode: program.exitCode ?? 0,
  });
  const way = createAsk({
    world: createFakeWorld(createFakeHttp().fetch),
    provider: ytDlp,
    platform,
    posts,
    baseUrl: undefined,
    program: path,
    secret: '',
    maxResponseMb: undefined,
    userAgent: 'smstats/test',
    redact: (text) => text,
    onAttempt: async () => () => undefined,
  });
  return ytDlp.fetchAccount(username, way);
}

describe.each([ytDlpTikTokRecording, ytDlpYouTubeRecording])('what yt-dlp printed of $platform', (recording) => {
  test('is read in full', async () => {
    const { profile, posts, remarks = [] } = await play(recording);
    const { account, snapshot } = recording.stored;
    expect(profile).toEqual({
      externalId: account.external_id,
      displayName: account.display_name,
      bio: account.bio,
      profilePicUrl: recording.platform === 'youtube' ? 'https://yt3.googleusercontent.com/a=s0' : null,
      isVerified: account.is_verified,
      isBusiness: account.is_business,
      followers: snapshot.followers_count,
      following: snapshot.following_count,
      posts: snapshot.posts_count,
    });
    expect(posts.map(toStored)).toEqual(recording.stored.posts);
    expect(`yt-dlp ${remarks.join()}`).toMatch(recording.note as RegExp);
  });

  test('has URLs that lead back to the stored ids', async () => {
    for (const { url, externalId } of (await play(recording)).posts) {
      expect(parsePostUrl(url ?? '')).toMatchObject({ kind: 'post', platform: recording.platform, ids: [externalId] });
    }
  });
});

describe('TikTok', () => {
  test('tells nothing of an account of which it shows no posts', async () => {
    const { profile, posts } = await replay('tiktok', { body: { ...tiktok, entries: [] } });
    expect(new Set(Object.values(profile))).toEqual(new Set([null]));
    expect(posts).toEqual([]);
    const stderr = 'ERROR: [tiktok:user] harbor.lights: This account does not have any videos posted\n';
    const empty = await replay('tiktok', { exitCode: 1, stdout: 'null\n', stderr });
    expect(empty).toMatchObject({ profile: { posts: 0, followers: null }, posts: [] });
  });

  test('has the last of the thumbnails, and passes over an entry that could not be read', async () => {
    const { posts } = await replay('tiktok', { body: { ...tiktok, entries: [null, tiktok.entries[0]] } });
    expect(posts.map(({ thumbnailUrl }) => thumbnailUrl)).toEqual([
      'https://p16-sign.tiktokcdn-us.com/orig_7646818224011788053',
    ]);
  });

  test('has no duration: that of a slideshow is the length of its music, and nothing tells which post is one', async () => {
    const { posts } = await replay('tiktok', { body: tiktok });
    expect(posts.map(({ mediaType, duration }) => [mediaType, duration])).toEqual(posts.map(() => [null, null]));
  });

  test('is cut to the posts that were asked for', async () => {
    expect(idsOf(await replay('tiktok', { body: tiktok }, 2))).toEqual(['7646818224011788053', '7676167466413831785']);
  });
});

describe('YouTube', () => {
  test('has captions that are the title alone, and says so, for whoever knows a description', async () => {
    const described = channel.entries.map((each) => ({ ...each, description: 'Filmed at …' }));
    const { posts } = await replay('youtube', { body: { ...channel, entries: described } });
    expect(posts[0]?.caption).toBe('Fog at dawn');
    expect(ytDlp.reportsByPlatform).toMatchObject({ youtube: { captions: 'title' } });
    expect(ytDlp.reportsByPlatform?.['tiktok']?.captions).toBeUndefined();
  });

  test('tells more of a channel with a single tab', async () => {
    const { profile, posts } = await replay('youtube', { body: channel });
    expect(profile).toMatchObject({
      bio: 'Small studio by the water. New clips twice a week.',
      profilePicUrl: 'https://yt3.googleusercontent.com/a=s0',
      isVerified: true,
      followers: 182_000,
    });
    expect(posts.map(({ metrics, duration }) => [metrics.views, duration])).toEqual([
      [48_000, 21],
      [null, 3_724],
    ]);
  });

  test('lets the tabs take turns, so that few posts are not all of one', async () => {
    const [videos, shorts] = tabs.entries as [(typeof tabs.entries)[0], (typeof tabs.entries)[0]];
    const more = (each: typeof videos, ids: string[]) => ({
      ...each,
      entries: ids.map((id) => ({ ...each.entries[0], id })),
    });
    const body = { ...tabs, entries: [more(videos, ['v1', 'v2', 'v3']), more(shorts, ['s1'])] };
    expect(idsOf(await replay('youtube', { body }))).toEqual(['v1', 's1', 'v2', 'v3']);
    expect(idsOf(await replay('youtube', { body }, 2))).toEqual(['v1', 's1']);
  });

  test('leaves out playlists that stand among the videos', async () => {
    const podcast = { ...channel.entries[0], ie_key: 'YoutubeTab', id: 'PLharbor' };
    const body = { ...channel, entries: [podcast, ...channel.entries] };
    expect(idsOf(await replay('youtube', { body }))).toEqual(['kT3xW9pLq0A', 'hJ5-yQ8dXsU']);
  });

  test('answers a channel without any tab, and hidden followers', async () => {
    const body = { ...channel, channel_follower_count: null, entries: [] };
    expect(await replay('youtube', { body })).toMatchObject({ profile: { followers: null }, posts: [] });
  });
});

describe('what goes wrong', () => {
  const problemOf = async (printed: Partial<ProgramOutput>, platform = 'tiktok'): Promise<ProviderError> =>
    replay(platform, printed).then(
      () => Promise.reject(new Error('answered')),
      (error: unknown) => error as ProviderError,
    );
  const failed = (...lines: string[]) => fail(...lines) as ProgramOutput;
  const tiktokError = (said: string) => failed(`ERROR: [tiktok:user] harbor.lights: ${said}`);

  test('is a dead network, which looks like a private account', async () => {
    const stderr = readErrors('failure-tiktok-user-network.stderr.txt');
    const failure = await problemOf({ exitCode: 1, stdout: 'null\n', stderr });
    expect(failure).toMatchObject({ problem: 'unavailable', hint: 'check the network, then try again' });
    expect(failure.message).toContain('Unable to download user webpage');
    expect(failure.message).toContain('Connection refused');
  });

  test('is told by its ERROR lines', async () => {
    const told: [string, string, string][] = [
      [
        'Unable to extract secondary user ID. If you are able',
        'unavailable',
        'there is none, or TikTok did not show it',
      ],
      ['Your IP address is blocked from accessing this post', 'unavailable', 'turned away'],
      ['You do not have permission to view this post. Log into', 'private', 'private'],
      ['TikTok API keeps sending the same page. Taking measures', 'unavailable', 'was sent the same page again'],
      ['Unable to download JSON metadata: HTTP Error 429: Too Many Requests', 'rate_limited', '429'],
      ["Sign in to confirm you're not a bot. This helps protect", 'unavailable', 'turned away'],
      ['The read operation timed out', 'unavailable', 'timed out'],
    ];
    for (const [said, problem, message] of told) {
      const failure = await problemOf(tiktokError(said));
      expect(failure, said).toMatchObject({ problem });
      expect(failure.message).toContain(message);
      expect(failure.hint ?? failure.isAnswer).toBeTruthy();
    }
  });

  test('is not told by a warning', async () => {
    const warning = "WARNING: [tiktok:user] This user's account is private. HTTP Error 404\n";
    const { stderr, ...rest } = tiktokError('Unsupported response');
    expect(await problemOf({ ...rest, stderr: warning + stderr })).toMatchObject({ problem: 'unavailable' });
  });

  test('fails the account when a part of its posts is missing', async () => {
    const stderr = 'ERROR: [tiktok:user] harbor.lights: Unable to download JSON metadata: timed out\n';
    const failure = await problemOf({ exitCode: 1, stdout: JSON.stringify(tiktok), stderr });
    expect(failure.problem).toBe('unavailable');
  });

  test('is nothing printed at all', async () => {
    for (const stdout of ['', 'null\n', '\n']) {
      expect(await problemOf({ stdout })).toMatchObject({ problem: 'malformed', message: 'printed nothing' });
    }
    for (const stdout of ['[]', '7', '"text"', '{}']) expect((await problemOf({ stdout })).problem).toBe('schema');
    for (const stdout of ['[]', '7', '"text"', '{}'])
      expect((await problemOf({ stdout }, 'youtube')).problem).toBe('schema');
  });
});

test('says that a version is old from the day on when yt-dlp itself would', async () => {
  const remarksOn = async (now: string, version?: unknown) =>
    (await replay('tiktok', { body: { ...tiktok, ...(version !== undefined && { _version: version }) } }, 9, now))
      .remarks;
  expect(await remarksOn('2026-11-17')).toBeUndefined();
  expect(await remarksOn('2026-11-18')).toEqual(['is a version 91 days old, and sites change often: update it']);
  expect(await remarksOn('2026-11-18', null)).toBeUndefined();
  expect(await remarksOn('2026-11-18', { version: 'master' })).toBeUndefined();
  expect(await remarksOn('2026-11-18', { version: '2026.11.17.232839' })).toBeUndefined();
});

test('gives a handle to the program as part of an address, and never as an option', async () => {
  const program = startFakeProgram({ stdout: channel });
  const way = createAsk({
    world: createFakeWorld(createFakeHttp().fetch),
    provider: ytDlp,
    platform: 'youtube',
    posts: 5,
    baseUrl: undefined,
    program: program.path,
    secret: '',
    maxResponseMb: undefined,
    userAgent: 'smstats/test',
    redact: (text) => text,
    onAttempt: async () => () => undefined,
  });
  await ytDlp.fetchAccount('--exec/é', way);
  expect(program.runs()[0]).toEqual([
    '--ignore-config',
    '--no-update',
    '--flat-playlist',
    '--dump-single-json',
    '--use-extractors',
    'tiktok:user,youtube:tab',
    '--socket-timeout',
    '30',
    '--playlist-items',
    '1:5',
    '--',
    'https://www.youtube.com/@--exec%2F%C3%A9',
  ]);
});
