import type { Kysely } from 'kysely';
import type { AccountAnswer } from '../core/account.ts';
import type { Database } from '../store/schema.ts';

/** What is already stored of an account that is about to be saved. */
export interface StoredAccount {
  /** A snapshot of the day exists. */
  hasDay: boolean;
  /** The followers of that snapshot. */
  followers: number | null;
  /** Some of its days come from the sample. */
  hasSample: boolean;
  /** Its posts among those that are asked about, by the platform's id. */
  posts: Map<string, { caption: string | null; mediaType: string | null }>;
  /** Posts that are stored under another account: its name by the platform's post id. */
  others: Map<string, string>;
  /** The platform's id of the account, as far as it is known. */
  externalId: string | null;
}

/** Looks up what saving an answer has to know, in a few queries whatever the number of posts. */
export async function findStoredAccount(
  db: Kysely<Database>,
  account: { id: number; platform: string },
  answer: AccountAnswer,
  day: string,
): Promise<StoredAccount> {
  const days = await db
    .selectFrom('social_media_analytics_snapshots')
    .select(['snapshot_date', 'provider_name', 'followers_count'])
    .where('account_id', '=', account.id)
    .where((eb) => eb.or([eb('snapshot_date', '=', day), eb('provider_name', '=', 'sample')]))
    .execute();
  const ids = answer.posts.map((post) => post.externalId);
  const posts =
    ids.length === 0
      ? []
      : await db
          .selectFrom('social_media_posts as p')
          .innerJoin('social_media_accounts as a', 'a.id', 'p.account_id')
          .select(['p.external_post_id', 'p.caption', 'p.media_type', 'p.account_id', 'a.username'])
          .where('p.platform', '=', account.platform)
          .where('p.external_post_id', 'in', ids)
          .execute();
  const owner = await db
    .selectFrom('social_media_accounts')
    .select('external_id')
    .where('id', '=', account.id)
    .executeTakeFirst();
  const others = posts.filter((post) => post.account_id !== account.id);
  return {
    hasDay: days.some((row) => row.snapshot_date === day),
    followers: days.find((row) => row.snapshot_date === day)?.followers_count ?? null,
    hasSample: days.some((row) => row.provider_name === 'sample'),
    posts: new Map(
      posts.map(({ external_post_id, caption, media_type }) => [external_post_id, { caption, mediaType: media_type }]),
    ),
    others: new Map(others.map((post) => [post.external_post_id, post.username])),
    externalId: owner?.external_id ?? null,
  };
}
