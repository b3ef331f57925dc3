import type { Kysely } from 'kysely';
import type { ContentMappingTable, Database } from './schema.ts';
import { StoreError } from '../core/errors.ts';
import { saveAudit } from './audit.ts';
import { engineOf } from './engine.ts';
import { inTransaction } from './transaction.ts';

/** The user's own video or clip. */
export interface ContentKey {
  kind: 'video' | 'clip';
  id: string;
}

/** What somebody, or a rule, says of a post. */
export interface Verdict {
  postId: number;
  /** What the post shows, or was thought to show. */
  content: ContentKey;
  status: ContentMappingTable['status']['__select__'];
  /** 0..1. */
  confidence: number;
  /** `manual`, `url`, `code`, `hashtag` or `caption_match`. */
  matchedBy: string;
  /** The score of the second best, when a rule decided. */
  runnerUpScore?: number | null;
}

/** The stored row of a post, as the audit keeps it. */
type MappingRow = Awaited<ReturnType<typeof findRow>>;

const ROWS_AT_ONCE = 200;
const IDS_AT_ONCE = 1000;

/**
 * Stores what a person decided, over whatever was there, and writes it to the audit.
 * @param isOpen only while no person has decided: of two who review at once, the first one's word stays.
 * @param actor `cli` or `api`: stands in the audit.
 * @returns false when another person was faster.
 */
export async function savePersonVerdict(
  db: Kysely<Database>,
  verdict: Verdict,
  now: Date,
  isOpen = false,
  actor = 'cli',
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const [gone] = await findGone(trx, [verdict.content]);
    if (gone) throw goneError(gone);
    const before = await lockRow(trx, verdict.postId);
    if (before && isSame(before, verdict)) return true;
    const values = { ...toValues(verdict), decided_by: 'person' as const, updated_at: now.toISOString() };
    const saved = await trx
      .insertInto('social_media_content_mapping')
      .values(values)
      .onConflict((conflict) => {
        const update = conflict.column('post_id').doUpdateSet(values);
        return isOpen ? update.where('social_media_content_mapping.decided_by', '=', 'rule') : update;
      })
      .returning('id')
      .executeTakeFirst();
    if (!saved) return false;
    await saveVerdictAudit(trx, saved.id, verdict.status, before, await findRow(trx, verdict.postId), actor);
    return true;
  });
}

/**
 * Stores what a rule decided of many posts, in one transaction. What a person decided stays, also when that happened
 * while the rule was thinking.
 * @returns how many rows were written, and how many verdicts were about content that is gone by now.
 */
export async function saveRuleVerdicts(
  db: Kysely<Database>,
  verdicts: readonly Verdict[],
  now: Date,
): Promise<{ written: number; gone: number }> {
  return inTransaction(db, async (trx) => {
    let written = 0;
    const contents = new Map(verdicts.map(({ content }) => [keyOf(content), content]));
    const missing = new Set((await findGone(trx, [...contents.values()])).map(keyOf));
    const kept = verdicts.filter(({ content }) => !missing.has(keyOf(content)));
    for (let at = 0; at < kept.length; at += ROWS_AT_ONCE) {
      const rows = kept
        .slice(at, at + ROWS_AT_ONCE)
        .map((verdict) => ({ ...toValues(verdict), decided_by: 'rule' as const, updated_at: now.toISOString() }));
      const saved = await trx
        .insertInto('social_media_content_mapping')
        .values(rows)
        .onConflict((conflict) =>
          conflict
            .column('post_id')
            .doUpdateSet((eb) => ({
              video_id: eb.ref('excluded.video_id'),
              clip_id: eb.ref('excluded.clip_id'),
              confidence_score: eb.ref('excluded.confidence_score'),
              matched_by: eb.ref('excluded.matched_by'),
              status: eb.ref('excluded.status'),
              runner_up_score: eb.ref('excluded.runner_up_score'),
              updated_at: eb.ref('excluded.updated_at'),
            }))
            .where('social_media_content_mapping.decided_by', '=', 'rule'),
        )
        .returning('id')
        .execute();
      written += saved.length;
    }
    return { written, gone: verdicts.length - kept.length };
  });
}

/** Forgets what a rule has said of posts and would not say any more. */
export async function deleteRuleVerdicts(db: Kysely<Database>, postIds: readonly number[]): Promise<void> {
  for (let at = 0; at < postIds.length; at += ROWS_AT_ONCE) {
    await db
      .deleteFrom('social_media_content_mapping')
      .where('post_id', 'in', postIds.slice(at, at + ROWS_AT_ONCE))
      .where('decided_by', '=', 'rule')
      .execute();
  }
}

/**
 * Takes a link or a suggestion back: it is rejected, so that no rule makes it again.
 * @returns what the post was linked to, or undefined when it was not.
 */
export async function unlinkPost(db: Kysely<Database>, postId: number, now: Date): Promise<MappingRow | undefined> {
  return inTransaction(db, async (trx) => {
    const before = await lockRow(trx, postId);
    if (!before || before.status === 'rejected') return before;
    await trx
      .updateTable('social_media_content_mapping')
      .set({ status: 'rejected', decided_by: 'person', updated_at: now.toISOString() })
      .where('id', '=', before.id)
      .execute();
    await saveVerdictAudit(trx, before.id, 'unlink', before, await findRow(trx, postId));
    return before;
  });
}

/**
 * Forgets what was said of a post, so that rules may decide on it.
 * @returns what that was, or undefined when it was nothing.
 */
export async function reopenPost(db: Kysely<Database>, postId: number): Promise<MappingRow | undefined> {
  return inTransaction(db, async (trx) => {
    const before = await lockRow(trx, postId);
    if (!before) return undefined;
    await trx.deleteFrom('social_media_content_mapping').where('id', '=', before.id).execute();
    await saveVerdictAudit(trx, before.id, 'reopen', before, undefined);
    return before;
  });
}

/** The content of a list that is stored no more. What is there cannot go before the transaction ends. */
async function findGone(trx: Kysely<Database>, content: readonly ContentKey[]): Promise<ContentKey[]> {
  const gone: ContentKey[] = [];
  for (const [kind, table] of [
    ['video', 'videos'],
    ['clip', 'clips'],
  ] as const) {
    const ids = content.filter((key) => key.kind === kind).map(({ id }) => id);
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      const some = ids.slice(at, at + IDS_AT_ONCE);
      const found = await trx
        .selectFrom(table)
        .select('id')
        .where('id', 'in', some)
        .$if(engineOf(trx) === 'postgres', (query) => query.forKeyShare())
        .execute();
      const there = new Set(found.map(({ id }) => id));
      gone.push(...some.filter((id) => !there.has(id)).map((id) => ({ kind, id })));
    }
  }
  return gone;
}

function goneError({ kind, id }: ContentKey): StoreError {
  return new StoreError(`There is no ${kind} "${id}" any more.`, { ending: 'not_found', hint: 'smstats content list' });
}

/** The row of a post, which nobody else changes before the transaction ends. */
function lockRow(trx: Kysely<Database>, postId: number) {
  // An update that changes nothing locks the row in both databases.
  return trx
    .updateTable('social_media_content_mapping')
    .set({ post_id: postId })
    .where('post_id', '=', postId)
    .returningAll()
    .executeTakeFirst();
}

function keyOf({ kind, id }: ContentKey): string {
  return `${kind} ${id}`;
}

/** True when a person has said the same before. */
function isSame(row: NonNullable<MappingRow>, { content, status, confidence }: Verdict): boolean {
  const id = content.kind === 'video' ? row.video_id : row.clip_id;
  return (
    row.decided_by === 'person' && row.status === status && id === content.id && row.confidence_score === confidence
  );
}

function toValues({ postId, content, status, confidence, matchedBy, runnerUpScore }: Verdict) {
  return {
    post_id: postId,
    video_id: content.kind === 'video' ? content.id : null,
    clip_id: content.kind === 'clip' ? content.id : null,
    confidence_score: confidence,
    matched_by: matchedBy,
    status,
    runner_up_score: runnerUpScore ?? null,
  };
}

function findRow(db: Kysely<Database>, postId: number) {
  return db.selectFrom('social_media_content_mapping').selectAll().where('post_id', '=', postId).executeTakeFirst();
}

async function saveVerdictAudit(
  db: Kysely<Database>,
  rowId: number,
  action: string,
  before: MappingRow,
  after: MappingRow,
  actor = 'cli',
): Promise<void> {
  const change = {
    action: action === 'confirmed' ? 'link' : action === 'rejected' ? 'reject' : action,
    table: 'social_media_content_mapping',
    rowId,
    ...(before && { before }),
    ...(after && { after }),
  };
  await saveAudit(db, change, actor);
}
