import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

/** The user's own video or clip, as far as it tells which posts show it. */
export interface ContentToMatch {
  kind: 'video' | 'clip';
  id: string;
  title: string;
  description: string | null;
  hashtags: string | null;
  duration: number | null;
  published_at: string | null;
  url: string | null;
  /** The video that a clip belongs to. */
  video_id: string | null;
}

/** Every video and clip, by id. */
export async function listContentToMatch(db: Kysely<Database>): Promise<ContentToMatch[]> {
  const columns = ['id', 'title', 'description', 'hashtags', 'duration', 'published_at', 'url'] as const;
  const videos = await db.selectFrom('videos').select(columns).orderBy('id').execute();
  const clips = await db
    .selectFrom('clips')
    .select([...columns, 'video_id'])
    .orderBy('id')
    .execute();
  return [
    ...videos.map((video) => ({ kind: 'video' as const, video_id: null, ...video })),
    ...clips.map((clip) => ({ kind: 'clip' as const, ...clip })),
  ];
}
