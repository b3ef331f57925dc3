import { dayIn } from '../../core/time.ts';
import type { Context } from '../../context.ts';
import { countUnmappedPosts } from '../../query/count-unmapped-posts.ts';
import { listMappings } from '../../query/list-mappings.ts';
import { listUnmappedPosts } from '../../query/list-unmapped-posts.ts';
import type { Column } from '../../report/report.ts';
import { readPlatform } from '../platform.ts';

const SHOWN = 20;

const POST: Column[] = [
  { key: 'platform', label: 'Platform', kind: 'text' },
  { key: 'username', label: 'Account', kind: 'handle', rank: 3 },
  { key: 'posted_at', label: 'Posted', kind: 'day' },
  { key: 'external_post_id', label: 'Id', kind: 'id' },
];
const CAPTION: Column = { key: 'caption', label: 'Caption', kind: 'text', isElastic: true };

/** Prints the posts that are linked to nothing. @returns the exit code. */
export async function printUnmapped(context: Context, options: { platform?: string; limit?: number }): Promise<number> {
  const { db } = await context.openStore();
  const platform = options.platform === undefined ? undefined : await readPlatform(context, options.platform);
  const rows = await listUnmappedPosts(db, { platform, limit: options.limit ?? SHOWN });
  const counts = await countUnmappedPosts(db);
  const open = counts.posts - counts.confirmed - counts.rejected;
  await context.print({
    command: 'map',
    title: `${number(open)} of ${number(counts.posts)} posts wait for a link, ${number(counts.suggested)} of them for a review; ${number(counts.rejected)} refused`,
    data: { posts: rows, counts: { ...counts, unmapped: open } },
    sections: [
      {
        columns: [
          ...POST,
          { key: 'suggestion', label: 'Suggestion', kind: 'text', rank: 1 },
          { key: 'suggestion_score', label: 'Score', kind: 'score', rank: 2 },
          CAPTION,
        ],
        rows: await withDays(context, rows),
        empty: counts.posts === 0 ? 'no post yet' : 'every post is linked or refused: smstats map --list',
      },
    ],
  });
  if (rows.length > 0) context.say('next: smstats map <post> --video <id>, or smstats map --auto');
  return 0;
}

/** Prints which post shows what. @returns the exit code. */
export async function printMappings(context: Context, options: { platform?: string; limit?: number }): Promise<number> {
  const { db } = await context.openStore();
  const platform = options.platform === undefined ? undefined : await readPlatform(context, options.platform);
  const rows = await listMappings(db, { platform, limit: options.limit });
  await context.print({
    command: 'map --list',
    data: rows,
    sections: [
      {
        columns: [
          ...POST,
          { key: 'status', label: 'Status', kind: 'text' },
          { key: 'content_id', label: 'Content', kind: 'id' },
          { key: 'content_title', label: 'Title', kind: 'text', rank: 1 },
          { key: 'confidence_score', label: 'Sure', kind: 'score' },
          { key: 'matched_by', label: 'By', kind: 'text', rank: 2 },
          { key: 'decided_by', label: 'Decided by', kind: 'text', rank: 4 },
          { key: 'views', label: 'Views', kind: 'count', rank: 5 },
          CAPTION,
        ],
        rows: (await withDays(context, rows)).map((row) => ({ ...row, content_id: row.clip_id ?? row.video_id })),
        empty: 'no post is linked yet; smstats map shows those that wait',
      },
    ],
  });
  return 0;
}

/** Posts with the day they were published on, in the configured time zone. */
async function withDays<Row extends { posted_at: string | null }>(
  context: Context,
  rows: readonly Row[],
): Promise<Row[]> {
  const { timezone } = await context.config();
  return rows.map((row) => ({
    ...row,
    posted_at: row.posted_at === null ? null : dayIn(timezone, new Date(row.posted_at)),
  }));
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
