import type { Context } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { listContent } from '../../query/list-content.ts';

export interface ListOptions {
  clips?: boolean;
  videos?: boolean;
  search?: string;
  limit: number;
}

/** Lists the user's own videos and clips, the newest first. */
export async function runList(context: Context, { clips, videos, search, limit }: ListOptions): Promise<number> {
  if (clips && videos) throw new UsageError('--clips and --videos leave nothing.', 'without both: everything');
  const { db } = await context.openStore();
  const kind = clips ? 'clip' : videos ? 'video' : undefined;
  const found = await listContent(db, { kind, search, limit: limit + 1 });
  const rows = found.slice(0, limit);
  await context.print({
    command: 'content list',
    data: rows,
    warnings: found.length > limit ? [`there is more than these ${limit}: --limit <n>, or --search <text>`] : [],
    sections: [
      {
        columns: [
          { key: 'kind', label: 'Kind', kind: 'text' },
          { key: 'id', label: 'Id', kind: 'id' },
          { key: 'title', label: 'Title', kind: 'text', isElastic: true },
          { key: 'video_id', label: 'Part of', kind: 'id', rank: 3 },
          { key: 'published_at', label: 'Published (UTC)', kind: 'day', rank: 2 },
          { key: 'duration', label: 'Seconds', kind: 'count', rank: 1 },
          { key: 'posts', label: 'Posts', kind: 'count' },
          { key: 'views', label: 'Views', kind: 'count' },
        ],
        rows: rows.map((row) => ({ ...row, published_at: row.published_at?.slice(0, 10) ?? null })),
        empty:
          search === undefined
            ? 'nothing yet; bring yours: smstats content import <file.csv>'
            : `nothing with "${search}" in it`,
      },
    ],
  });
  return 0;
}
