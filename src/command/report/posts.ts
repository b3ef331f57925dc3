import { UsageError } from '../../core/errors.ts';
import { accountFilter } from '../../core/option.ts';
import { listBestPosts, listPosts } from '../../query/list-posts.ts';
import { POST_COLUMNS, postRow, sampleNote, type Question } from './question.ts';

export const askPosts: Question = async (context, options) => {
  const postedSince = options.since === undefined ? undefined : readDay(options.since);
  const { db } = await context.openStore();
  const filter = {
    ...accountFilter(options),
    limit: options.limit ?? 10,
    offset: options.offset ?? 0,
    postedSince,
  };
  const posts =
    options.sort === undefined
      ? (await listBestPosts(db, filter)).posts
      : await listPosts(db, { ...filter, sort: options.sort });
  const { timezone } = await context.config();
  return {
    command: 'report posts',
    data: posts,
    warnings: sampleNote(posts),
    sections: [
      {
        columns: [{ key: 'platform', label: 'Platform', kind: 'text', rank: 4 }, ...POST_COLUMNS],
        rows: posts.map((post) => postRow(post, timezone)),
        empty: 'no posts fit',
      },
    ],
  };
};

function readDay(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (isDay && new Date(text).toISOString().startsWith(text)) return text;
  throw new UsageError(`--since must be a day such as 2026-01-31, not "${text}".`);
}
