import { listBestPosts, listPosts, type PostListing } from '../query/list-posts.ts';
import { readPostFilter } from './post-filter.ts';
import { POST_COLUMNS, postRow, sampleNote, type Question, type ReportOptions } from './question.ts';

export const askPosts: Question = async (context, options) => {
  const { timezone } = await context.config();
  const page = { ...readPostFilter(options, timezone), limit: options.limit ?? 10, offset: options.offset ?? 0 };
  const { db } = await context.openStore();
  const { sort } = options;
  const posts = sort === undefined ? (await listBestPosts(db, page)).posts : await listPosts(db, { ...page, sort });
  return {
    command: 'report posts',
    data: posts,
    warnings: [...sampleNote(posts), ...mixNote(options, posts)],
    sections: [
      {
        columns: [{ key: 'platform', label: 'Platform', kind: 'text', rank: 4 }, ...POST_COLUMNS],
        rows: posts.map((post) => postRow(post, timezone)),
        empty: 'no posts fit',
      },
    ],
  };
};

/** Rates of different denominators have no common order. */
function mixNote({ sort, minEngagement }: ReportOptions, posts: readonly PostListing[]): string[] {
  if (sort !== 'engagement' && minEngagement === undefined) return [];
  const bases = [...new Set(posts.flatMap(({ engagement_basis: basis }) => basis ?? []))].toSorted();
  if (bases.length < 2) return [];
  return [`these rates are of ${bases.join(' and ')}, which do not compare: choose one with --basis ${bases[0]}`];
}
