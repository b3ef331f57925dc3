import { accountFilter } from '../core/option.ts';
import { listDecay } from '../query/list-decay.ts';
import { nameAccount, readEqualAge } from './equal-age.ts';
import { accountName, sampleNote, type Question } from './question.ts';

export const askDecay: Question = async (context, options) => {
  const { db } = await context.openStore();
  const equal = await readEqualAge(context, options);
  const finalDays = options.final ?? 28;
  const rows = await listDecay(db, finalDays, { ...accountFilter(options), postedSince: equal.postedSince });
  return {
    command: 'report decay',
    title: `How fast posts from ${equal.window.from} to ${equal.window.to} reach what they have at ${finalDays} days`,
    data: {
      window: equal.window,
      final_days: finalDays,
      share_is: 'median over posts of value at the age / value at the final age x 100',
      curves: rows.map(({ account, ...curve }) => ({ ...nameAccount(account), ...curve })),
    },
    warnings: sampleNote(rows.map(({ account }) => account)),
    sections: [
      {
        columns: [
          { key: 'platform', label: 'Platform', kind: 'text', rank: 2 },
          { key: 'account', label: 'Account', kind: 'handle' },
          { key: 'media_type', label: 'Type', kind: 'text' },
          { key: 'metric', label: 'of', kind: 'text' },
          { key: 'age', label: 'Days', kind: 'count' },
          { key: 'median', label: 'Reached', kind: 'share' },
          { key: 'low', label: 'half from', kind: 'percent', rank: 3 },
          { key: 'high', label: 'to', kind: 'percent', rank: 4 },
          { key: 'n', label: 'Posts', kind: 'count' },
          { key: 'posts', label: 'in all', kind: 'count', rank: 1 },
        ],
        rows: rows.flatMap(({ account, media_type, metric, posts, curve }) =>
          curve.map((point) => ({
            ...point,
            platform: account.platform,
            account: accountName(account.username, account.provider_name),
            media_type,
            metric,
            posts,
          })),
        ),
        empty: 'no posts in these days',
      },
    ],
  };
};
