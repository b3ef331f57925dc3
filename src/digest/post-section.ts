import { truncate } from '../core/text.ts';
import { dayIn } from '../core/time.ts';
import type { DigestColumn, DigestSection } from './column.ts';
import type { Digest } from './digest.ts';

const CAPTION: DigestColumn = { key: 'caption', label: 'Post', kind: 'text', link: 'post_url', isElastic: true };

/** Posts by what they gained. */
export function topPostsSection({ top_posts: posts, timezone }: Digest): DigestSection {
  return {
    id: 'top-posts',
    title: 'Posts that gained the most views',
    note: 'Reporting period: gained between the two days beside them, by new posts and by older ones.',
    columns: [
      CAPTION,
      { key: 'account', label: 'Account', kind: 'handle' },
      { key: 'posted', label: 'Published', kind: 'day' },
      { key: 'views_gained', label: 'Views gained', kind: 'delta' },
      { key: 'likes_gained', label: 'Likes gained', kind: 'delta' },
      { key: 'start_date', label: 'from', kind: 'day' },
      { key: 'end_date', label: 'to', kind: 'day' },
    ],
    rows: posts.map((post) => ({
      ...post,
      caption: captionOf(post),
      account: post.username,
      posted: dayOf(post.posted_at, timezone),
    })),
  };
}

/** New posts beside those before them. */
export function agedSection({ aged_posts: { age_hours: age, posts }, timezone }: Digest): DigestSection {
  return {
    id: 'equal-age',
    title: `New posts at equal age: ${age} hours`,
    note:
      `Posts that turned ${age} hours old in these days, beside the median of the 20 to 30 posts before each, ` +
      'of its account and media type, at the same age.',
    columns: [
      CAPTION,
      { key: 'account', label: 'Account', kind: 'handle' },
      { key: 'posted', label: 'Published', kind: 'day' },
      { key: 'value', label: `at ${age} hours`, kind: 'count' },
      { key: 'baseline', label: 'usual', kind: 'count' },
      { key: 'metric', label: 'of', kind: 'text' },
      { key: 'times', label: 'times usual', kind: 'score' },
    ],
    rows: posts.map((post) => ({
      caption: captionOf(post),
      post_url: post.post_url,
      account: post.username,
      posted: dayOf(post.posted_at, timezone),
      value: post.value,
      baseline: post.baseline,
      metric: post.metric,
      times: Math.exp(post.score),
    })),
  };
}

/** What posts were tagged with. */
export function hashtagSection({ hashtags }: Digest): DigestSection {
  return {
    id: 'hashtags',
    title: 'Hashtags of the posts published',
    note: 'Views are lifetime, of the posts of these days whose views are known. That many carry it says nothing of what it does.',
    columns: [
      { key: 'hashtag', label: 'Hashtag', kind: 'text' },
      { key: 'posts', label: 'Posts', kind: 'count' },
      { key: 'posts_before', label: 'before', kind: 'count' },
      { key: 'views', label: 'Views', kind: 'count' },
      { key: 'views_posts', label: 'of posts', kind: 'count' },
    ],
    rows: hashtags.map(({ written, ...tag }) => ({ ...tag, hashtag: `#${written}` })),
  };
}

/** A caption may be long, and may be missing. */
function captionOf({ caption, external_post_id: id }: { caption: string | null; external_post_id: string }): string {
  const text = (caption ?? '').replaceAll(/\s+/g, ' ').trim();
  return text === '' ? id : truncate(text, 120);
}

function dayOf(instant: string | null, timezone: string): string | null {
  return instant === null ? null : dayIn(timezone, new Date(instant));
}
