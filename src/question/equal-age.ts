import { dayIn } from '../core/time.ts';
import type { Context } from '../context.ts';
import { windowStart } from '../query/list-aged-posts.ts';
import type { AccountTimes } from '../query/list-best-times.ts';
import type { LatestAccount } from '../query/list-latest.ts';
import type { Section } from '../report/report.ts';
import { COMPARED_AGES } from './age.ts';
import { accountName, type ReportOptions } from './question.ts';

/** What is compared: posts of which days, at what age. */
export interface EqualAge {
  /** Hours. */
  age: number;
  ageName: string;
  postedSince: string;
  timezone: string;
  /** As the JSON and people have it: the days, both included. */
  window: { from: string; to: string; time_zone: string };
}

/** Reads the flags of a question that compares posts at equal age. */
export async function readEqualAge(context: Context, options: ReportOptions): Promise<EqualAge> {
  const { timezone } = await context.config();
  const now = context.now();
  const postedSince = windowStart(now, options.days ?? 365);
  const { hours, name } = COMPARED_AGES[options.age ?? '7d'];
  return {
    age: hours,
    ageName: name,
    postedSince,
    timezone,
    window: { from: dayIn(timezone, new Date(postedSince)), to: dayIn(timezone, now), time_zone: timezone },
  };
}

/** An account as the JSON of these questions names it. */
export function nameAccount({ platform, username, provider_name }: LatestAccount) {
  return { platform, username, is_sample: provider_name === 'sample' };
}

/** How many posts there are, and how many of them could be compared: nothing is left out in silence. */
export function comparedSection(
  accounts: readonly Pick<AccountTimes, 'account' | 'strata'>[],
  { ageName }: EqualAge,
): Section {
  return {
    title: 'Posts compared',
    columns: [
      { key: 'platform', label: 'Platform', kind: 'text', rank: 1 },
      { key: 'account', label: 'Account', kind: 'handle' },
      { key: 'media_type', label: 'Type', kind: 'text' },
      { key: 'metric', label: 'by', kind: 'text' },
      { key: 'posts', label: 'Posts', kind: 'count' },
      { key: 'covered', label: `known at ${ageName}`, kind: 'count' },
      { key: 'scored', label: 'with 20 before', kind: 'count' },
    ],
    rows: accounts.flatMap(({ account, strata }) =>
      strata.map((stratum) => ({
        ...stratum,
        platform: account.platform,
        account: accountName(account.username, account.provider_name),
      })),
    ),
    empty: 'no posts in these days',
  };
}
