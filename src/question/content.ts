import { accountFilter } from '../core/option.ts';
import { listContentTotals, type ContentSort } from '../query/list-content-totals.ts';
import type { Question } from './question.ts';

export const askContent: Question = async (context, options) => {
  const { db } = await context.openStore();
  const { days } = options;
  const { sort } = options as { sort?: ContentSort };
  const since = days === undefined ? undefined : new Date(context.now().getTime() - days * 86_400_000).toISOString();
  const rows = await listContentTotals(db, {
    ...accountFilter(options),
    sort,
    limit: options.limit,
    postedSince: since,
  });
  const hasClips = rows.some(({ kind }) => kind === 'clip');
  const hasVideos = rows.some(({ kind }) => kind === 'video');
  return {
    command: 'report content',
    ...(days !== undefined && { title: `Posts of the last ${days} days` }),
    data: rows,
    warnings: [
      ...(rows.some((row) => row.is_sample) ? ['these are sample numbers, not real ones'] : []),
      ...(hasClips && hasVideos
        ? ['a video has the posts of its clips as well: the rows do not add up to a total']
        : []),
    ],
    sections: [
      {
        columns: [
          { key: 'kind', label: 'Kind', kind: 'text' },
          { key: 'id', label: 'Id', kind: 'id' },
          { key: 'title', label: 'Title', kind: 'text', isElastic: true },
          { key: 'video_id', label: 'Part of', kind: 'id', rank: 6 },
          { key: 'posts', label: 'Posts', kind: 'count' },
          { key: 'platforms', label: 'Platforms', kind: 'count', rank: 3 },
          { key: 'views', label: 'Views', kind: 'count' },
          { key: 'likes', label: 'Likes', kind: 'count' },
          { key: 'comments', label: 'Comments', kind: 'count', rank: 4 },
          { key: 'shares', label: 'Shares', kind: 'count', rank: 5 },
          { key: 'engagement_rate', label: 'Engagement', kind: 'percent', rank: 1 },
          { key: 'engagement_basis', label: 'of', kind: 'text', rank: 2 },
        ],
        rows,
        empty:
          days === undefined
            ? 'no videos and clips yet; bring yours: smstats content import <file.csv>'
            : 'no video or clip has a post of these days',
      },
    ],
  };
};
