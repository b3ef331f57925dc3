import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** A post as a person may name it. */
export interface NamedPost {
  /** Ids that the platform knows it by. */
  ids: readonly string[];
  platform?: string | undefined;
  /** Its URL as it was given. */
  url?: string | undefined;
  /** Row ids, when they are known already. */
  rowIds?: readonly number[];
}

/** The stored posts that a name fits: none, one, or several when an id is used on several platforms. */
export async function findPosts(db: Kysely<Database>, { ids, platform, url, rowIds = [] }: NamedPost) {
  return db
    .selectFrom('social_media_posts as p')
    .innerJoin('social_media_accounts as a', 'a.id', 'p.account_id')
    .select(['p.id', 'a.platform', 'a.username', 'p.external_post_id', 'p.post_url', 'p.caption'])
    .where((eb) => {
      const named = [
        ...(ids.length === 0 ? [] : [eb('p.external_post_id', 'in', ids)]),
        ...(rowIds.length === 0 ? [] : [eb('p.id', 'in', rowIds)]),
      ];
      return eb.or(url === undefined ? named : [...named, eb('p.post_url', '=', url)]);
    })
    .$if(platform !== undefined, (query) => query.where('p.platform', '=', platform as string))
    .orderBy('p.id')
    .limit(10)
    .execute();
}

/** The stored posts of a platform by their URL: some platforms show another id in it than their API gives. */
export async function listPostUrls(
  db: Kysely<Database>,
  platform: string,
): Promise<{ id: number; post_url: string }[]> {
  const rows = await db
    .selectFrom('social_media_posts')
    .select(['id', 'post_url'])
    .where('platform', '=', platform)
    .where('post_url', 'is not', null)
    .orderBy('id')
    .execute();
  return rows as { id: number; post_url: string }[];
}
