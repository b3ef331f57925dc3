import type { Kysely } from 'kysely';
import { groupBy } from '../core/group.ts';
import { decayCurve, type DecayPoint } from '../insight/decay.ts';
import type { Database } from '../store/schema.ts';
import { listAgedPosts, type AgesFilter } from './list-aged-posts.ts';
import type { LatestAccount } from './list-latest.ts';

/** How fast an account's posts of a media type collect what they get. */
export interface AccountDecay {
  account: LatestAccount;
  media_type: string | null;
  metric: 'views' | 'likes';
  /** Published in the window. */
  posts: number;
  /** Those whose value at the final age is known and not 0. */
  followed: number;
  curve: DecayPoint[];
}

/** Days since publication at which a curve is drawn, up to the final one. */
const AGES = [1, 2, 3, 7, 14, 28, 60, 90];

/**
 * The share of their views at the age of `finalDays` that posts had at earlier ages, by account and media type; of their
 * likes where more posts tell those at that age.
 */
export async function listDecay(
  db: Kysely<Database>,
  finalDays: number,
  filter: Omit<AgesFilter, 'ages'>,
): Promise<AccountDecay[]> {
  const days = [...AGES.filter((age) => age < finalDays), finalDays];
  const accounts = await listAgedPosts(db, { ...filter, ages: days.map((age) => age * 24) });
  return accounts.flatMap(({ account, posts }) =>
    [...groupBy(posts, ({ media_type }) => media_type)].map(([media_type, ofType]): AccountDecay => {
      const followed = (metric: AccountDecay['metric']) => ofType.filter((post) => post[metric].at(-1)).length;
      const metric = followed('likes') > followed('views') ? 'likes' : 'views';
      const values = ofType.map((post) => post[metric]);
      const curve = decayCurve(days, values);
      return { account, media_type, metric, posts: ofType.length, followed: followed(metric), curve };
    }),
  );
}
