import { accountFilter } from '../core/option.ts';
import { compareAccounts, type ComparedAccount, type Comparison } from '../query/compare-accounts.ts';
import type { Section } from '../report/report.ts';
import { accountName, sampleNote, type Question } from './question.ts';

export const askCompare: Question = async (context, options) => {
  const { timezone } = await context.config();
  const { db } = await context.openStore();
  const days = options.days ?? 30;
  const { brand } = options;
  const compared = await compareAccounts(db, { ...accountFilter(options), days, timezone, brand });
  const { accounts, brands } = compared;
  return {
    command: 'report compare',
    title: `Accounts beside each other over ${days} days`,
    data: {
      window_days: days,
      periods: {
        followers: 'reporting period',
        views: 'reporting period',
        published: 'lifetime of the posts published in the window',
        engagement: 'lifetime of the posts published in the window',
      },
      accounts: accounts.map(({ account, ...rest }) => ({
        platform: account.platform,
        username: account.username,
        brand: account.brand,
        is_competitor: Boolean(account.is_competitor),
        is_sample: account.provider_name === 'sample',
        followers_count: account.followers_count,
        ...rest,
      })),
      brands,
    },
    warnings: sampleNote(accounts.map(({ account }) => account)),
    sections: [accountsOf(accounts), ...refusalsOf(accounts), ...brandsOf(compared), ...benchmarksOf(accounts)],
  };
};

const nameOf = ({ account }: ComparedAccount) => accountName(account.username, account.provider_name);

function accountsOf(accounts: readonly ComparedAccount[]): Section {
  return {
    title: 'Accounts, and their place among those of their platform (100 is the highest)',
    columns: [
      { key: 'platform', label: 'Platform', kind: 'text', rank: 4 },
      { key: 'account', label: 'Account', kind: 'handle' },
      { key: 'is_competitor', label: 'Competitor', kind: 'flag', rank: 5 },
      { key: 'followers', label: 'Followers', kind: 'count' },
      { key: 'followers_place', label: 'place', kind: 'count' },
      { key: 'followers_change', label: 'Change', kind: 'delta', rank: 2 },
      { key: 'followers_rate', label: 'Rate', kind: 'delta-percent' },
      { key: 'followers_rate_place', label: 'place', kind: 'count' },
      { key: 'coverage', label: 'Days seen', kind: 'percent', rank: 3 },
      { key: 'posts', label: 'Posts', kind: 'count', rank: 6 },
      { key: 'posts_place', label: 'place', kind: 'count', rank: 7 },
      { key: 'engagement_rate', label: 'Engagement', kind: 'percent' },
      { key: 'engagement_basis', label: 'of', kind: 'text' },
      { key: 'engagement_place', label: 'place', kind: 'count' },
      { key: 'engagement_set', label: 'among', kind: 'count', rank: 1 },
    ],
    rows: accounts.map((each) => ({
      platform: each.account.platform,
      account: nameOf(each),
      is_competitor: Boolean(each.account.is_competitor),
      followers: each.account.followers_count,
      followers_place: each.percentiles.followers.percentile,
      followers_change: each.followers.change,
      followers_rate: each.followers.rate,
      followers_rate_place: each.percentiles.followers_rate.percentile,
      coverage: each.followers.coverage,
      posts: each.published.posts,
      posts_place: each.percentiles.posts_published.percentile,
      engagement_rate: each.engagement.rate,
      engagement_basis: each.engagement.basis,
      engagement_place: each.percentiles.engagement.percentile,
      engagement_set: each.percentiles.engagement.n,
    })),
    empty: 'no numbers yet; fetch some: smstats fetch',
  };
}

/** Why an account has no rate, or a rate no place. */
function refusalsOf(accounts: readonly ComparedAccount[]): Section[] {
  const rows = accounts.flatMap((each) => {
    const reasons: [string, string | null][] = [
      ['growth rate', each.followers.reason],
      ['place by growth rate', each.followers.reason === null ? each.percentiles.followers_rate.reason : null],
      ['engagement', each.engagement.reason],
      ['place by engagement', each.engagement.reason === null ? each.percentiles.engagement.reason : null],
    ];
    return reasons.flatMap(([what, why]) =>
      why === null ? [] : [{ platform: each.account.platform, account: nameOf(each), what, why }],
    );
  });
  if (rows.length === 0) return [];
  return [
    {
      title: 'Not compared',
      columns: [
        { key: 'platform', label: 'Platform', kind: 'text', rank: 1 },
        { key: 'account', label: 'Account', kind: 'handle' },
        { key: 'what', label: 'What', kind: 'text' },
        { key: 'why', label: 'Why', kind: 'text', isElastic: true },
      ],
      rows,
    },
  ];
}

function brandsOf({ brands }: Comparison): Section[] {
  if (brands.length === 0) return [];
  return [
    {
      title: 'Brands over their platforms (whoever follows two accounts counts twice)',
      columns: [
        { key: 'brand', label: 'Brand', kind: 'text' },
        { key: 'is_competitor', label: 'Competitor', kind: 'flag', rank: 4 },
        { key: 'platforms', label: 'Platforms', kind: 'text', rank: 2 },
        { key: 'followers', label: 'Followers', kind: 'count' },
        { key: 'followers_change', label: 'Change', kind: 'delta' },
        { key: 'growth_rate', label: 'Rate', kind: 'delta-percent' },
        { key: 'views', label: 'Views', kind: 'delta', rank: 3 },
        { key: 'engagement_rate', label: 'Engagement', kind: 'percent' },
        { key: 'engagement_basis', label: 'of', kind: 'text' },
        { key: 'why', label: 'Why not', kind: 'text', isElastic: true, rank: 1 },
      ],
      rows: brands.map((each) => ({
        brand: each.brand,
        is_competitor: each.is_competitor,
        platforms: each.platforms.join(', '),
        followers: each.followers,
        followers_change: each.followersChange,
        growth_rate: each.growth.rate,
        views: each.views,
        engagement_rate: each.engagement.rate,
        engagement_basis: each.engagement.basis,
        why: [each.growth.reason, each.engagement.reason].filter((reason) => reason !== null).join('; ') || null,
      })),
    },
  ];
}

/** Own accounts beside what was published; a competitor's rates nobody judges. */
function benchmarksOf(accounts: readonly ComparedAccount[]): Section[] {
  const rows = accounts
    .filter(({ account }) => !account.is_competitor)
    .flatMap((each) =>
      each.benchmarks.map(({ benchmark, ratio, reason }) => ({
        platform: each.account.platform,
        account: nameOf(each),
        own_rate: each.engagement.rate,
        own_basis: each.engagement.basis,
        rate: benchmark.rate,
        denominator: benchmark.denominator,
        statistic: benchmark.statistic,
        source: `${benchmark.publisher} ${benchmark.year} (${benchmark.source_level}: ${benchmark.read_on})`,
        ratio,
        why: reason,
      })),
    );
  if (rows.length === 0) return [];
  return [
    {
      title: 'Published engagement rates (read on pages that cite the reports)',
      columns: [
        { key: 'platform', label: 'Platform', kind: 'text', rank: 3 },
        { key: 'account', label: 'Account', kind: 'handle', rank: 2 },
        { key: 'own_rate', label: 'Own', kind: 'percent' },
        { key: 'own_basis', label: 'of', kind: 'text' },
        { key: 'rate', label: 'Published', kind: 'percent' },
        { key: 'denominator', label: 'of', kind: 'text' },
        { key: 'statistic', label: 'Is', kind: 'text', rank: 1 },
        { key: 'ratio', label: 'Own / published', kind: 'score' },
        { key: 'source', label: 'Source', kind: 'text' },
        { key: 'why', label: 'Why not', kind: 'text', isElastic: true },
      ],
      rows,
    },
  ];
}
