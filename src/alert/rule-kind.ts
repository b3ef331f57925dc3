import type { Kysely } from 'kysely';
import type { Finding } from '../core/alert.ts';
import type { ToldMetric } from '../query/each-told-series.ts';
import type { Database } from '../store/schema.ts';

/** What of a provider's quota is used. */
export interface ProviderQuota {
  provider: string;
  used: number;
  allowed: number;
  unit: string;
  /** Names the period: the day on which it began, or the hour for a window that slides. */
  period: string;
  resetsAt: Date;
}

/** What rules look at. */
export interface RuleWorld {
  db: Kysely<Database>;
  timezone: string;
  now: Date;
  quotas(): Promise<readonly ProviderQuota[]>;
}

/** The accounts that a rule watches: all of one's own that are active, competitors only where an account is named. */
export interface RuleScope {
  accountId: number | null;
  platform: string | null;
  brand: string | null;
}

/** What a rule goes by, its defaults filled in; null where its kind has no use for it. */
export interface RuleParameters {
  metric: ToldMetric | null;
  threshold: number | null;
  days: number | null;
}

/** A number that a rule can be given. */
export interface Range {
  /** After the flag, in words: `fires when … % fewer than in the days before`. */
  meaning: string;
  standard: number;
  least: number;
  most: number;
}

/** A kind of rule. */
export interface RuleKind {
  /** One line for the help. */
  summary: string;
  threshold: (Range & { unit: '%' | 'x' | 'days' | 'times' }) | null;
  days: Range | null;
  /** The counters that it can watch, its default first; null when it watches none. */
  metrics: readonly ToldMetric[] | null;
  cooldownDays: number;
  /** What is so now. The same event has the same key whenever it is asked for. */
  find(world: RuleWorld, parameters: RuleParameters, scope: RuleScope): Promise<Finding[]>;
  /** What it would have told on each of the last days; null for what the database does not remember. */
  replay: ((world: RuleWorld, parameters: RuleParameters, scope: RuleScope, days: number) => Promise<Finding[]>) | null;
}
