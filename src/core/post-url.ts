import { parseUsername } from './platform.ts';
import { parseAddress, type Address } from './post-address.ts';
import type { NamedId } from './post-id.ts';
import { findSite, type PostSite } from './post-site.ts';

/** A post as its URL names it. */
export interface PostReference {
  platform: string;
  /**
   * The forms of the platform's own id that a database may hold it under, the likeliest first. Mastodon numbers posts
   * per instance: there the id alone is no proof, and the stored URL has to agree as well (`identifyPost`).
   */
  ids: string[];
  /** Lower case, as `parseUsername` gives it; with its instance on Mastodon. Null when the URL does not name it. */
  username: string | null;
  /** Equal for every form of the same post, as far as it can be told without a request: `tiktok:7429779620297231647`. */
  key: string;
}

/** A link that only the platform's server can resolve. */
export interface ShortLink {
  platform: string;
  code: string;
}

/** What a URL of a platform leads to. */
export type PostUrl =
  | ({ kind: 'post' } & PostReference)
  | ({ kind: 'short-link' } & ShortLink)
  | { kind: 'profile'; platform: string; username: string | null };

/**
 * Reads what a URL leads to, in any of the forms that platforms and people give it. Asks no server and never throws.
 * @returns nothing when it is not the URL of a post, a short link or a profile of a platform.
 */
export function parsePostUrl(text: string): PostUrl | undefined {
  const address = parseAddress(text);
  const site = address && findSite(address.host);
  return site && (readShortLink(site, address) ?? readPost(site, address) ?? readProfile(site, address));
}

/** The key of the post that a URL names, the same for every form of it; nothing for what is not the URL of a post. */
export function identifyPost(url: string): string | undefined {
  const found = parsePostUrl(url);
  return found?.kind === 'post' ? found.key : undefined;
}

function readShortLink(site: PostSite, { path }: Address): PostUrl | undefined {
  for (const form of site.shortLinks ?? []) {
    const code = form.exec(path)?.groups?.['code'];
    if (code) return { kind: 'short-link', platform: site.platform, code };
  }
  return undefined;
}

function readPost(site: PostSite, { host, path, query }: Address): PostUrl | undefined {
  for (const form of site.posts) {
    const match = form.path.exec(path);
    if (!match) continue;
    const part = (name: string): string | undefined => {
      const parameter = form.query?.[name];
      return match.groups?.[name] ?? (parameter && query.get(parameter)) ?? undefined;
    };
    const id = part('id');
    const user = part('user');
    const named = id && site.readId({ id, user, owner: part('owner'), host });
    if (named) return { kind: 'post', ...describePost(site, host, named, user) };
  }
  return undefined;
}

function describePost(site: PostSite, host: string, { ids, key }: NamedId, user: string | undefined): PostReference {
  const { platform } = site;
  return { platform, ids, username: readUsername(site, host, user), key: `${platform}:${key ?? ids[0]}` };
}

function readProfile(site: PostSite, { host, path }: Address): PostUrl | undefined {
  for (const form of site.profiles ?? []) {
    const match = form.exec(path);
    if (!match) continue;
    const user = match.groups?.['user'];
    const username = readUsername(site, host, user);
    // A page that has a name in the place of the handle, but none that could be one, is no profile.
    if (username || user === undefined) return { kind: 'profile', platform: site.platform, username };
  }
  return undefined;
}

function readUsername(site: PostSite, host: string, user: string | undefined): string | null {
  const handle = user && (site.readUser ?? String)(user, host);
  if (!handle) return null;
  try {
    return parseUsername(site.platform, handle);
  } catch {
    return null;
  }
}
