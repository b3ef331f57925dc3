import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** A change that a person made. */
export interface Change {
  action: string;
  table: string;
  rowId: number | string;
  before?: unknown;
  after?: unknown;
}

/** Writes down who changed what; `actor` is `cli` or `api`. */
export async function saveAudit(db: Kysely<Database>, change: Change, actor = 'cli'): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({
      actor,
      action: change.action,
      table_name: change.table,
      row_id: String(change.rowId),
      before_json: change.before === undefined ? null : JSON.stringify(change.before),
      after_json: change.after === undefined ? null : JSON.stringify(change.after),
    })
    .execute();
}
