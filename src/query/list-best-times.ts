import type { Kysely } from 'kysely';
import { clockIn } from '../core/time.ts';
import { bestTimes, type BestTimes } from '../insight/best-times.ts';
import { scorePosts, type Stratum } from '../insight/post-score.ts';
import { cellOf } from '../insight/slot.ts';
import type { Database } from '../store/schema.ts';
import { listAgedPosts, type AgesFilter } from './list-aged-posts.ts';
import type { LatestAccount } from './list-latest.ts';

/** Whether and how the time of publication matters to an account. */
export interface AccountTimes {
  account: LatestAccount;
  /** What its posts are judged by, and how many could be. */
  strata: Stratum[];
  times: BestTimes;
}

/** Which posts, at what age (hours), and the time zone whose clock counts. */
export interface TimesFilter extends Omit<AgesFilter, 'ages'> {
  age: number;
  timezone: string;
}

/** The times of the week at which each account's posts did better or worse, compared at equal age. */
export async function listBestTimes(db: Kysely<Database>, filter: TimesFilter): Promise<AccountTimes[]> {
  const accounts = await listAgedPosts(db, { ...filter, ages: [filter.age] });
  return accounts.map(({ account, posts }) => {
    const { strata, scores } = scorePosts(posts.map((post) => atFirstAge(post)));
    const scoreOf = new Map(scores.map(({ id, score }) => [id, score]));
    const timed = posts.map(({ id, media_type, posted_at }) => ({
      cell: cellOf(clockIn(filter.timezone, new Date(posted_at))),
      media_type,
      score: scoreOf.get(id) ?? null,
    }));
    return { account, strata, times: bestTimes(timed) };
  });
}

/** A post that was asked for at one age. */
export function atFirstAge<Post extends { views: readonly (number | null)[]; likes: readonly (number | null)[] }>(
  post: Post,
) {
  return { ...post, views: post.views[0] ?? null, likes: post.likes[0] ?? null };
}
