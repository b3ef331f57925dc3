import { SmstatsError } from '../core/errors.ts';
import { accountFilter } from '../core/option.ts';
import { findAccount } from '../query/find-account.ts';
import { listAudience } from '../query/list-audience.ts';
import type { Column } from '../report/report.ts';
import type { Question, ReportOptions } from './question.ts';

const AGES: readonly Column[] = ['13_17', '18_24', '25_34', '35_44', '45_54', '55_64', '65_plus'].map((range) => ({
  key: `age_${range}`,
  label: range.replace('_plus', '+').replace('_', '-'),
  kind: 'percent',
}));

export const askAudience: Question = async (context, options, target) => {
  const { db } = await context.openStore();
  const filter = readTarget(options, target);
  const rows = await listAudience(db, filter);
  const { platform, username } = filter;
  if (
    rows.length === 0 &&
    platform !== undefined &&
    username !== undefined &&
    !(await findAccount(db, { platform, username }))
  ) {
    throw new SmstatsError('not_found', `${platform} @${username} is not tracked.`, { hint: 'smstats accounts list' });
  }
  const account: Column[] = [
    { key: 'platform', label: 'Platform', kind: 'text', rank: 2 },
    { key: 'username', label: 'Account', kind: 'handle' },
  ];
  const places = rows.flatMap(({ top_countries, top_cities, ...row }) => [
    ...(top_countries === null ? [] : [{ ...row, what: 'countries', places: writeList(top_countries) }]),
    ...(top_cities === null ? [] : [{ ...row, what: 'cities', places: writeList(top_cities) }]),
  ]);
  return {
    command: 'report audience',
    title: 'Audience, latest of each account',
    data: rows,
    sections: [
      {
        columns: [
          ...account,
          { key: 'date', label: 'Day', kind: 'day', rank: 1 },
          ...AGES,
          { key: 'male_percentage', label: 'Male', kind: 'percent' },
          { key: 'female_percentage', label: 'Female', kind: 'percent' },
        ],
        rows: rows.map((row) => ({ ...row, top_countries: null, top_cities: null })),
        empty: 'no audience is recorded; record one: smstats record audience --account <platform:username> …',
      },
      ...(places.length === 0
        ? []
        : [
            {
              title: 'Where it is, the largest first',
              columns: [
                ...account,
                { key: 'what', label: 'Top', kind: 'text' as const },
                { key: 'places', label: 'Are', kind: 'text' as const, isElastic: true },
              ],
              rows: places,
            },
          ]),
    ],
  };
};

function readTarget(options: ReportOptions, [platform, username]: readonly string[]) {
  if (platform === undefined) return accountFilter(options);
  if (username !== undefined) return accountFilter({ account: `${platform}:${username}` });
  return /[:/]/.test(platform) ? accountFilter({ account: platform }) : accountFilter({ platform });
}

/** A list of names; what was written by hand is shown as it is. */
function writeList(list: unknown): string {
  const names = Array.isArray(list) ? list : [list];
  return names.map((name) => (typeof name === 'string' ? name : JSON.stringify(name))).join(', ');
}
