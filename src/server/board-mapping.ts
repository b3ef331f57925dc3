import { createRoute, z } from '@hono/zod-openapi';
import { SmstatsError } from '../core/errors.ts';
import { webLink } from '../core/web-link.ts';
import type { Context } from '../context.ts';
import { countUnmappedPosts } from '../query/count-unmapped-posts.ts';
import { findMapping } from '../query/find-mapping.ts';
import { listMappings } from '../query/list-mappings.ts';
import { listUnmappedPosts } from '../query/list-unmapped-posts.ts';
import { savePersonVerdict, type ContentKey, type Verdict } from '../store/mapping.ts';
import { createBoard, json, repliesOf, wholeQuery } from './board-request.ts';
import { DECIDED, DECISION, MAPPING } from './board-schema.ts';
import { Failure } from './failure.ts';
import type { ServerParts } from './parts.ts';

type Decision = z.infer<typeof DECISION>;
type Mapping = NonNullable<Awaited<ReturnType<typeof findMapping>>>;

const path = '/api/social-media/mapping';
const TAGS = ['dashboard'];

const listRoute = createRoute({
  method: 'get',
  path,
  tags: TAGS,
  summary: 'posts that nobody has linked yet, and what the rules suggest for them',
  request: { query: z.object({ limit: wholeQuery(1, 500, 50) }) },
  responses: repliesOf('The newest posts first, `limit` of each list.', MAPPING),
});

const decideRoute = createRoute({
  method: 'post',
  path,
  tags: TAGS,
  summary: "a person's word on what a post shows",
  description:
    'Without video_id and clip_id it is about what is suggested now. With one of them it is about that content, so that a suggestion that changed in between is not confirmed unseen.',
  request: { body: { required: true, content: json(DECISION) } },
  responses: repliesOf('What is stored now; the audit has it under the actor api.', DECIDED, 'not_found', 'conflict'),
});

/** Which posts show which content, and a person's word on it. */
export function boardMappingRoutes({ context }: ServerParts) {
  return createBoard()
    .openapi(listRoute, async (c) => {
      const { limit } = c.req.valid('query');
      const { db } = await context.openStore();
      const { posts, ...decided } = await countUnmappedPosts(db);
      const unmapped = posts - decided.confirmed - decided.suggested - decided.rejected;
      const suggestions = await listMappings(db, { status: 'suggested', limit });
      const open = await listUnmappedPosts(db, { isBare: true, limit });
      const data = {
        counts: { posts, ...decided, unmapped },
        suggestions: suggestions.map((row) => ({
          ...toPost({ ...row, id: row.post_id }),
          video_id: row.video_id,
          clip_id: row.clip_id,
          content_title: row.content_title,
          confidence: row.confidence_score,
          runner_up: row.runner_up_score,
          matched_by: row.matched_by,
          views_count: row.views,
        })),
        unmapped: open.map(toPost),
      };
      return c.json({ success: true as const, data }, 200);
    })
    .openapi(decideRoute, async (c) => {
      const body = c.req.valid('json');
      const { db } = await context.openStore();
      const mapping = await findMapping(db, Number(body.post_id));
      if (!mapping) throw new Failure('not_found', `There is no post ${body.post_id}.`);
      const verdict = toVerdict(mapping, body);
      if (!(await saveVerdict(context, verdict))) {
        throw new Failure('conflict', 'Somebody has decided on this post already; that stays.');
      }
      const { content, status } = verdict;
      const data = {
        post_id: body.post_id,
        status: status as 'confirmed' | 'rejected',
        video_id: content.kind === 'video' ? content.id : null,
        clip_id: content.kind === 'clip' ? content.id : null,
      };
      return c.json({ success: true as const, data }, 200);
    });
}

/** @returns false when another person was faster. */
async function saveVerdict(context: Context, verdict: Verdict): Promise<boolean> {
  const { db } = await context.openStore();
  try {
    return await savePersonVerdict(db, verdict, context.now(), true, 'api');
  } catch (error) {
    if (error instanceof SmstatsError && error.ending === 'not_found') throw new Failure('not_found', error.message);
    throw error;
  }
}

/** The person's word, with the score of the rule where it is about what the rule suggests. */
function toVerdict(mapping: Mapping, { decision, video_id: video, clip_id: clip }: Decision): Verdict {
  if (video !== undefined && clip !== undefined) {
    throw new Failure('bad_request', 'A post shows a video or a clip: give video_id or clip_id.');
  }
  const stored = contentOf(mapping.video_id, mapping.clip_id);
  const content = contentOf(video ?? null, clip ?? null) ?? stored;
  if (!content) throw new Failure('bad_request', 'Nothing is suggested for this post: give video_id or clip_id.');
  const isSuggested = stored?.kind === content.kind && stored.id === content.id;
  return {
    postId: mapping.post_id,
    content,
    status: decision === 'confirm' ? 'confirmed' : 'rejected',
    confidence: isSuggested ? (mapping.confidence_score ?? 1) : 1,
    matchedBy: isSuggested ? (mapping.matched_by ?? 'manual') : 'manual',
    runnerUpScore: isSuggested ? mapping.runner_up_score : null,
  };
}

function contentOf(video: string | null, clip: string | null): ContentKey | undefined {
  if (clip !== null) return { kind: 'clip', id: clip };
  return video === null ? undefined : { kind: 'video', id: video };
}

interface StoredPost {
  id: number;
  platform: string;
  username: string;
  external_post_id: string;
  post_url: string | null;
  posted_at: string | null;
  caption: string | null;
}

function toPost({ id, platform, username, external_post_id, post_url, posted_at, caption }: StoredPost) {
  return { post_id: String(id), platform, username, external_post_id, post_url: webLink(post_url), posted_at, caption };
}
