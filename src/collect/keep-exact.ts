import type { Post } from '../core/account.ts';
import type { Reports } from '../provider/provider.ts';
import type { StoredAccount } from '../query/find-stored-account.ts';

/**
 * Takes back what a source that knows less would undo: a title where the whole caption is stored, and the address of a
 * video where the post is known to be something else. Null keeps what is stored.
 */
export function keepExact(posts: readonly Post[], reports: Reports | undefined, stored: StoredAccount): Post[] {
  return posts.map((post) => {
    const known = stored.posts.get(post.externalId);
    if (!known) return post;
    const isTitleOnly =
      reports?.captions === 'title' && post.caption !== null && (known.caption ?? '').startsWith(`${post.caption}\n`);
    const isGuessedUrl = post.mediaType === null && known.mediaType !== null;
    return { ...post, ...(isTitleOnly && { caption: null }), ...(isGuessedUrl && { url: null }) };
  });
}
