import type { Kysely } from 'kysely';
import { addDays, startOfDay, type Day } from '../core/time.ts';
import {
  compareGains,
  growthBetween,
  START_SLACK_DAYS,
  type CoveredGrowth,
  type GainChange,
} from '../insight/coverage.ts';
import type { Point } from '../insight/growth.ts';
import { monthsUpTo, type Month } from '../insight/month.ts';
import { gainWithin, type PeriodGain } from '../insight/period-gain.ts';
import { explainEngagement, NOTHING_KNOWN, type ExplainedEngagement, type Published } from '../insight/published.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import { listFoundLater, type FoundLater } from './list-found-later.ts';
import { listLatest, type LatestAccount } from './list-latest.ts';
import { listPublished } from './list-published.ts';

/** What is gained in a month, and the column of the account's totals behind it. */
export const GAINS = {
  views: 'total_views',
  likes: 'total_likes',
  comments: 'total_comments',
  shares: 'total_shares',
} as const;
export type Gain = keyof typeof GAINS;

/** An account in a calendar month of the configured time zone. */
export interface AccountMonth {
  month: Month;
  /** Reporting period: changes between snapshots inside the month. */
  followers: CoveredGrowth;
  gains: Record<Gain, PeriodGain>;
  /** Lifetime: the posts published in the month, with all that they have got until now. */
  published: Omit<Published, 'byBasis'>;
  engagement: ExplainedEngagement;
  /** Followers gained a day, beside the month before and the same month a year before. */
  onPrevious: GainChange;
  onYearBefore: GainChange;
  /** The same of views. */
  viewsOnPrevious: GainChange;
  viewsOnYearBefore: GainChange;
  previousFollowersChange: number | null;
  yearBeforeFollowersChange: number | null;
}

export interface AccountMonths {
  account: LatestAccount;
  /** Newest first; none before the account's first day. */
  months: AccountMonth[];
}

export interface MonthlyQuestion extends AccountFilter {
  /** The present day in `timezone`. */
  today: Day;
  timezone: string;
  /** How many months, the present one included. */
  months: number;
}

/** Rows of snapshots that are in memory at a time. */
const ROWS_AT_ONCE = 5_000;

/** Each account's months, the newest first. */
export async function listMonthly(db: Kysely<Database>, question: MonthlyQuestion): Promise<AccountMonths[]> {
  const { today, timezone, months: count, ...filter } = question;
  const accounts = await listLatest(db, filter);
  // A year more, to compare with.
  const months = monthsUpTo(today, count + 12);
  const periods = months.map(({ first, last }) => ({
    from: startOfDay(timezone, first).toISOString(),
    before: startOfDay(timezone, addDays(last, 1)).toISOString(),
  }));
  const [earliest] = months as [Month];
  const answer: AccountMonths[] = [];
  const size = Math.max(1, Math.floor(ROWS_AT_ONCE / (months.length * 31)));
  for (let at = 0; at < accounts.length; at += size) {
    const some = accounts.slice(at, at + size);
    const ids = some.map(({ account_id: id }) => id);
    const rows = byAccount(await listDays(db, ids, addDays(earliest.first, -START_SLACK_DAYS)));
    const found = byAccount(await listFoundLater(db, ids, earliest.first));
    const published = await listPublished(db, ids, periods);
    for (const account of some) {
      const { account_id: id } = account;
      const history = { rows: rows.get(id) ?? [], found: found.get(id) ?? [], published: published.get(id) ?? [] };
      const all = months.map((month, index) => monthOfAccount(month, index, history));
      answer.push({ account, months: withComparisons(all).slice(12).filter(isKnown).toReversed() });
    }
  }
  return answer;
}

function byAccount<Row extends { account_id: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.account_id);
    if (group) group.push(row);
    else groups.set(row.account_id, [row]);
  }
  return groups;
}

type DayRow = Awaited<ReturnType<typeof listDays>>[number];

/** What has to be known of an account to tell its months. */
interface AccountHistory {
  rows: readonly DayRow[];
  found: readonly FoundLater[];
  published: readonly Published[];
}

async function listDays(db: Kysely<Database>, accountIds: readonly number[], from: Day) {
  return db
    .selectFrom('social_media_analytics_snapshots as s')
    .select(['s.account_id', 's.snapshot_date', 's.followers_count', ...Object.values(GAINS)])
    .where('s.account_id', 'in', accountIds)
    .where('s.snapshot_date', '>=', from)
    .orderBy('s.account_id')
    .orderBy('s.snapshot_date')
    .execute();
}

type Uncompared = Pick<AccountMonth, 'month' | 'followers' | 'gains' | 'published' | 'engagement'>;

function monthOfAccount(month: Month, index: number, { rows, found, published }: AccountHistory): Uncompared {
  const oldest = addDays(month.first, -START_SLACK_DAYS);
  const near = rows.filter(({ snapshot_date: day }) => day >= oldest && day <= month.last);
  const pointsOf = (column: 'followers_count' | (typeof GAINS)[Gain]): Point[] =>
    near.map((row) => ({ day: row.snapshot_date, value: row[column] }));
  const followers = growthBetween(pointsOf('followers_count'), month.first, month.last);
  const gains = Object.entries(GAINS).map(([gain, column]): [Gain, PeriodGain] => [
    gain as Gain,
    gainWithin(
      pointsOf(column),
      month,
      found.map(({ day, [column]: value }) => ({ day, value })),
    ),
  ]);
  const { byBasis, ...sums } = published[index] ?? NOTHING_KNOWN;
  return {
    month,
    followers,
    gains: Object.fromEntries(gains) as Record<Gain, PeriodGain>,
    published: sums,
    engagement: explainEngagement({ ...sums, byBasis }, followers.end),
  };
}

/** Each month beside the one before and the one 12 before. The list is in order and has no holes. */
function withComparisons(months: readonly Uncompared[]): AccountMonth[] {
  return months.map((each, index) => {
    const before = months[index - 1];
    const lastYear = months[index - 12];
    const views = ({ gains }: Uncompared): CoveredGrowth => ({ ...gains.views, change: gains.views.gain });
    return {
      ...each,
      onPrevious: before ? compareGains(each.followers, before.followers) : NOT_LOOKED_AT,
      onYearBefore: lastYear ? compareGains(each.followers, lastYear.followers) : NOT_LOOKED_AT,
      viewsOnPrevious: before ? compareGains(views(each), views(before)) : NOT_LOOKED_AT,
      viewsOnYearBefore: lastYear ? compareGains(views(each), views(lastYear)) : NOT_LOOKED_AT,
      previousFollowersChange: before?.followers.change ?? null,
      yearBeforeFollowersChange: lastYear?.followers.change ?? null,
    };
  });
}

const NOT_LOOKED_AT: GainChange = { rate: null, reason: 'before: not looked at' };

/** A month of which nothing is known is no row. */
function isKnown({ followers, gains, published }: AccountMonth): boolean {
  return followers.end !== null || (published.posts ?? 0) > 0 || Object.values(gains).some(({ end }) => end !== null);
}
