import type { EngagementBasis } from './engagement.ts';

/** An engagement rate that somebody published for a platform. */
export interface Benchmark {
  platform: string;
  /** Percent. */
  rate: number;
  statistic: 'median' | 'average';
  /** What the rate is a share of; null when the page that tells it does not say. */
  denominator: EngagementBasis | null;
  publisher: string;
  /** The year of the report, and of what it is about as far as that is told. */
  year: number;
  period: string | null;
  /** The pages that it was read on. None is the report itself, hence secondary. */
  read_on: string;
  source_level: 'secondary';
}

/** Benchmarks of one report: they share everything but the platform and the rate. */
function ofReport(report: Omit<Benchmark, 'platform' | 'rate' | 'source_level'>, rates: Record<string, number>) {
  return Object.entries(rates).map(([platform, rate]): Benchmark => ({
    platform,
    rate,
    ...report,
    source_level: 'secondary',
  }));
}

/**
 * What was published, as read on pages that cite it. Reports that tell only changes, or ranges without a number, are left
 * out; one whose denominator is not told is kept to be refused by name.
 */
export const BENCHMARKS: readonly Benchmark[] = [
  ...ofReport(
    {
      statistic: 'median',
      denominator: 'followers',
      publisher: 'Rival IQ',
      year: 2023,
      period: '2022',
      read_on: 'wishu.io',
    },
    { tiktok: 5.69, instagram: 0.47, facebook: 0.06, twitter: 0.035 },
  ),
  ...ofReport(
    {
      statistic: 'average',
      denominator: 'views',
      publisher: 'Rival IQ TikTok report',
      year: 2023,
      period: null,
      read_on: 'smk.co',
    },
    { tiktok: 4.14 },
  ),
  ...ofReport(
    {
      statistic: 'median',
      denominator: 'followers',
      publisher: 'Rival IQ',
      year: 2024,
      period: null,
      read_on: 'smk.co, consultingproteam',
    },
    { tiktok: 2.63, facebook: 0.063 },
  ),
  ...ofReport(
    {
      statistic: 'median',
      denominator: 'impressions',
      publisher: 'Buffer',
      year: 2025,
      period: null,
      read_on: 'shortsintel.com',
    },
    { tiktok: 4.86, instagram: 1.16, facebook: 5.07, twitter: 2.31, linkedin: 6.5, youtube: 4.41 },
  ),
  ...ofReport(
    {
      statistic: 'average',
      denominator: null,
      publisher: 'Socialinsider',
      year: 2026,
      period: 'January 2024 to December 2025',
      read_on: 'shortsintel.com, optimixed.com',
    },
    { tiktok: 3.7, instagram: 0.48, facebook: 0.15, twitter: 0.12 },
  ),
  ...ofReport(
    {
      statistic: 'average',
      denominator: null,
      publisher: 'Socialinsider',
      year: 2025,
      period: null,
      read_on: 'shortsintel.com',
    },
    { linkedin: 3.85 },
  ),
  ...ofReport(
    {
      statistic: 'median',
      denominator: null,
      publisher: 'Emplifi',
      year: 2026,
      period: 'fourth quarter of 2025',
      read_on: 'bizcommunity.com, martechedge.com',
    },
    { tiktok: 27.6, instagram: 9.7 },
  ),
];

/** A benchmark beside one's own rate. */
export interface Benchmarked {
  benchmark: Benchmark;
  /** Own rate / benchmark; null when they do not compare. */
  ratio: number | null;
  /** Why they do not compare; null when they do. */
  reason: string | null;
}

/** Every benchmark of a platform beside a rate: compared where the denominator is the same, else refused with the reason. */
export function benchmarkRate(
  platform: string,
  { rate, basis }: { rate: number | null; basis: EngagementBasis | null },
): Benchmarked[] {
  return BENCHMARKS.filter((each) => each.platform === platform).map((benchmark) => {
    const { denominator } = benchmark;
    const refused = (reason: string) => ({ benchmark, ratio: null, reason });
    if (rate === null || basis === null) return refused('there is no rate of your own');
    if (denominator === null) return refused('what it is a share of is not published');
    if (denominator !== basis) return refused(`it is of ${denominator}, yours is of ${basis}`);
    return { benchmark, ratio: rate / benchmark.rate, reason: null };
  });
}
