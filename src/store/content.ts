import { sql, type Kysely, type Transaction, type Selectable } from 'kysely';
import { SmstatsError } from '../core/errors.ts';
import { createBulkWriter } from './bulk.ts';
import { engineOf } from './engine.ts';
import type { AuditLogTable, Database, ContentMappingTable } from './schema.ts';

export type ContentKind = 'video' | 'clip';

/** What is known of a video or a clip. */
export interface ContentItem {
  id: string;
  /** The video that a clip is a part of; null for a video. */
  video_id: string | null;
  title: string;
  description: string | null;
  hashtags: string | null;
  /** Whole seconds. */
  duration: number | null;
  /** An instant, ISO 8601, UTC. */
  published_at: string | null;
  url: string | null;
}

/** The columns that an update may change. */
const CONTENT_FIELDS = [
  'video_id',
  'title',
  'description',
  'hashtags',
  'duration',
  'published_at',
  'url',
] as const satisfies (keyof ContentItem)[];

type Values = Partial<Omit<ContentItem, 'id'>>;

/** An item beside what is stored of it. A change holds only the columns that differ. */
export type Comparison = { item: ContentItem } & (
  { outcome: 'new' | 'unchanged' } | { outcome: 'changed'; before: Values; after: Values }
);

/** The table of a kind. */
export const CONTENT_TABLES = { video: 'videos', clip: 'clips' } as const;

const columns = {
  id: 'text',
  title: 'text',
  description: 'text',
  hashtags: 'text',
  duration: 'integer',
  published_at: 'timestamptz',
  url: 'text',
};
const merge = {
  title: 'known',
  description: 'known',
  hashtags: 'known',
  duration: 'known',
  published_at: 'known',
  url: 'known',
} as const;
const writers = {
  video: createBulkWriter({ table: 'videos', columns, key: ['id'], merge }),
  clip: createBulkWriter({
    table: 'clips',
    columns: { ...columns, video_id: 'text' },
    key: ['id'],
    merge: { ...merge, video_id: 'known' },
  }),
};

/** Tells of each item whether it is new, changes something, or is stored just so. What an item leaves unknown is no change. */
export async function compareContent(
  db: Kysely<Database>,
  kind: ContentKind,
  items: readonly ContentItem[],
): Promise<Comparison[]> {
  const stored = new Map(
    (
      await listStored(
        db,
        kind,
        items.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  );
  return items.map((item) => compare(item, stored.get(item.id)));
}

async function listStored(db: Kysely<Database>, kind: ContentKind, ids: readonly string[]): Promise<ContentItem[]> {
  if (ids.length === 0) return [];
  const wanted = ['id', 'title', 'description', 'hashtags', 'duration', 'published_at', 'url'] as const;
  if (kind === 'clip') return db.selectFrom('clips').select(wanted).select('video_id').where('id', 'in', ids).execute();
  const rows = await db.selectFrom('videos').select(wanted).where('id', 'in', ids).execute();
  return rows.map((row) => ({ ...row, video_id: null }));
}

function compare(item: ContentItem, stored: ContentItem | undefined): Comparison {
  if (!stored) return { item, outcome: 'new' };
  const changed = CONTENT_FIELDS.filter((field) => item[field] !== null && !isSame(field, item[field], stored[field]));
  if (changed.length === 0) return { item, outcome: 'unchanged' };
  const pick = (from: ContentItem) => Object.fromEntries(changed.map((field) => [field, from[field]])) as Values;
  return { item, outcome: 'changed', before: pick(stored), after: pick(item) };
}

/** Two ways to write one instant are the same: what a person stored by hand may be a day alone. */
function isSame(field: keyof ContentItem, given: string | number | null, stored: string | number | null): boolean {
  if (given === stored) return true;
  return field === 'published_at' && stored !== null && Date.parse(String(given)) === Date.parse(String(stored));
}

/**
 * Inserts what is new and updates what changes something; an unknown value leaves what is stored. Each id is there once.
 * Every change is written down with what was there before.
 * @throws SmstatsError (not_found) when a clip is to be a part of a video that is not stored.
 */
export async function saveContent(
  trx: Transaction<Database>,
  kind: ContentKind,
  items: readonly ContentItem[],
): Promise<Comparison[]> {
  const comparisons = await compareContent(trx, kind, items);
  const written = comparisons.filter(({ outcome }) => outcome !== 'unchanged').map(({ item }) => item);
  if (kind === 'clip') await requireVideos(trx, written);
  await writers[kind](
    trx,
    written.map((item) => [
      item.id,
      item.title,
      item.description,
      item.hashtags,
      item.duration,
      item.published_at,
      item.url,
      ...(kind === 'clip' ? [item.video_id] : []),
    ]),
  );
  await saveChanges(trx, kind, comparisons);
  return comparisons;
}

/** A statement takes a limited number of values. */
const CHANGES_AT_ONCE = 100;

async function saveChanges(trx: Transaction<Database>, kind: ContentKind, comparisons: readonly Comparison[]) {
  const rows: Omit<AuditLogTable, 'id' | 'happened_at'>[] = [];
  for (const each of comparisons) {
    if (each.outcome !== 'changed') continue;
    rows.push({
      actor: 'cli',
      action: 'change',
      table_name: CONTENT_TABLES[kind],
      row_id: each.item.id,
      before_json: JSON.stringify(each.before),
      after_json: JSON.stringify(each.after),
    });
  }
  for (let at = 0; at < rows.length; at += CHANGES_AT_ONCE)
    await trx
      .insertInto('audit_log')
      .values(rows.slice(at, at + CHANGES_AT_ONCE))
      .execute();
}

async function requireVideos(trx: Transaction<Database>, clips: readonly ContentItem[]): Promise<void> {
  const [missing] = await findMissingVideos(
    trx,
    clips.flatMap(({ video_id }) => (video_id === null ? [] : [video_id])),
  );
  if (missing === undefined) return;
  throw new SmstatsError('not_found', `There is no video "${missing}" that a clip could be a part of.`, {
    hint: `smstats content add "${missing}" --title <title>, or smstats content list --videos`,
  });
}

/** Those of the ids that no stored video has. */
export async function findMissingVideos(db: Kysely<Database>, ids: readonly string[]): Promise<string[]> {
  const missing = new Set(ids);
  const all = [...missing];
  for (let at = 0; at < all.length; at += 500) {
    const rows = await db
      .selectFrom('videos')
      .select('id')
      .where('id', 'in', all.slice(at, at + 500))
      .execute();
    for (const { id } of rows) missing.delete(id);
  }
  return [...missing];
}

/** Until the end of the transaction nobody else writes videos and clips; on SQLite nobody else writes anyway. */
export async function lockContent(trx: Transaction<Database>): Promise<void> {
  if (engineOf(trx) === 'postgres') await sql`LOCK TABLE videos, clips IN SHARE ROW EXCLUSIVE MODE`.execute(trx);
}

/** What goes away with a video or a clip, and what stays without it. */
export interface Removal {
  before: ContentItem;
  /** What is said of posts, also that they do not show it. */
  links: Selectable<ContentMappingTable>[];
  /** The clips that lose their video. */
  clipIds: string[];
}

/** What is stored of a video or a clip, if it is. */
export async function findContent(
  db: Kysely<Database>,
  kind: ContentKind,
  id: string,
): Promise<ContentItem | undefined> {
  const [found] = await listStored(db, kind, [id]);
  return found;
}

/** Finds out what removing would take along. Undefined when there is no such video or clip. */
export async function findRemoval(db: Kysely<Database>, kind: ContentKind, id: string): Promise<Removal | undefined> {
  const before = await findContent(db, kind, id);
  if (!before) return undefined;
  const links = await db
    .selectFrom('social_media_content_mapping')
    .selectAll()
    .where(kind === 'video' ? 'video_id' : 'clip_id', '=', id)
    .orderBy('post_id')
    .execute();
  const clips = await db
    .selectFrom('clips')
    .select('id')
    .where('video_id', '=', kind === 'video' ? id : null)
    .orderBy('id')
    .execute();
  return { before, links, clipIds: clips.map((clip) => clip.id) };
}

/** Removes a video or a clip with its links to posts. The posts stay, and the clips of a video do. */
export async function deleteContent(trx: Transaction<Database>, kind: ContentKind, id: string): Promise<void> {
  await trx.deleteFrom(CONTENT_TABLES[kind]).where('id', '=', id).execute();
}
