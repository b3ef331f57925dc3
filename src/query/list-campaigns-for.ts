import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** The names of the campaigns that were for a video, each once. */
export async function listCampaignsFor(db: Kysely<Database>, videoId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('campaign_social_metrics')
    .select('campaign_id')
    .distinct()
    .where('video_id', '=', videoId)
    .orderBy('campaign_id')
    .execute();
  return rows.map((row) => row.campaign_id);
}
