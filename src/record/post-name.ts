import type { Kysely } from 'kysely';
import { UsageError } from '../core/errors.ts';
import { parsePostUrl } from '../core/post-url.ts';
import { findPosts } from '../query/find-posts.ts';
import type { AccountRow } from '../store/account.ts';
import type { Database } from '../store/schema.ts';
import type { FieldValue } from './field.ts';

/** What a platform calls a post, and where it is. */
interface PostName {
  externalId: string;
  url: string | null;
}

/** The id of the post that is meant: of the stored one when there is one, else the likeliest form of it. */
export async function findPostName(
  trx: Kysely<Database>,
  account: AccountRow,
  values: Readonly<Record<string, FieldValue>>,
): Promise<PostName> {
  const given = String(values['post'] ?? values['post_url']);
  const url = values['post_url'] === undefined ? undefined : String(values['post_url']);
  if (url !== undefined && !/^https?:\/\/\S+$/i.test(url)) throw new UsageError(`${url} is not a URL.`);
  const found = parsePostUrl(given);
  if (!found && !/^https?:\/\//i.test(given)) return { externalId: given, url: url ?? null };
  if (found?.kind !== 'post') {
    const why =
      found?.kind === 'short-link'
        ? 'is a short link, which only the platform can resolve'
        : 'is not the URL of a post';
    throw new UsageError(`${given} ${why}.`, 'give the id of the post, and its URL as post_url');
  }
  if (found.platform !== account.platform) {
    throw new UsageError(`${given} is a post of ${found.platform}, not of ${account.platform}.`);
  }
  const [stored] = await findPosts(trx, { ids: found.ids, platform: account.platform, url: given });
  return { externalId: stored?.external_post_id ?? (found.ids[0] as string), url: stored?.post_url ?? url ?? given };
}
