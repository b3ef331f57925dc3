import type { Post } from '../core/account.ts';

/** One page of posts, and the cursor of the next one unless this is the last. */
export interface Page {
  posts: Post[];
  next: string | undefined;
}

const MAX_PAGES = 500;

/**
 * Pages through posts until `limit` are found or the source ends. A post that appears again over a page border counts
 * once. Old pinned posts ahead of new ones do not end the paging; a repeated cursor or a page without anything new does.
 */
export async function collectPages(
  limit: number,
  fetchPage: (cursor: string | undefined) => Promise<Page>,
): Promise<Post[]> {
  const posts = new Map<string, Post>();
  const cursors = new Set<string | undefined>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES && posts.size < limit && !cursors.has(cursor); page++) {
    cursors.add(cursor);
    const { posts: found, next } = await fetchPage(cursor);
    const before = posts.size;
    for (const post of found) if (!posts.has(post.externalId)) posts.set(post.externalId, post);
    if (next === undefined || posts.size === before) break;
    cursor = next;
  }
  return [...posts.values()].slice(0, limit);
}
