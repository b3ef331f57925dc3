import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** A post as far as it tells what it shows. */
export interface PostToMatch {
  id: number;
  platform: string;
  external_post_id: string;
  post_url: string | null;
  caption: string | null;
  /** Seconds. */
  duration: number | null;
  posted_at: string | null;
}

export interface MatchFilter {
  platform?: string | undefined;
  /** Also those that a rule has linked. */
  isAgain?: boolean | undefined;
}

/**
 * The posts that a rule may decide on: those of accounts that are no competitors, and of which no person has decided.
 */
export async function listPostsToMatch(db: Kysely<Database>, filter: MatchFilter = {}): Promise<PostToMatch[]> {
  return db
    .selectFrom('social_media_posts as p')
    .innerJoin('social_media_accounts as a', 'a.id', 'p.account_id')
    .leftJoin('social_media_content_mapping as m', 'm.post_id', 'p.id')
    .where('a.is_competitor', '=', 0)
    .where((eb) => {
      const isOpen = [
        eb('m.id', 'is', null),
        eb.and([eb('m.status', '=', 'suggested'), eb('m.decided_by', '=', 'rule')]),
      ];
      return eb.or(filter.isAgain ? [...isOpen, eb('m.decided_by', '=', 'rule')] : isOpen);
    })
    .$if(filter.platform !== undefined, (query) => query.where('a.platform', '=', filter.platform as string))
    .select(['p.id', 'a.platform', 'p.external_post_id', 'p.post_url', 'p.caption', 'p.duration', 'p.posted_at'])
    .orderBy('p.id')
    .execute();
}
