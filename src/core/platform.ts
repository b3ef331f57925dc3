import { UsageError } from './errors.ts';
import { readInstance } from './instance.ts';
import { nearest } from './text.ts';

/** The platforms that ship with providers. A custom provider or a recorded metric may bring any other name. */
export const PLATFORMS = [
  'tiktok',
  'instagram',
  'youtube',
  'facebook',
  'linkedin',
  'twitter',
  'snapchat',
  'pinterest',
  'threads',
  'bluesky',
  'mastodon',
] as const;

const ALIASES = new Map([
  ['x', 'twitter'],
  ['ig', 'instagram'],
  ['yt', 'youtube'],
  ['fb', 'facebook'],
]);

/** Hosts whose URLs name an account, and where in the path the handle stands. */
const PROFILE_URLS: { host: RegExp; platform: string; handle: RegExp }[] = [
  { host: /(^|\.)tiktok\.com$/, platform: 'tiktok', handle: /^\/@([^/]+)/ },
  { host: /(^|\.)instagram\.com$/, platform: 'instagram', handle: /^\/(?!p\/|reel\/|stories\/)([^/]+)/ },
  { host: /(^|\.)youtube\.com$/, platform: 'youtube', handle: /^\/(?:@([^/]+))/ },
  { host: /(^|\.)(twitter|x)\.com$/, platform: 'twitter', handle: /^\/(?!i\/|home|search)([^/]+)/ },
  { host: /(^|\.)threads\.(net|com)$/, platform: 'threads', handle: /^\/@([^/]+)/ },
  { host: /(^|\.)facebook\.com$/, platform: 'facebook', handle: /^\/(?!watch|groups\/)([^/]+)/ },
  { host: /(^|\.)linkedin\.com$/, platform: 'linkedin', handle: /^\/(?:in|company|school)\/([^/]+)/ },
  { host: /(^|\.)pinterest\.[a-z.]+$/, platform: 'pinterest', handle: /^\/(?!pin\/)([^/]+)/ },
  { host: /(^|\.)snapchat\.com$/, platform: 'snapchat', handle: /^\/(?:add\/|@)([^/]+)/ },
  { host: /^bsky\.app$/, platform: 'bluesky', handle: /^\/profile\/([^/]+)/ },
];

/** An account as a person names it. */
export interface Handle {
  platform: string;
  /** Lower case, without `@`. */
  username: string;
}

/** A profile on a server that only its owner's name tells: `https://mastodon.social/@user`, also as another server shows it. */
const MASTODON_URL = /^(?:https?:\/\/)?([^\s/@:?#]+)\/(?:(?:web|deck)\/)?(?:@|users\/)([^\s/?#]+)/i;

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const MAX_USERNAME = 100;

/**
 * Reads a platform name, in any case and with its short names (`x`, `ig`, `yt`, `fb`).
 * @throws UsageError naming the nearest platform when `known` does not hold it.
 */
export function parsePlatform(text: string, known: readonly string[] = PLATFORMS): string {
  const name = text.trim().toLowerCase();
  const platform = ALIASES.get(name) ?? name;
  if (NAME.test(platform) && known.includes(platform)) return platform;
  const guess = nearest(platform, [...known, ...ALIASES.keys()]);
  throw new UsageError(
    `"${text}" is not a platform smstats knows.${guess ? ` Did you mean "${ALIASES.get(guess) ?? guess}"?` : ''}`,
    `platforms: ${known.join(', ')}`,
  );
}

/** Whether a platform that nobody ships could be called that: a short name of another is taken. */
export function isPlatformName(text: string): boolean {
  return NAME.test(text) && !ALIASES.has(text);
}

/**
 * Reads what a person gives as a user: a handle with or without `@`, or the URL of a profile or post. On Mastodon it
 * names the server too, `user@instance`; on Bluesky it is the whole handle, `alice.bsky.social`.
 * @param platform the platform it must belong to.
 * @throws UsageError when it cannot be an account of that platform.
 */
export function parseUsername(platform: string, text: string): string {
  const given = text.normalize('NFC').trim();
  if (platform === 'youtube' && CHANNEL_ID.test(given)) {
    throw new UsageError(
      `${given} is the id of a channel, and smstats knows channels by their handles.`,
      `take the @handle from https://www.youtube.com/channel/${given}`,
    );
  }
  const fediverse = platform === 'mastodon' ? readMastodonName(given) : undefined;
  const url = fediverse ? undefined : parseProfileUrl(given);
  if (url) {
    if (url.platform === platform) return url.username;
    throw new UsageError(
      `${given} is a ${url.platform} URL, not a ${platform} account.`,
      `smstats fetch ${url.platform} ${url.username}`,
    );
  }
  const username = fediverse ?? given.replace(/^@+/, '').toLowerCase();
  const problem = findUsernameProblem(platform, username);
  if (problem) {
    throw new UsageError(
      `${JSON.stringify(clip(given))} is not a username: ${problem}.`,
      `give the handle as the platform shows it, for example: smstats fetch ${platform} ${EXAMPLES[platform] ?? 'isaiah_dupree'}`,
    );
  }
  return username;
}

/** Its letters are capital or not for a reason, so that it is no handle in lower case either. */
const CHANNEL_ID = /^UC[\w-]{22}$/;

const EXAMPLES: Record<string, string> = { mastodon: 'user@mastodon.social', bluesky: 'alice.bsky.social' };

/** `user@instance` in its stored form, from that or from the URL of a profile on any server. */
function readMastodonName(given: string): string | undefined {
  const [, host = '', shown = ''] = MASTODON_URL.exec(given) ?? [];
  if (PROFILE_URLS.some((each) => each.host.test(host.toLowerCase()))) return undefined;
  const name = host === '' ? given.replace(/^@+/, '') : shown.includes('@') ? shown : `${shown}@${host}`;
  const [, user, instance] = /^([^@]+)@([^@]+)$/.exec(name) ?? [];
  return user && instance && `${user}@${readInstance(instance) ?? instance}`.toLowerCase();
}

/** Reads `platform:username`, or the URL of a profile. */
export function parseHandle(text: string, known: readonly string[] = PLATFORMS): Handle {
  const url = parseProfileUrl(text.trim());
  if (url) return url;
  const at = text.indexOf(':');
  if (at < 1) {
    throw new UsageError(
      `"${clip(text)}" does not name an account.`,
      'write it as platform:username, for example tiktok:isaiah_dupree',
    );
  }
  const platform = parsePlatform(text.slice(0, at), known);
  return { platform, username: parseUsername(platform, text.slice(at + 1)) };
}

function parseProfileUrl(text: string): Handle | undefined {
  const looksLikeUrl = /^https?:\/\//i.test(text) || /^(www\.|m\.)?[a-z0-9-]+\.[a-z]{2,}\/@?\S/i.test(text);
  if (!looksLikeUrl) return undefined;
  let url: URL;
  try {
    url = new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    throw new UsageError(`"${clip(text)}" is not a URL.`, 'give the handle, or the full URL of the profile');
  }
  const known = PROFILE_URLS.find(({ host }) => host.test(url.hostname));
  const handle = known?.handle.exec(url.pathname)?.[1];
  if (!known || !handle) {
    throw new UsageError(
      `${clip(text)} is not the URL of a profile that smstats can read.`,
      url.pathname.startsWith('/@')
        ? `give the handle instead; an account of Mastodon is written mastodon:user@${url.hostname}`
        : 'give the handle instead, for example: smstats fetch tiktok isaiah_dupree',
    );
  }
  let username: string;
  try {
    username = decodeURIComponent(handle).replace(/^@+/, '').toLowerCase();
  } catch {
    throw new UsageError(`${clip(text)} is not a valid URL.`, 'give the handle instead');
  }
  const problem = findUsernameProblem(known.platform, username);
  if (problem) throw new UsageError(`${clip(text)} does not name an account: ${problem}.`);
  return { platform: known.platform, username };
}

/** Why a lower-case handle cannot be one, or nothing. Letters of every script are fine: some platforms allow them. */
function findUsernameProblem(platform: string, username: string): string | undefined {
  if (username === '') return 'it is empty';
  if ([...username].length > MAX_USERNAME) return `it is longer than ${MAX_USERNAME} characters`;
  if (/\s/u.test(username)) return 'it contains a space';
  if (!/^[\p{L}\p{M}\p{N}._@-]+$/u.test(username)) return 'it may hold letters, digits, ".", "_", "-" and "@" only';
  if (/^\.+$/.test(username)) return 'it has only dots';
  if (platform === 'mastodon') return findInstanceProblem(username);
  if (platform === 'bluesky' && !/^[^.@]+(?:\.[^.@]+)+$/.test(username)) {
    return `write the full handle with its domain, for example ${username.replace(/[.@].*/, '') || 'alice'}.bsky.social`;
  }
  return undefined;
}

function findInstanceProblem(username: string): string | undefined {
  const [user = '', instance, ...more] = username.split('@');
  if (user === '' || !instance || more.length > 0) {
    return `write it with its instance, user@instance, for example ${user || 'user'}@mastodon.social`;
  }
  if (readInstance(instance) !== instance) return `"${instance}" is not the public name of a server`;
  return undefined;
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
