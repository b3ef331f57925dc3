import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { megabytes, type Board } from './board.ts';
import { BIN, runNode, writePeakReporter, writeRawScript } from './child.ts';
import type { References } from './reference.ts';

/** How fast a format is at least, of reading the same rows by hand and doing nothing with them. */
const FORMATS: Record<string, number> = { csv: 0.4, ndjson: 0.35, json: 0.35, parquet: 0.2, xlsx: 0.12 };

const MOST_MB = 120;

const SELECT = `SELECT p.platform, a.username, p.external_post_id, t.snapshot_date, t.likes_count, t.comments_count,
  t.views_count, t.shares_count, t.saves_count, t.reach_count, t.impressions_count, t.engagement_rate, t.engagement_basis,
  t.provider_name FROM social_media_post_analytics t CROSS JOIN social_media_posts p CROSS JOIN social_media_accounts a
  WHERE p.id = t.post_id AND a.id = p.account_id ORDER BY t.snapshot_date, t.post_id`;

/** Exports of 7.3 M rows: memory, and speed beside bare iteration; what comes back, of a tenth and of all, is the same. */
export async function benchExport(board: Board, references: References): Promise<void> {
  const { directory } = references;
  const [full, tenth] = [await references.full(), await references.tenth()];
  const reporter = writePeakReporter(directory);
  const env = { SMSTATS_HOME: directory, SMSTATS_TIMEZONE: 'UTC' };
  const body = `let rows = 0; for (const row of db.prepare(${JSON.stringify(SELECT)}).iterate()) rows++; console.log(rows);`;
  const raw = writeRawScript(directory, 'iterate', full, body);
  for (const [format, least] of Object.entries(FORMATS)) {
    const file = join(directory, `days.${format}`);
    // Before and after, since a machine may slow down in minutes.
    const before = runNode([raw]);
    const argv = ['export', 'post-metrics', '-o', file, '--json', '--quiet', '--db', full];
    const run = runNode([...reporter, BIN, ...argv], env);
    const rawMs = (before.ms + runNode([raw]).ms) / 2;
    const { data } = JSON.parse(run.stdout) as { data: { rows: number; bytes: number } };
    if (data.rows !== Number(before.stdout)) board.fail(`${format}: rows`, `${data.rows} of ${before.stdout}`);
    board.atMost(`${format}: peak memory`, MOST_MB, run.peakMb, ' MB');
    board.atLeast(`${format}: rows a second, of bare iteration`, least, rawMs / run.ms);
    board.note('  rows a second, size', `${Math.round((data.rows / run.ms) * 1000)}, ${megabytes(data.bytes)}`);
    rmSync(file);
  }
  await benchReturn(board, directory, { database: tenth, name: 'tenth', format: 'csv' }, reporter);
  await benchReturn(board, directory, { database: full, name: 'full', format: 'ndjson' }, reporter);
}

/** Exports, imports into an empty database, exports again: the two files are the same, byte for byte. */
async function benchReturn(
  board: Board,
  directory: string,
  { database, name: size, format }: { database: string; name: string; format: string },
  reporter: string[],
): Promise<void> {
  const env = { SMSTATS_HOME: directory, SMSTATS_TIMEZONE: 'UTC' };
  const other = join(directory, `returned-${size}.db`);
  for (const name of ['accounts', 'snapshots', 'posts', 'post-metrics']) {
    const [file, again] = [join(directory, `${name}.${format}`), join(directory, `${name}-again.${format}`)];
    runNode([BIN, 'export', name, '-o', file, '--quiet', '--force', '--db', database], env);
    const run = runNode([...reporter, BIN, 'import', file, '--quiet', '--db', other], env);
    runNode([BIN, 'export', name, '-o', again, '--quiet', '--force', '--db', other], env);
    const [sent, returned] = [await digest(file), await digest(again)];
    if (sent !== returned) board.fail(`${size}, ${name}: export, import, export`, 'differs');
    else board.note(`${size}, ${name}: export, import, export`, `the same ${sent.slice(0, 16)}`);
    if (name !== 'post-metrics') continue;
    board.atMost(`import of ${size}: peak memory`, MOST_MB, run.peakMb, ' MB');
    board.note('  it took', `${(run.ms / 1000).toFixed(1)} s`);
    const same = runNode([...reporter, BIN, 'import', file, '--quiet', '--db', other], env);
    board.atMost('  the same file again: peak memory', MOST_MB, same.peakMb, ' MB');
    board.note('  it took', `${(same.ms / 1000).toFixed(1)} s`);
    for (const each of [file, again]) rmSync(each);
  }
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
