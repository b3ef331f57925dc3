import { daysBetween, type Day } from '../core/time.ts';
import { episodesOf } from '../insight/anomaly.ts';
import { sumGains, type GainPair } from '../insight/period-gain.ts';
import type { Stand } from '../insight/stale.ts';
import { periodBefore, periodUpTo, type DayPeriod, type PeriodKind } from '../insight/period.ts';
import type { ToldMetric } from '../query/each-told-series.ts';
import { listAgedBests } from '../query/list-aged-bests.ts';
import { windowStart } from '../query/list-aged-posts.ts';
import { listAnomalies } from '../query/list-anomalies.ts';
import { listCampaignResults } from '../query/list-campaign-results.ts';
import { listForecasts } from '../query/list-forecasts.ts';
import { listPeriodAccounts } from '../query/list-period-accounts.ts';
import { listPeriodAlerts } from '../query/list-period-alerts.ts';
import { listPeriodFailures } from '../query/list-period-failures.ts';
import { instantsOf, listPeriodDays, listPeriodGains, type AccountPeriod } from '../query/list-period-gains.ts';
import { listPeriodHashtags } from '../query/list-period-hashtags.ts';
import { listPeriodPosts } from '../query/list-period-posts.ts';
import type {
  Digest,
  DigestAccount,
  DigestChart,
  DigestFilter,
  DigestName,
  DigestQuota,
  QualityRemark,
} from './digest.ts';
import { MOST_ALERTS } from './event-section.ts';

/** What a digest is to tell. */
export interface DigestQuestion {
  kind: PeriodKind;
  /** The last day that it may know of. */
  until: Day;
  /** The present day: what is stored reaches up to it. */
  today: Day;
  timezone: string;
  filter: DigestFilter;
  /** Providers whose quota is nearly spent. */
  quotas: readonly DigestQuota[];
}

/** More accounts than these are not drawn: those that gained the most views are. */
const MOST_CHARTS = 20;
const MOST_POSTS = 5;
const MOST_AGED = 3;
const MOST_HASHTAGS = 8;
/** Posts are compared when they are so old. */
const AGE_HOURS = 48;
/** Posts published in so many days before are what new ones are judged by. */
const BASELINE_DAYS = 365;
const FORECAST_DAYS = 30;
/** A band of 80 % that held less than this is no evidence. */
const LEAST_HELD = 0.7;

/** An account, and its row id. */
type Known = DigestAccount & { id: number };

/** The database, as the queries take it. */
type Db = Parameters<typeof listPeriodAccounts>[0];

/** Asks for all that a digest tells. */
export async function composeDigest(db: Db, question: DigestQuestion): Promise<Digest> {
  const { kind, until, timezone, filter, quotas } = question;
  const period = periodUpTo(kind, until);
  const before = periodBefore(kind, period);
  const { own, competitors } = await listKnown(db, { period, before, timezone, filter });
  const ids = own.map(({ id }) => id);
  const both = { now: instantsOf(period, timezone), before: instantsOf(before, timezone) };
  const told = await listTold(db, own, { ...question, period });
  const drawn = own.filter(hasNumbers).toSorted(byViews).slice(0, MOST_CHARTS);
  const digest: Digest = {
    kind,
    period,
    before,
    timezone,
    filter,
    is_sample: [...own, ...competitors].some(({ is_sample }) => is_sample),
    totals: totalsOf(own),
    accounts: own.map(withoutRowId),
    competitors: competitors.map(withoutRowId),
    charts: await listCharts(db, drawn, { first: before.first, last: period.last, days: before.days + period.days }),
    charts_left_out: own.filter(hasNumbers).length - drawn.length,
    top_posts: await listPeriodPosts(db, ids, period, { timezone, limit: MOST_POSTS }),
    aged_posts: { age_hours: AGE_HOURS, posts: await listAged(db, own, both.now, filter) },
    hashtags: await listPeriodHashtags(db, ids, both, MOST_HASHTAGS),
    anomalies: told.anomalies,
    alerts: await listPeriodAlerts(db, [...ids, ...competitors.map(({ id }) => id)], both.now, {
      limit: MOST_ALERTS,
      withGeneral: !isFiltering(filter),
    }),
    campaigns: await listCampaigns(db, own, period, filter),
    milestones: await listMilestones(db, drawn, period),
    quality: [],
  };
  const failures = await listPeriodFailures(db, [...ids, ...competitors.map(({ id }) => id)], period);
  const failed = failures.flatMap(({ account_id, ...failure }): QualityRemark[] => {
    const account = [...own, ...competitors].find(({ id }) => id === account_id);
    return account ? [{ ...nameOf(account), kind: 'failed_fetches', ...failure }] : [];
  });
  digest.quality = [
    ...[...own, ...competitors].flatMap(judgeCoverage),
    ...told.stale,
    ...failed,
    ...quotas.map((quota): QualityRemark => ({ kind: 'quota', ...quota })),
  ];
  return digest;
}

interface Days {
  period: DayPeriod;
  before: DayPeriod;
  timezone: string;
  filter: DigestFilter;
}

async function listKnown(db: Db, { period, before, timezone, filter }: Days) {
  const rows = await listPeriodAccounts(db, period.last, filter);
  const gains = await listPeriodGains(
    db,
    rows.map(({ account_id }) => account_id),
    [before, period],
    timezone,
  );
  const known = rows.map((row) => {
    const [earlier, now] = gains.get(row.account_id) as [AccountPeriod, AccountPeriod];
    const account: Known = {
      id: row.account_id,
      platform: row.platform,
      username: row.username,
      display_name: row.display_name,
      is_sample: row.provider_name === 'sample',
      last_day: row.last_day,
      now,
      before: earlier,
    };
    return { account, isCompetitor: row.is_competitor === 1 };
  });
  return {
    own: known.filter(({ isCompetitor }) => !isCompetitor).map(({ account }) => account),
    competitors: known.filter(({ isCompetitor }) => isCompetitor).map(({ account }) => account),
  };
}

function totalsOf(own: readonly Known[]): Digest['totals'] {
  const pairs = (gainOf: (of: AccountPeriod) => GainPair['now']) =>
    sumGains(own.map(({ now, before }) => ({ now: gainOf(now), before: gainOf(before) })));
  const posts = own.flatMap(({ now }) => now.published.posts ?? []);
  return {
    followers: pairs(({ followers }) => ({ ...followers, gain: followers.change })),
    views: pairs(({ views }) => views),
    likes: pairs(({ likes }) => likes),
    posts: {
      sum: posts.length === 0 ? null : posts.reduce((sum, count) => sum + Number(count), 0),
      known: posts.length,
      of: own.length,
    },
  };
}

async function listCharts(db: Db, drawn: readonly Known[], days: DayPeriod): Promise<DigestChart[]> {
  const found = await listPeriodDays(
    db,
    drawn.map(({ id }) => id),
    days,
  );
  return drawn.map((account, at) => {
    const { followers = [], views = [] } = found[at] ?? {};
    return { ...nameOf(account), followers, views };
  });
}

/** Posts that turned 48 hours old in the period: each is told of once, in whichever digest. */
async function listAged(
  db: Db,
  own: readonly Known[],
  { from, before }: { from: string; before: string },
  filter: DigestFilter,
) {
  const earlier = (instant: string) => new Date(Date.parse(instant) - AGE_HOURS * 3_600_000).toISOString();
  if (own.length === 0) return [];
  return listAgedBests(db, {
    platform: filter.platform,
    username: filter.username,
    age: AGE_HOURS,
    postedSince: windowStart(new Date(from), BASELINE_DAYS),
    namedFrom: earlier(from),
    namedBefore: earlier(before),
    accountIds: new Set(own.map(({ id }) => id)),
    limit: MOST_AGED,
  });
}

/** What was out of the ordinary in these days, and what had stopped moving by their end. */
async function listTold(
  db: Db,
  own: readonly Known[],
  { period, today, filter }: DigestQuestion & { period: DayPeriod },
) {
  const { platform, username } = filter;
  const anomalies: Digest['anomalies'] = [];
  const stale: QualityRemark[] = [];
  if (!own.some(hasNumbers)) return { anomalies, stale };
  const byId = new Map(own.map((account) => [account.id, account]));
  for (const { account, series } of await listAnomalies(db, daysBetween(period.first, today) + 1, {
    platform,
    username,
  })) {
    const known = byId.get(account.account_id);
    if (!known) continue;
    for (const { metric, anomalies: all, stale: stand } of series) {
      const inside = all.filter(({ day }) => day >= period.first && day <= period.last);
      anomalies.push(...episodesOf(inside).map((episode) => ({ ...nameOf(known), metric, ...episode })));
      if (stand && account.last_snapshot_date <= period.last && account.last_snapshot_date >= period.first)
        stale.push(staleRemark(known, metric, stand));
    }
  }
  return { anomalies: anomalies.toSorted((a, b) => (a.peak.day < b.peak.day ? -1 : 1)), stale };
}

function staleRemark(account: Known, metric: ToldMetric, { since, days, isOpen }: Stand): QualityRemark {
  return { ...nameOf(account), kind: 'stale', metric, since, days, is_open: isOpen };
}

/** Campaigns whose days reach into the period; of one without an account, nobody knows whether a filter fits it. */
async function listCampaigns(db: Db, own: readonly Known[], { first, last }: DayPeriod, filter: DigestFilter) {
  const ids = new Set(own.map(({ id }) => id));
  const campaigns = await listCampaignResults(db, { from: first, to: last });
  return campaigns.filter(
    ({ account_id, platform, start_date, end_date }) =>
      (start_date !== null || end_date !== null) &&
      (account_id === null
        ? !isFiltering({ ...filter, platform: undefined }) && (filter.platform ?? platform) === platform
        : ids.has(account_id)),
  );
}

/** Round numbers ahead, of the accounts that are drawn, where a forecast from the end of the period is worth something. */
async function listMilestones(db: Db, drawn: readonly Known[], { last }: DayPeriod): Promise<Digest['milestones']> {
  const milestones: Digest['milestones'] = [];
  // At most as many as are drawn: a forecast takes longer than all the rest.
  for (const known of drawn) {
    const [found] = await listForecasts(db, FORECAST_DAYS, { platform: known.platform, username: known.username });
    if (!found || Math.abs(daysBetween(last, found.account.last_snapshot_date)) > 1) continue;
    for (const { forecast, milestones: ahead } of found.series) {
      const [next] = ahead;
      const hasHeld = (forecast?.coverage ?? 0) >= LEAST_HELD;
      if (next && next.expected !== null && forecast?.beatsNaive && hasHeld)
        milestones.push({ ...nameOf(known), as_of: found.account.last_snapshot_date, ...next });
    }
  }
  return milestones;
}

function judgeCoverage(account: Known): QualityRemark[] {
  const { followers, views } = account.now;
  const name = nameOf(account);
  if (!hasNumbers(account)) return [{ ...name, kind: 'no_numbers', last_day: account.last_day }];
  const remarks: QualityRemark[] = [];
  const [metric, counter] =
    followers.end === null ? (['total_views', views] as const) : (['followers_count', followers] as const);
  if (counter.observed < counter.window)
    remarks.push({ ...name, kind: 'gaps', metric, observed: counter.observed, days: counter.window });
  if (views.foundLater !== 0) remarks.push({ ...name, kind: 'found_later', views: views.foundLater });
  return remarks;
}

function nameOf({ platform, username, is_sample }: DigestName): DigestName {
  return { platform, username, is_sample };
}

function hasNumbers({ now: { followers, views, likes } }: Known): boolean {
  return followers.end !== null || views.end !== null || likes.end !== null;
}

/** The most views first, then the most followers; what is not known comes last. */
function byViews(a: Known, b: Known): number {
  const known = (value: number | null) => value ?? Number.NEGATIVE_INFINITY;
  const order = (x: number, y: number) => (x === y ? 0 : y > x ? 1 : -1);
  return (
    order(known(a.now.views.gain), known(b.now.views.gain)) ||
    order(known(a.now.followers.end), known(b.now.followers.end))
  );
}

function isFiltering(filter: DigestFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

function withoutRowId({ platform, username, is_sample, display_name, last_day, now, before }: Known): DigestAccount {
  return { platform, username, is_sample, display_name, last_day, now, before };
}
