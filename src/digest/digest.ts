import type { Day } from '../core/time.ts';
import type { Episode } from '../insight/anomaly.ts';
import type { Point } from '../insight/growth.ts';
import type { Milestone } from '../insight/milestone.ts';
import type { GainSum } from '../insight/period-gain.ts';
import type { DayPeriod, PeriodKind } from '../insight/period.ts';
import type { ToldMetric } from '../query/each-told-series.ts';
import type { AgedBest } from '../query/list-aged-bests.ts';
import type { CampaignResult } from '../query/list-campaign-results.ts';
import type { listPeriodAlerts } from '../query/list-period-alerts.ts';
import type { AccountPeriod } from '../query/list-period-gains.ts';
import type { listPeriodHashtags } from '../query/list-period-hashtags.ts';
import type { PostGain } from '../query/list-post-gains.ts';

/** Whose digest it is, as it was asked for. */
export interface DigestFilter {
  platform?: string | undefined;
  username?: string | undefined;
  brand?: string | undefined;
}

/** An account as it is named. */
export interface DigestName {
  platform: string;
  username: string;
  is_sample: boolean;
}

/** An account in the period, beside the period before. */
export interface DigestAccount extends DigestName {
  display_name: string | null;
  last_day: Day | null;
  now: AccountPeriod;
  before: AccountPeriod;
}

/** What is drawn of an account: the period and the one before, day by day. */
export interface DigestChart extends DigestName {
  followers: Point[];
  views: Point[];
}

/** A quota of a provider that is nearly spent. */
export interface DigestQuota {
  provider_name: string;
  used: number;
  allowed: number;
  unit: string;
}

/** What keeps the numbers of an account from being whole. */
export type QualityRemark = Partial<DigestName> &
  (
    | { kind: 'no_numbers'; last_day: Day | null }
    | { kind: 'gaps'; metric: 'followers_count' | 'total_views'; observed: number; days: number }
    | { kind: 'found_later'; views: number }
    | { kind: 'stale'; metric: ToldMetric; since: Day; days: number; is_open: boolean }
    | { kind: 'failed_fetches'; failures: number; last_day: Day; error_message: string | null }
    | ({ kind: 'quota' } & DigestQuota)
  );

/** What happened in a period, as plain values. Null is not known. */
export interface Digest {
  kind: PeriodKind;
  period: DayPeriod;
  before: DayPeriod;
  timezone: string;
  filter: DigestFilter;
  is_sample: boolean;
  /** Over one's own accounts. */
  totals: {
    followers: GainSum;
    views: GainSum;
    likes: GainSum;
    posts: { sum: number | null; known: number; of: number };
  };
  accounts: DigestAccount[];
  competitors: DigestAccount[];
  charts: DigestChart[];
  /** Accounts with numbers that are not drawn. */
  charts_left_out: number;
  top_posts: PostGain[];
  /** Posts that reached the age in the period. */
  aged_posts: { age_hours: number; posts: AgedBest[] };
  hashtags: Awaited<ReturnType<typeof listPeriodHashtags>>;
  anomalies: (DigestName & { metric: ToldMetric } & Episode)[];
  alerts: Awaited<ReturnType<typeof listPeriodAlerts>>;
  campaigns: CampaignResult[];
  milestones: (DigestName & { as_of: Day } & Milestone)[];
  quality: QualityRemark[];
}
