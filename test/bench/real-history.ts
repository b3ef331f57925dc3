import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { ToldPoint } from '../../src/insight/daily-change.ts';

/** A counter of a real account, one value a day. */
export interface RealSeries {
  name: string;
  metric: 'followers' | 'views';
  points: ToldPoint[];
}

const FILE = 'account_daily.csv.gz';
const METRICS = { followers: 'followers', views: 'total_views' } as const;

/**
 * Daily numbers of real accounts: a CSV with date, platform, account, followers, total_views, in the directory that
 * SMSTATS_BENCH_DATA names. Null when none is named.
 * @throws when the directory has no such file.
 */
export function readRealHistory(directory: string | undefined): RealSeries[] | null {
  if (!directory) return null;
  const path = join(directory, FILE);
  if (!existsSync(path)) throw new Error(`SMSTATS_BENCH_DATA names ${directory}, which has no ${FILE}`);
  const rows = parse(gunzipSync(readFileSync(path)), { columns: true }) as Record<string, string>[];
  const series = new Map<string, RealSeries>();
  for (const row of rows) {
    for (const [metric, column] of Object.entries(METRICS) as [RealSeries['metric'], string][]) {
      if (!row[column]) continue;
      const name = `${row['platform']} ${row['account']}`;
      let one = series.get(`${name} ${metric}`);
      if (!one) series.set(`${name} ${metric}`, (one = { name, metric, points: [] }));
      one.points.push({ day: row['date'] as string, value: Number(row[column]), provider: null });
    }
  }
  return [...series.values()];
}
