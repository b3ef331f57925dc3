import type { Post } from '../../core/account.ts';

/** One page of an account's posts. `next` is the cursor of the page behind it; undefined when this is the last. */
export interface Page {
  posts: Post[];
  next: string | undefined;
  /** True where an empty page may be followed by others: what it held was left out, here or by the source. */
  mayBeEmpty?: boolean;
}

const MAX_PAGES = 500;
/** So many in a row are asked for behind each other where empty pages are no end. */
const MAX_EMPTY_PAGES = 10;

/** For an answer whose list ends at one of these bounds and not where the source ended it. */
export const CUT_REMARK = `stopped listing posts after ${MAX_EMPTY_PAGES} pages without any, or ${MAX_PAGES} in all: older ones are left out`;

/**
 * Pages through posts until `limit` are found or the source ends. A post that appears again over a page border counts
 * once. Old pinned posts ahead of new ones do not end the paging; a repeated cursor or a page without anything new does,
 * unless it is an empty one that says it may be.
 * @param onCut told when it gave up although the source had more: too many pages, or too many empty ones in a row.
 */
export async function collectPages(
  limit: number,
  fetchPage: (cursor: string | undefined) => Promise<Page>,
  onCut?: () => void,
): Promise<Post[]> {
  const posts = new Map<string, Post>();
  const cursors = new Set<string | undefined>();
  let cursor: string | undefined;
  let emptyPages = 0;
  for (let page = 0; posts.size < limit && !cursors.has(cursor); page++) {
    if (page === MAX_PAGES || emptyPages > MAX_EMPTY_PAGES) {
      onCut?.();
      break;
    }
    cursors.add(cursor);
    const { posts: found, next, mayBeEmpty = false } = await fetchPage(cursor);
    const before = posts.size;
    for (const post of found) if (!posts.has(post.externalId)) posts.set(post.externalId, post);
    emptyPages = found.length === 0 ? emptyPages + 1 : 0;
    const isSkipped = mayBeEmpty && emptyPages > 0;
    if (next === undefined || (posts.size === before && !isSkipped)) break;
    cursor = next;
  }
  return [...posts.values()].slice(0, limit);
}
