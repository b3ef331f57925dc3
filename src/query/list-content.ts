import { sql, type Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

export interface ContentFilter {
  kind?: 'video' | 'clip' | undefined;
  /** Only what has this in its id, title, description or hashtags; upper and lower case are the same. */
  search?: string | undefined;
  limit?: number | undefined;
}

/** A video or a clip, and the posts that are linked to it itself. */
export interface ContentListing {
  kind: 'video' | 'clip';
  id: string;
  /** The video that a clip is a part of. */
  video_id: string | null;
  title: string;
  description: string | null;
  hashtags: string | null;
  duration: number | null;
  published_at: string | null;
  url: string | null;
  /** Confirmed links. */
  posts: number;
  /** The sum of the latest known views of these posts; null when none is known. */
  views: number | null;
}

/** The user's own videos and clips, the newest first. */
export async function listContent(db: Kysely<Database>, filter: ContentFilter = {}): Promise<ContentListing[]> {
  const listed = selectContent(db, filter)
    .orderBy('published_at', (by) => by.desc().nullsLast())
    .orderBy('id')
    .orderBy('kind')
    .limit(filter.limit ?? 50)
    .as('c');
  return db
    .selectFrom(listed)
    .selectAll('c')
    .select((eb) => [
      linksOf(eb.ref('c.kind'), eb.ref('c.id'), sql<number>`count(*)`).as('posts'),
      linksOf(eb.ref('c.kind'), eb.ref('c.id'), sql<number | null>`sum(r.views_count)`).as('views'),
    ])
    .orderBy('c.published_at', (by) => by.desc().nullsLast())
    .orderBy('c.id')
    .orderBy('c.kind')
    .execute();
}

/** Something over the confirmed links of a row of `c`. Each of the two columns has an index. */
function linksOf<Value>(kind: unknown, id: unknown, value: ReturnType<typeof sql<Value>>) {
  const over = (column: 'video_id' | 'clip_id') => sql<Value>`(select ${value}
    from social_media_content_mapping as m left join social_media_post_range as r on r.post_id = m.post_id
    where m.status = 'confirmed' and m.${sql.ref(column)} = ${id})`;
  return sql<Value>`case when ${kind} = 'video' then ${over('video_id')} else ${over('clip_id')} end`;
}

/** Videos and clips as one list. */
function selectContent(db: Kysely<Database>, { kind, search }: ContentFilter) {
  const columns = ['id', 'title', 'description', 'hashtags', 'duration', 'published_at', 'url'] as const;
  let videos = db
    .selectFrom('videos')
    .select(columns)
    .select(sql<string | null>`null`.as('video_id'));
  let clips = db.selectFrom('clips').select([...columns, 'video_id']);
  if (search !== undefined) {
    videos = videos.where(contains(search));
    clips = clips.where(contains(search));
  }
  const labelled = {
    video: videos.select(sql<'video' | 'clip'>`'video'`.as('kind')),
    clip: clips.select(sql<'video' | 'clip'>`'clip'`.as('kind')),
  };
  const all = kind === undefined ? labelled.video.unionAll(labelled.clip) : labelled[kind];
  return db.selectFrom(all.as('content')).selectAll();
}

/** SQLite knows upper and lower case of ASCII alone: asking for both forms finds most of the others. */
function contains(search: string) {
  const forms = [...new Set([search.toLowerCase(), search.toUpperCase()])];
  const patterns = forms.map((form) => `%${form.replace(/[\\%_]/g, String.raw`\$&`)}%`);
  const columns = ['id', 'title', 'description', 'hashtags'];
  const conditions = columns.flatMap((column) =>
    patterns.map((pattern) => sql`lower(${sql.ref(column)}) like lower(${pattern}) escape '\\'`),
  );
  return sql<boolean>`(${sql.join(conditions, sql` or `)})`;
}
