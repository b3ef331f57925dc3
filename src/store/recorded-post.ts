import type { Kysely } from 'kysely';
import type { Post } from '../core/account.ts';
import { saveHashtags, savePostAnalytics, savePosts, type PostRate } from './post.ts';
import type { Database } from './schema.ts';

/** Stands for a person as the source of numbers. */
const MANUAL = 'manual';

/** Keeps every other record and fetch of the account waiting until the transaction ends. */
export async function lockAccount(trx: Kysely<Database>, accountId: number): Promise<void> {
  await trx
    .updateTable('social_media_accounts')
    .set((eb) => ({ brand: eb.ref('brand') }))
    .where('id', '=', accountId)
    .execute();
}

/**
 * Writes what a person says of a post, as a fetch would: what is unknown stays as it was.
 * @param tagged text with hashtags; null leaves those that are known.
 * @returns its row id.
 */
export async function saveRecordedPost(
  trx: Kysely<Database>,
  account: { id: number; platform: string },
  post: Post,
  tagged: string | null,
): Promise<number> {
  const id = (await savePosts(trx, account, [post])).get(post.externalId) as number;
  if (tagged !== null) await saveHashtags(trx, [{ id, caption: tagged }]);
  return id;
}

/** Writes a post's numbers of a day, which were merged with those that were known. */
export async function saveRecordedDay(
  trx: Kysely<Database>,
  postId: number,
  day: string,
  metrics: Post['metrics'],
  engagement: PostRate,
): Promise<void> {
  await savePostAnalytics(trx, day, MANUAL, [{ id: postId, metrics, engagement }]);
}
