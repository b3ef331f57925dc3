import type SqliteDatabase from 'better-sqlite3';
import { addDays, daysBetween } from '../../src/core/time.ts';
import type { CoveredGrowth, GainChange } from '../../src/insight/coverage.ts';
import { SERIES_METRICS, type SeriesMetric, type SeriesRow } from '../../src/query/list-series.ts';

// The questions as somebody would answer them who knows SQLite well and needs no query builder, no filters and no other
// engine. Rows are the same as the program's, and a bench that finds a difference stops.

type Connection = SqliteDatabase.Database;
type Row = Record<string, unknown>;
type Latest = Row & { account_id: number; last_snapshot_date: string };

export function latest(connection: Connection): Latest[] {
  return connection
    .prepare(
      `SELECT a.id AS account_id, a.platform, a.username, a.display_name, a.brand, a.is_competitor, s.followers_count,
         s.following_count, s.posts_count, s.total_likes, s.total_comments, s.total_views, s.total_shares,
         s.engagement_rate, s.engagement_basis, s.avg_likes_per_post, s.avg_comments_per_post, s.provider_name,
         s.snapshot_date AS last_snapshot_date
       FROM social_media_accounts a CROSS JOIN social_media_analytics_snapshots s
       WHERE s.account_id = a.id AND a.is_active = 1 AND s.snapshot_date =
         (SELECT max(x.snapshot_date) FROM social_media_analytics_snapshots x WHERE x.account_id = a.id)
       ORDER BY a.platform, a.username`,
    )
    .all() as Latest[];
}

/** Every account's days up to one and the row before them; in the reference databases all have the same last day. */
function series(connection: Connection, lastDay: string, days: number): Map<number, SeriesRow[]> {
  const from = addDays(lastDay, -days);
  const rows = connection
    .prepare(
      `SELECT s.account_id, s.snapshot_date, ${SERIES_METRICS.map((metric) => `s.${metric}`).join(', ')}
       FROM social_media_accounts a CROSS JOIN social_media_analytics_snapshots s
       WHERE s.account_id = a.id AND s.snapshot_date >= coalesce(
         (SELECT max(x.snapshot_date) FROM social_media_analytics_snapshots x
          WHERE x.account_id = a.id AND x.snapshot_date < ?), '') AND s.snapshot_date <= ?
       ORDER BY s.account_id, s.snapshot_date`,
    )
    .all(from, lastDay) as (SeriesRow & { account_id: number })[];
  const byAccount = new Map<number, SeriesRow[]>();
  for (const { account_id, ...row } of rows) {
    const known = byAccount.get(account_id);
    if (known) known.push(row);
    else byAccount.set(account_id, [row]);
  }
  return byAccount;
}

export function growth(connection: Connection, days: number) {
  const accounts = latest(connection);
  const rowsOf = series(connection, accounts[0]?.last_snapshot_date ?? '', days);
  return accounts.map((account) => {
    const rows = rowsOf.get(account.account_id) ?? [];
    return { account, growth: growthOfAll(rows, days), series: rows };
  });
}

export function overview(connection: Connection) {
  const all = latest(connection);
  const rowsOf = series(connection, all[0]?.last_snapshot_date ?? '', 30);
  const accounts = all.map((account) => {
    const rows = rowsOf.get(account.account_id) ?? [];
    return {
      ...account,
      is_sample: account['provider_name'] === 'sample',
      followers_change: growthOf(rows, 'followers_count', 7),
      views_change: growthOf(rows, 'total_views', 7),
      followers_series: rows.map((row) => row.followers_count),
    };
  });
  return {
    window_days: 7,
    accounts,
    top_posts_by: 'views',
    top_posts: posts(connection, 5),
    top_hashtags: hashtags(connection, 8),
  };
}

export function trends(connection: Connection, windows: readonly number[]) {
  const accounts = latest(connection);
  const lastDay = accounts[0]?.last_snapshot_date ?? '';
  const lastYearDay = `${Number(lastDay.slice(0, 4)) - 1}${lastDay.slice(4)}`;
  const rowsOf = series(connection, lastDay, 2 * Math.max(...windows));
  const lastYearOf = series(connection, lastYearDay, Math.max(...windows));
  const perDay = ({ change, days }: CoveredGrowth) => (change === null || !days ? null : change / days);
  return accounts.map((account) => {
    const rows = rowsOf.get(account.account_id) ?? [];
    const list = windows.flatMap((days) =>
      SERIES_METRICS.map((metric) => {
        const current = growthOf(rows, metric, days);
        const previous = growthOf(rows, metric, days, addDays(current.endDay ?? '', -days));
        const yearBefore = growthOf(lastYearOf.get(account.account_id) ?? [], metric, days);
        return {
          metric,
          days,
          current,
          previous,
          yearBefore,
          perDay: perDay(current),
          previousPerDay: perDay(previous),
          yearBeforePerDay: perDay(yearBefore),
          onPrevious: gainOn(current, previous),
          onYearBefore: gainOn(current, yearBefore),
        };
      }),
    );
    return { account, trends: list };
  });
}

/** The best posts: the wide rows of posts are read for those alone that win. */
export function posts(connection: Connection, limit: number): Row[] {
  return connection
    .prepare(
      `WITH best AS MATERIALIZED (
         SELECT l.post_id, l.snapshot_date, l.views_count
         FROM social_media_post_range r CROSS JOIN social_media_post_analytics l
         WHERE l.snapshot_date = r.latest_date AND l.post_id = r.post_id
         ORDER BY l.views_count IS NULL, l.views_count DESC, l.post_id LIMIT ?)
       SELECT p.id, p.account_id, a.platform, a.username, p.external_post_id, p.post_url, p.caption, p.media_type,
         p.duration, p.posted_at, l.snapshot_date, l.views_count, l.likes_count, l.comments_count, l.shares_count,
         l.saves_count, l.reach_count, l.impressions_count, l.engagement_rate, l.engagement_basis, l.provider_name
       FROM best b
       CROSS JOIN social_media_post_analytics l CROSS JOIN social_media_posts p CROSS JOIN social_media_accounts a
       WHERE l.snapshot_date = b.snapshot_date AND l.post_id = b.post_id AND p.id = b.post_id AND a.id = p.account_id
       ORDER BY l.views_count IS NULL, l.views_count DESC, p.id`,
    )
    .all(limit) as Row[];
}

/** What rose most between two days: again the wide rows are read for the winners alone. */
export function risingPosts(connection: Connection, days: number, limit: number): Row[] {
  const windows = connection
    .prepare(
      `SELECT w.id, w.last, coalesce(
         (SELECT max(s.snapshot_date) FROM social_media_analytics_snapshots s
          WHERE s.account_id = w.id AND s.snapshot_date <= date(w.last, ?)),
         (SELECT min(s.snapshot_date) FROM social_media_analytics_snapshots s WHERE s.account_id = w.id)) AS start
       FROM (SELECT a.id, (SELECT max(x.snapshot_date) FROM social_media_analytics_snapshots x WHERE x.account_id = a.id) AS last
             FROM social_media_accounts a WHERE a.is_active = 1) w
       WHERE w.last IS NOT NULL`,
    )
    .all(`-${days} days`) as { id: number; last: string; start: string }[];
  const groups = new Map<string, typeof windows>();
  for (const window of windows) {
    const key = `${window.start}/${window.last}`;
    groups.set(key, [...(groups.get(key) ?? []), window]);
  }
  const gains = connection.prepare(
    `WITH best AS MATERIALIZED (
       SELECT l.post_id, f.snapshot_date AS first_day,
         l.views_count - coalesce(f.views_count, 0) AS views_gained,
         l.likes_count - CASE WHEN f.snapshot_date IS NULL THEN 0 ELSE f.likes_count END AS likes_gained
       FROM social_media_post_analytics l
       CROSS JOIN social_media_posts p
       LEFT JOIN social_media_post_analytics f ON f.snapshot_date = @start AND f.post_id = l.post_id
       WHERE l.snapshot_date = @last AND l.views_count IS NOT NULL
         AND p.id = l.post_id AND p.account_id IN (SELECT value FROM json_each(@ids))
         AND (f.views_count IS NOT NULL OR (f.snapshot_date IS NULL AND p.posted_at >= @start))
       ORDER BY views_gained DESC, l.post_id LIMIT @limit)
     SELECT a.platform, a.username, p.external_post_id, p.post_url, p.caption, p.posted_at, b.views_gained, b.likes_gained,
       @start AS start_date, @last AS end_date, b.first_day IS NOT NULL AS is_older
     FROM best b CROSS JOIN social_media_posts p CROSS JOIN social_media_accounts a
     WHERE p.id = b.post_id AND a.id = p.account_id
     ORDER BY b.views_gained DESC, b.post_id`,
  );
  return [...groups.values()]
    .flatMap((group) => {
      const { start, last } = group[0] as { start: string; last: string };
      const ids = JSON.stringify(group.map(({ id }) => id));
      return (start === last ? [] : gains.all({ start, last, ids, limit })) as (Row & { views_gained: number })[];
    })
    .toSorted((a, b) => b.views_gained - a.views_gained)
    .slice(0, limit)
    .map((row) => ({ ...row, is_older: row['is_older'] === 1 }));
}

export function hashtags(connection: Connection, limit: number): Row[] {
  return connection
    .prepare(
      `SELECT h.tag, h.written, t.posts, t.views
       FROM (SELECT x.hashtag_id, count(*) AS posts, sum(r.views_count) AS views
             FROM social_media_post_hashtags x LEFT JOIN social_media_post_range r ON r.post_id = x.post_id
             GROUP BY x.hashtag_id) t
       CROSS JOIN social_media_hashtags h
       WHERE h.id = t.hashtag_id
       ORDER BY t.posts DESC, t.views DESC, h.id LIMIT ?`,
    )
    .all(limit) as Row[];
}

export function usage(connection: Connection, from: string): Row[] {
  return connection
    .prepare(
      `SELECT provider_name, platform, sum(request_count) AS requests,
         sum(CASE WHEN success = 1 THEN request_count ELSE 0 END) AS succeeded,
         sum(CASE WHEN success = 0 THEN request_count ELSE 0 END) AS failed,
         sum(CASE WHEN success IS NULL THEN request_count ELSE 0 END) AS unknown,
         avg(latency_ms) AS average_latency_ms, max(requested_at) AS last_request_at
       FROM api_usage_tracking WHERE date >= ?
       GROUP BY provider_name, platform ORDER BY requests DESC, provider_name`,
    )
    .all(from) as Row[];
}

function growthOfAll(rows: readonly SeriesRow[], days: number): Record<string, CoveredGrowth> {
  const all: Record<string, CoveredGrowth> = {};
  for (const metric of SERIES_METRICS) all[metric] = growthOf(rows, metric, days);
  return all;
}

/** Growth of one number, from the last row at or before `until`: two walks from the end, nothing is copied. */
function growthOf(rows: readonly SeriesRow[], metric: SeriesMetric, days: number, until = '9999-12-31'): CoveredGrowth {
  const known = (at: number) => rows[at]?.[metric] ?? null;
  let last = rows.length - 1;
  while (last >= 0 && (known(last) === null || (rows[last] as SeriesRow).snapshot_date > until)) last--;
  const end = known(last);
  const endDay = rows[last]?.snapshot_date ?? null;
  const none = { startDay: null, start: null, endDay, end, change: null, rate: null, days: null, window: days };
  if (end === null || endDay === null) return { ...none, observed: 0, coverage: 0, reason: 'nothing is known' };
  const target = addDays(endDay, -days);
  let first = -1;
  for (let at = last - 1; at >= 0; at--) {
    if (known(at) === null) continue;
    first = at;
    if ((rows[at] as SeriesRow).snapshot_date <= target) break;
  }
  const start = known(first);
  const startDay = rows[first]?.snapshot_date;
  if (start === null || startDay === undefined) {
    return { ...none, observed: 1, coverage: 100 / days, reason: 'one day alone is known' };
  }
  const from = startDay < target ? startDay : target;
  let observed = 0;
  for (let at = last; at >= 0 && (rows[at] as SeriesRow).snapshot_date > from; at--) if (known(at) !== null) observed++;
  const span = daysBetween(from, endDay);
  const change = end - start;
  const reason =
    observed * 10 < span * 7
      ? `${observed} of ${span} days are known, a rate needs 70 %`
      : start === 0
        ? 'it starts from 0'
        : null;
  const rate = reason === null ? (change / start) * 100 : null;
  const covered = { window: days, observed, coverage: (observed * 100) / span, reason };
  return { startDay, start, endDay, end, change, rate, days: daysBetween(startDay, endDay), ...covered };
}

function gainOn(now: CoveredGrowth, before: CoveredGrowth): GainChange {
  if (now.change === null || now.coverage < 70) return { rate: null, reason: `now: ${now.reason}` };
  if (before.change === null || before.coverage < 70) return { rate: null, reason: `before: ${before.reason}` };
  const [perDay, perDayBefore] = [now.change / (now.days as number), before.change / (before.days as number)];
  if (perDayBefore <= 0) return { rate: null, reason: 'before: nothing was gained' };
  return { rate: (perDay / perDayBefore - 1) * 100, reason: null };
}
