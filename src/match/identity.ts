import type { Content, MatchPost } from './content.ts';

/** The name of the post that a URL leads to, such as "tiktok:7429779620297231647"; undefined when it leads to none. */
export type Identify = (url: string) => string | undefined;

const URLS = /https?:\/\/[^\s<>"'()]+/gi;
const IDS = /[\p{L}\p{N}_-]{8,}/gu;

/** Indexes the URLs and ids that stand in the catalogue, and returns what finds the owners of a post and why. */
export function createIdentityFinder(content: readonly Content[], identify: Identify) {
  const owners = new Map<string, Map<number, string>>();
  const add = (key: string | undefined, owner: number, why: string) => {
    if (key === undefined) return;
    const known = owners.get(key);
    if (!known) owners.set(key, new Map([[owner, why]]));
    else if (!known.has(owner)) known.set(owner, why);
  };
  const keysOf = (url: string) => [identify(url), `url:${url.trim()}`];
  content.forEach(({ url, description }, owner) => {
    if (url) for (const key of keysOf(url)) add(key, owner, 'its URL is this post');
    for (const linked of description?.match(URLS) ?? [])
      for (const key of keysOf(linked.replace(/[.,;:!?]+$/, ''))) add(key, owner, 'its description links to this post');
    for (const id of `${url ?? ''} ${description ?? ''}`.match(IDS) ?? [])
      if (/\d/.test(id)) add(`id:${id}`, owner, 'the id of the post stands in its URL or description');
  });
  return (post: MatchPost): ReadonlyMap<number, string> => {
    const keys = [
      `${post.platform}:${post.externalPostId}`,
      ...(post.url ? keysOf(post.url) : []),
      `id:${post.externalPostId}`,
    ];
    // A URL that names the post is better than an id that stands somewhere.
    return keys.map((key) => key && owners.get(key)).find((found) => found) || new Map<number, string>();
  };
}
