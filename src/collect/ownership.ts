import type { Kysely } from 'kysely';
import type { AccountAnswer, Post } from '../core/account.ts';
import { StoreError } from '../core/errors.ts';
import { identifyPost, parsePostUrl } from '../core/post-url.ts';
import type { StoredAccount } from '../query/find-stored-account.ts';
import { listPostsByForm } from '../query/list-posts-by-form.ts';
import type { RenamedPost } from '../store/post.ts';
import type { Database } from '../store/schema.ts';

/**
 * Leaves posts to the account that they are stored under, as those that two accounts made together, and says when another
 * person has the name now.
 * @throws StoreError when most posts are another account's: then it is one account under two names.
 */
export function settleOwnership(
  account: { platform: string; username: string },
  answer: AccountAnswer,
  { others, externalId }: StoredAccount,
): { answer: AccountAnswer; remarks: string[] } {
  const remarks: string[] = [];
  const [other] = others.values();
  if (other !== undefined) {
    if (others.size * 2 > answer.posts.length) {
      throw new StoreError(
        `The posts of @${account.username} are stored under @${other}: one account under two names.`,
        {
          hint: `keep one of them: smstats accounts remove ${account.platform} ${account.username}`,
        },
      );
    }
    const which = others.size === 1 ? '1 post is' : `${others.size} posts are`;
    const were = others.size === 1 ? 'it was' : 'they were';
    remarks.push(`${which} left to @${other}, where ${were} first`);
  }
  const now = answer.profile.externalId;
  if (externalId !== null && now !== null && externalId !== now) {
    remarks.push(`@${account.username} is another account now (id ${now}, before ${externalId}); its history goes on`);
  }
  return { answer: { ...answer, posts: answer.posts.filter((post) => !others.has(post.externalId)) }, remarks };
}

/** Posts that a person recorded by another form of their id than the one that providers give. */
export async function findRenamed(
  trx: Kysely<Database>,
  accountId: number,
  posts: readonly Post[],
  stored: StoredAccount,
): Promise<RenamedPost[]> {
  const forms = new Map<string, { to: string; key: string }>();
  for (const { externalId, url } of posts) {
    const named = stored.posts.has(externalId) || url === null ? undefined : parsePostUrl(url);
    if (named?.kind !== 'post') continue;
    for (const id of named.ids) if (id !== externalId) forms.set(id, { to: externalId, key: named.key });
  }
  const found = await listPostsByForm(trx, accountId, [...forms.keys()]);
  return found.flatMap(({ id, external_post_id, post_url }) => {
    const form = forms.get(external_post_id);
    // A number alone may be that of another post: on Mastodon each instance counts for itself.
    return form && post_url !== null && identifyPost(post_url) === form.key ? [{ id, to: form.to }] : [];
  });
}
