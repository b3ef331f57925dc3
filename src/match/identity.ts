import type { Content, MatchPost } from './content.ts';

/** The name of the post that a URL leads to, such as "tiktok:7429779620297231647"; undefined when it leads to none. */
export type Identify = (url: string) => string | undefined;

/** A content item that names the post. */
export interface IdentityHit {
  owner: number;
  why: string;
  /** False for a link or id in a description: "Part 1 is here: https://…" leads to another one. */
  isProof: boolean;
}

const URLS = /https?:\/\/[^\s<>"'()]+/gi;
const IDS = /[\p{L}\p{N}_-]{8,}/gu;

/** Indexes the URLs and ids that stand in the catalogue, and returns what finds the owners of a post and why. */
export function createIdentityFinder(content: readonly Content[], identify: Identify) {
  const urls = new Map<string, Map<number, string>>();
  const descriptions = new Map<string, Map<number, string>>();
  const add = (owners: typeof urls, key: string | undefined, owner: number, why: string) => {
    if (key === undefined) return;
    const known = owners.get(key);
    if (!known) owners.set(key, new Map([[owner, why]]));
    else if (!known.has(owner)) known.set(owner, why);
  };
  const addIds = (owners: typeof urls, text: string | null, owner: number, why: string) => {
    for (const id of text?.match(IDS) ?? []) if (/\d/.test(id)) add(owners, `id:${id}`, owner, why);
  };
  const keysOf = (url: string) => [identify(url), `url:${url.trim()}`];
  content.forEach(({ url, description }, owner) => {
    if (url) for (const key of keysOf(url)) add(urls, key, owner, 'its URL is this post');
    addIds(urls, url, owner, 'the id of the post stands in its URL');
    for (const linked of description?.match(URLS) ?? [])
      for (const key of keysOf(linked.replace(/[.,;:!?]+$/, '')))
        add(descriptions, key, owner, 'its description links to this post');
    addIds(descriptions, description, owner, 'the id of the post stands in its description');
  });
  return (post: MatchPost): IdentityHit[] => {
    const keys = [
      `${post.platform}:${post.externalPostId}`,
      ...(post.url ? keysOf(post.url) : []),
      `id:${post.externalPostId}`,
    ];
    // A URL that names the post is better than an id that stands somewhere.
    const first = (owners: typeof urls) => keys.map((key) => key && owners.get(key)).find((found) => found) || [];
    return [
      ...[...first(urls)].map(([owner, why]) => ({ owner, why, isProof: true })),
      ...[...first(descriptions)].map(([owner, why]) => ({ owner, why, isProof: false })),
    ];
  };
}
