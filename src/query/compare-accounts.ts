import type { Kysely } from 'kysely';
import { benchmarkRate, type Benchmarked } from '../insight/benchmark.ts';
import { brandTotals, type BrandTotals } from '../insight/compare.ts';
import type { CoveredGrowth } from '../insight/coverage.ts';
import { percentileAmong, type Measured, type Percentile } from '../insight/percentile.ts';
import { explainEngagement, NOTHING_KNOWN, type ExplainedEngagement, type Published } from '../insight/published.ts';
import type { Database } from '../store/schema.ts';
import type { AccountFilter } from './account-filter.ts';
import type { LatestAccount } from './list-latest.ts';
import { listGrowth } from './list-growth.ts';
import { listPublishedInWindow } from './list-published.ts';

/** What accounts are ranked by. */
export const RANKED = ['followers', 'followers_rate', 'posts_published', 'engagement'] as const;
export type Ranked = (typeof RANKED)[number];

/** An account beside the others of its platform. */
export interface ComparedAccount {
  account: LatestAccount;
  /** Reporting period: the change inside the window. */
  followers: CoveredGrowth;
  views: CoveredGrowth;
  /** Lifetime: the posts published in the window, with all that they have got until now. */
  published: Omit<Published, 'byBasis'>;
  engagement: ExplainedEngagement;
  /** Its place among the accounts of its platform, own ones and competitors. */
  percentiles: Record<Ranked, Percentile>;
  /** What was published of the platform, beside the engagement rate. */
  benchmarks: Benchmarked[];
}

export interface ComparedBrand extends BrandTotals {
  brand: string;
  is_competitor: boolean;
  platforms: string[];
}

export interface Comparison {
  window_days: number;
  accounts: ComparedAccount[];
  /** The brands of more than one account, or all when only one brand is asked for. */
  brands: ComparedBrand[];
}

export interface CompareQuestion extends AccountFilter {
  days: number;
  timezone: string;
  /** One brand only; it is ranked among all accounts nevertheless. */
  brand?: string | undefined;
}

/**
 * Accounts beside each other over a window that ends on each account's last day. What is shown may be a part; the sets in
 * which accounts are ranked are always all active accounts of the platform.
 */
export async function compareAccounts(db: Kysely<Database>, question: CompareQuestion): Promise<Comparison> {
  const { days, timezone, platform, username, brand } = question;
  const grown = await listGrowth(db, days, { platform });
  const accounts = grown.map(({ account }) => account);
  const published = await listPublishedInWindow(db, accounts, days, timezone);
  const measured = grown.map(({ account, growth }) => {
    const { byBasis, ...sums } = published.get(account.account_id) ?? NOTHING_KNOWN;
    const engagement = explainEngagement({ ...sums, byBasis }, account.followers_count);
    return { account, followers: growth.followers_count, views: growth.total_views, published: sums, engagement };
  });
  const compared = measured.map((each): ComparedAccount => {
    const set = measured.filter(({ account }) => account.platform === each.account.platform);
    const rank = (name: Ranked) =>
      percentileAmong(
        measure(each, name),
        set.map((other) => measure(other, name)),
      );
    const percentiles = Object.fromEntries(RANKED.map((name) => [name, rank(name)])) as Record<Ranked, Percentile>;
    return { ...each, percentiles, benchmarks: benchmarkRate(each.account.platform, each.engagement) };
  });
  const shown = compared.filter(
    ({ account }) =>
      (username === undefined || account.username === username) &&
      (brand === undefined || account.brand?.toLowerCase() === brand.toLowerCase()),
  );
  const brands = brandsOf(shown).filter(({ accounts: count }) => count > 1 || brand !== undefined);
  return { window_days: days, accounts: shown, brands };
}

type MeasuredAccount = Pick<ComparedAccount, 'account' | 'followers' | 'published' | 'engagement'>;

function measure({ account, followers, published, engagement }: MeasuredAccount, name: Ranked): Measured {
  if (name === 'engagement') return { value: engagement.rate, denominator: engagement.basis };
  if (name === 'followers') return { value: account.followers_count, denominator: null };
  if (name === 'posts_published') return { value: published.posts, denominator: null };
  return { value: followers.rate, denominator: 'followers at the start' };
}

/** One's own accounts of a brand, and a competitor's of the same name, are two. */
function brandsOf(compared: readonly ComparedAccount[]): ComparedBrand[] {
  const groups = new Map<string, ComparedAccount[]>();
  for (const each of compared) {
    const key = `${each.account.is_competitor} ${each.account.brand ?? each.account.username}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((accounts) => {
    const { account } = accounts[0] as ComparedAccount;
    return {
      brand: account.brand ?? account.username,
      is_competitor: Boolean(account.is_competitor),
      platforms: [...new Set(accounts.map((each) => each.account.platform))],
      ...brandTotals(
        accounts.map(({ account: { platform, followers_count }, followers, views, engagement }) => ({
          platform,
          followers: { ...followers, end: followers_count },
          views: views.change,
          engagement,
        })),
      ),
    };
  });
}
