import type { Kysely } from 'kysely';
import { addDays, dayIn, type Day } from '../core/time.ts';
import type { Database } from '../store/schema.ts';

export interface AuditFilter {
  limit: number;
  table?: string | undefined;
  /** The first day, in `timezone`. */
  since?: Day | undefined;
  timezone: string;
}

/** What people and clients changed, the newest first, with the row before and after. */
export async function listAudit(db: Kysely<Database>, { limit, table, since, timezone }: AuditFilter) {
  let query = db.selectFrom('audit_log').selectAll();
  if (table !== undefined) query = query.where('table_name', '=', table);
  // Some zones are a day ahead: a day more is read, and left out again.
  if (since !== undefined) query = query.where('happened_at', '>=', `${addDays(since, -1)}T00:00:00.000Z`);
  const rows = await query.orderBy('id', 'desc').limit(limit).execute();
  return rows
    .filter(({ happened_at }) => since === undefined || dayIn(timezone, new Date(happened_at)) >= since)
    .map(({ before_json, after_json, ...row }) => ({
      ...row,
      before: parseRow(before_json),
      after: parseRow(after_json),
    }));
}

function parseRow(json: string | null): unknown {
  return json === null ? null : (JSON.parse(json) as unknown);
}
