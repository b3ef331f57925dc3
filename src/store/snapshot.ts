import { sql, type Insertable, type Kysely } from 'kysely';
import type { Database, SnapshotTable } from './schema.ts';

/** Writes what an account looked like on a day. The same day again keeps the newest known values. */
export async function saveSnapshot(db: Kysely<Database>, snapshot: Required<Insertable<SnapshotTable>>): Promise<void> {
  const kept = Object.keys(snapshot).filter((column) => column !== 'account_id' && column !== 'snapshot_date');
  const updates = kept.map((column) => [
    column,
    sql`coalesce(excluded.${sql.ref(column)}, social_media_analytics_snapshots.${sql.ref(column)})`,
  ]);
  await db
    .insertInto('social_media_analytics_snapshots')
    .values(snapshot)
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'snapshot_date']).doUpdateSet(Object.fromEntries(updates)),
    )
    .execute();
}
