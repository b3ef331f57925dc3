import { accountFilter } from '../core/option.ts';
import { listHashtagLift, type HashtagUse } from '../query/list-hashtag-lift.ts';
import type { Cell } from '../report/report.ts';
import { comparedSection, nameAccount, readEqualAge } from './equal-age.ts';
import { sampleNote, type Question } from './question.ts';

const NOT_CAUSE = 'a lift is an association, not a cause: posts with a hashtag differ in other things too';

export const askHashtags: Question = async (context, options) => {
  const { db } = await context.openStore();
  const equal = await readEqualAge(context, options);
  const { accounts, hashtags } = await listHashtagLift(db, { ...accountFilter(options), ...equal });
  const tested = hashtags.filter(({ p }) => p !== null).length;
  return {
    command: 'report hashtags',
    title: `Hashtags of posts from ${equal.window.from} to ${equal.window.to}, compared at ${equal.ageName}`,
    data: {
      window: equal.window,
      age_hours: equal.age,
      lift_is:
        'exp(Hodges-Lehmann shift of ln(value / median of the 20 to 30 posts before)) - 1 in percent, with / without',
      views_are: 'latest known, lifetime, of posts published in the window',
      tested,
      accounts: accounts.map(({ account, strata }) => ({ ...nameAccount(account), strata })),
      hashtags,
    },
    warnings: [...sampleNote(accounts.map(({ account }) => account)), NOT_CAUSE],
    sections: [
      {
        title: summarise(hashtags, tested),
        columns: [
          { key: 'hashtag', label: 'Hashtag', kind: 'text' },
          { key: 'posts', label: 'Posts', kind: 'count' },
          { key: 'views', label: 'Views', kind: 'count' },
          { key: 'reach', label: 'Reach', kind: 'count', rank: 6 },
          { key: 'with', label: 'With', kind: 'count', rank: 3 },
          { key: 'without', label: 'without', kind: 'count', rank: 4 },
          { key: 'lift', label: 'Lift', kind: 'delta-percent' },
          { key: 'low', label: 'from', kind: 'delta-percent', rank: 1 },
          { key: 'high', label: 'to', kind: 'delta-percent', rank: 2 },
          { key: 'q', label: 'q', kind: 'score', rank: 5 },
          { key: 'verdict', label: 'Says', kind: 'text' },
        ],
        rows: hashtags.slice(0, options.limit ?? 20).map((each) => hashtagRow(each)),
        empty: 'no hashtags on posts of these days',
      },
      comparedSection(accounts, equal),
    ],
  };
};

function hashtagRow({ tags, ...use }: HashtagUse): Record<string, Cell> {
  return { ...use, hashtag: tags.map((tag) => `#${tag}`).join(' ') };
}

function summarise(hashtags: readonly HashtagUse[], tested: number): string {
  if (tested === 0) return 'No evidence for any hashtag: none is on 5 compared posts beside 5 without it';
  const found = hashtags.filter(({ verdict }) => verdict === 'more' || verdict === 'less').length;
  if (found === 0) return `No evidence for any of ${tested} hashtags (false-discovery rate 5 %)`;
  return `${found} of ${tested} tested hashtags stand out; up to 5 % of such findings are chance`;
}
