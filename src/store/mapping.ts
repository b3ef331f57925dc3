import type { Kysely } from 'kysely';
import type { ContentMappingTable, Database } from './schema.ts';
import { inTransaction } from './transaction.ts';
import { saveAudit } from './audit.ts';

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

/**
 * Stores what a person decided, over whatever was there, and writes it to the audit.
 * @param isOpen only while no person has decided: of two who review at once, the first one's word stays.
 * @returns false when another person was faster.
 */
export async function savePersonVerdict(
  db: Kysely<Database>,
  verdict: Verdict,
  now: Date,
  isOpen = false,
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const before = await findRow(trx, verdict.postId);
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
    await saveVerdictAudit(trx, saved.id, verdict.status, before, await findRow(trx, verdict.postId));
    return true;
  });
}

/**
 * Stores what a rule decided of many posts, in one transaction. What a person decided stays, also when that happened
 * while the rule was thinking.
 * @returns how many rows were written.
 */
export async function saveRuleVerdicts(db: Kysely<Database>, verdicts: readonly Verdict[], now: Date): Promise<number> {
  return inTransaction(db, async (trx) => {
    let written = 0;
    for (let at = 0; at < verdicts.length; at += ROWS_AT_ONCE) {
      const rows = verdicts
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
    return written;
  });
}

/** Forgets suggestions of a rule that it would not make any more. */
export async function deleteSuggestions(db: Kysely<Database>, postIds: readonly number[]): Promise<void> {
  for (let at = 0; at < postIds.length; at += ROWS_AT_ONCE) {
    await db
      .deleteFrom('social_media_content_mapping')
      .where('post_id', 'in', postIds.slice(at, at + ROWS_AT_ONCE))
      .where('status', '=', 'suggested')
      .where('decided_by', '=', 'rule')
      .execute();
  }
}

/**
 * Takes a link back. A link that was confirmed becomes rejected, so that no rule makes it again; one that was rejected or
 * only suggested is forgotten.
 * @returns what the post was linked to, or undefined when it was not.
 */
export async function unlinkPost(db: Kysely<Database>, postId: number, now: Date): Promise<MappingRow | undefined> {
  return inTransaction(db, async (trx) => {
    const before = await findRow(trx, postId);
    if (!before) return undefined;
    if (before.status === 'confirmed') {
      await trx
        .updateTable('social_media_content_mapping')
        .set({ status: 'rejected', decided_by: 'person', updated_at: now.toISOString() })
        .where('id', '=', before.id)
        .execute();
    } else {
      await trx.deleteFrom('social_media_content_mapping').where('id', '=', before.id).execute();
    }
    await saveVerdictAudit(trx, before.id, 'unlink', before, await findRow(trx, postId));
    return before;
  });
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
): Promise<void> {
  await saveAudit(db, {
    action: action === 'confirmed' ? 'link' : action === 'rejected' ? 'reject' : action,
    table: 'social_media_content_mapping',
    rowId,
    ...(before && { before }),
    ...(after && { after }),
  });
}
