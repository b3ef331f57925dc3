import { SmstatsError } from '../../core/errors.ts';
import { identifyPost } from '../../core/post-url.ts';
import type { Context } from '../../context.ts';
import { DEFAULT_THRESHOLDS, type MatchPost, type Thresholds } from '../../match/content.ts';
import { createMatcher, type Matcher } from '../../match/matcher.ts';
import { listContentToMatch } from '../../query/list-content-to-match.ts';
import type { PostToMatch } from '../../query/list-posts-to-match.ts';

/**
 * The rules, over everything that the user made.
 * @throws SmstatsError when the user has told of no content yet.
 */
export async function loadMatcher(context: Context, thresholds: Thresholds = DEFAULT_THRESHOLDS): Promise<Matcher> {
  const content = await listContentToMatch((await context.openStore()).db);
  if (content.length === 0) {
    throw new SmstatsError('not_found', 'There is nothing to link posts to yet.', {
      hint: 'smstats content import <file.csv>, or smstats content add <id> --title …',
    });
  }
  return createMatcher(
    content.map(({ hashtags, published_at: publishedAt, video_id: videoId, ...rest }) => ({
      ...rest,
      videoId,
      hashtags: hashtags === null ? [] : hashtags.split(/[\s,#]+/).filter((tag) => tag !== ''),
      publishedAt,
    })),
    { thresholds, identify: identifyPost },
  );
}

export function toMatchPost(post: PostToMatch): MatchPost {
  const {
    id,
    platform,
    external_post_id: externalPostId,
    post_url: url,
    caption,
    duration,
    posted_at: postedAt,
  } = post;
  return { id, platform, externalPostId, url, caption, duration, postedAt };
}
