import type { Kysely } from 'kysely';
import { scorePosts, type PostScore } from '../insight/post-score.ts';
import type { Database } from '../store/schema.ts';
import { findPosts } from './find-posts.ts';
import { listAgedPosts, type AgesFilter } from './list-aged-posts.ts';
import { atFirstAge } from './list-best-times.ts';

/** A post that did best beside the posts before it at the same age. */
export interface AgedBest extends Pick<PostScore, 'value' | 'baseline' | 'score'> {
  platform: string;
  username: string;
  external_post_id: string;
  post_url: string | null;
  caption: string | null;
  posted_at: string;
  /** What the value counts. */
  metric: 'views' | 'likes';
}

/** Which posts are looked at, and how many of them are wanted. */
export interface AgedBestQuestion extends Omit<AgesFilter, 'ages'> {
  /** Hours since publication. */
  age: number;
  accountIds: ReadonlySet<number>;
  /** Only posts published from this instant on and before the other are named; the older ones are what they are judged by. */
  namedFrom: string;
  namedBefore: string;
  /** At most 10. */
  limit: number;
}

/** The posts of a time that did best beside the 20 to 30 before them of their account and media type, at equal age. */
export async function listAgedBests(db: Kysely<Database>, question: AgedBestQuestion): Promise<AgedBest[]> {
  const { age, accountIds, namedFrom, namedBefore, limit, ...filter } = question;
  const aged = await listAgedPosts(db, { ...filter, ages: [age] });
  const best = aged
    .filter(({ account }) => accountIds.has(account.account_id))
    .flatMap(({ posts }) => {
      const { scores, strata } = scorePosts(posts.map((post) => atFirstAge(post)));
      return scores
        .filter(({ posted_at: at }) => at >= namedFrom && at < namedBefore)
        .map((score) => ({ ...score, metric: metricOf(strata, score) }));
    })
    .toSorted((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, limit);
  const found = best.length === 0 ? [] : await findPosts(db, { ids: [], rowIds: best.map(({ id }) => id) });
  return best.flatMap(({ id, value, baseline, score, metric, posted_at }) => {
    const post = found.find((each) => each.id === id);
    return post ? [{ ...post, posted_at, metric, value, baseline, score }] : [];
  });
}

function metricOf(strata: ReturnType<typeof scorePosts>['strata'], { media_type }: PostScore): AgedBest['metric'] {
  return strata.find((stratum) => stratum.media_type === media_type)?.metric ?? 'views';
}
