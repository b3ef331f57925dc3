import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** The video of that id, if there is one. */
export async function findVideo(db: Kysely<Database>, id: string) {
  return db.selectFrom('videos').select(['id', 'title']).where('id', '=', id).executeTakeFirst();
}
