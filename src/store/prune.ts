import { sql, type Kysely } from 'kysely';
import type { Day } from '../core/time.ts';
import type { Database } from './schema.ts';

/** Tables of days, and what keeps the latest day of each post or account. The deleted days are those before it. */
const TABLES = {
  'post-metrics': {
    table: 'social_media_post_analytics',
    isBeforeLatest: `snapshot_date < (SELECT r.latest_date FROM social_media_post_range r
      WHERE r.post_id = social_media_post_analytics.post_id)`,
  },
  snapshots: {
    table: 'social_media_analytics_snapshots',
    isBeforeLatest: `snapshot_date < (SELECT max(x.snapshot_date) FROM social_media_analytics_snapshots x
      WHERE x.account_id = social_media_analytics_snapshots.account_id)`,
  },
} as const;

export type PrunedDataset = keyof typeof TABLES;

export const PRUNED_DATASETS = Object.keys(TABLES) as PrunedDataset[];

/** What would be deleted of a table, and what is left of it. */
export interface OldDays {
  dataset: PrunedDataset;
  table: string;
  rows: number;
  /** The first and the last day that goes; null when none does. */
  from: Day | null;
  to: Day | null;
  /** Rows before the day that stay: the latest of their post or account. */
  latest: number;
  kept: number;
}

/** Counts the days before `before` that are not the latest of their post or account. */
export async function countOldDays(db: Kysely<Database>, before: Day): Promise<OldDays[]> {
  const found: OldDays[] = [];
  for (const dataset of PRUNED_DATASETS) {
    const { table, isBeforeLatest } = TABLES[dataset];
    const { rows } = await sql<Omit<OldDays, 'dataset' | 'table' | 'kept' | 'latest'>>`
      SELECT count(*) AS rows, min(snapshot_date) AS "from", max(snapshot_date) AS "to" FROM ${sql.table(table)}
      WHERE snapshot_date < ${before} AND ${sql.raw(isBeforeLatest)}`.execute(db);
    const all = await sql<{ all_rows: number; old_rows: number }>`
      SELECT count(*) AS all_rows, count(CASE WHEN snapshot_date < ${before} THEN 1 END) AS old_rows
      FROM ${sql.table(table)}`.execute(db);
    const [old] = rows;
    const [total] = all.rows;
    if (!old || !total) continue;
    found.push({ dataset, table, ...old, latest: total.old_rows - old.rows, kept: total.all_rows - old.rows });
  }
  return found;
}

/**
 * Deletes them, inside a transaction of the caller. The newest day goes first: then the range of a post moves once, and
 * not with each of its days.
 * @returns rows by dataset.
 */
export async function deleteOldDays(
  trx: Kysely<Database>,
  before: Day,
  onRows: (rows: number) => Promise<void> = () => Promise.resolve(),
): Promise<Record<PrunedDataset, number>> {
  const deleted = { 'post-metrics': 0, snapshots: 0 };
  for (const dataset of PRUNED_DATASETS) {
    const { table, isBeforeLatest } = TABLES[dataset];
    for (let day = await findDayBefore(trx, table, before); day !== null; day = await findDayBefore(trx, table, day)) {
      const { numAffectedRows = 0n } = await sql`
        DELETE FROM ${sql.table(table)} WHERE snapshot_date = ${day} AND ${sql.raw(isBeforeLatest)}`.execute(trx);
      deleted[dataset] += Number(numAffectedRows);
      await onRows(Number(numAffectedRows));
    }
  }
  return deleted;
}

async function findDayBefore(trx: Kysely<Database>, table: string, day: Day): Promise<Day | null> {
  const { rows } = await sql<{ day: Day | null }>`
    SELECT max(snapshot_date) AS day FROM ${sql.table(table)} WHERE snapshot_date < ${day}`.execute(trx);
  return rows[0]?.day ?? null;
}
