import { SmstatsError, UsageError } from '../../core/errors.ts';
import { identifyPost, parsePostUrl } from '../../core/post-url.ts';
import { nearest } from '../../core/text.ts';
import type { Context } from '../../context.ts';
import { findPosts, listPostUrls } from '../../query/find-posts.ts';
import { listContentToMatch } from '../../query/list-content-to-match.ts';
import { reopenPost, savePersonVerdict, unlinkPost, type ContentKey } from '../../store/mapping.ts';

/** Links one post by hand. @returns the exit code. */
export async function linkPost(
  context: Context,
  post: string,
  options: { video?: string; clip?: string; confidence?: number },
): Promise<number> {
  const { db } = await context.openStore();
  const content = await requireContent(context, options);
  const found = await requirePost(context, post);
  await savePersonVerdict(
    db,
    {
      postId: found.id,
      content,
      status: 'confirmed',
      confidence: options.confidence ?? 1,
      matchedBy: 'manual',
    },
    context.now(),
  );
  await printChange(context, 'map', { ...found, ...toIds(content) }, `is linked to ${content.kind} ${content.id}`);
  return 0;
}

/** Takes the link of a post back. @returns the exit code. */
export async function unlink(context: Context, post: string): Promise<number> {
  const { db } = await context.openStore();
  const found = await requirePost(context, post);
  const before = await unlinkPost(db, found.id, context.now());
  if (!before) {
    throw new SmstatsError('not_found', `${found.platform} ${found.external_post_id} is linked to nothing.`, {
      hint: 'smstats map --list',
    });
  }
  const { video_id, clip_id, status } = before;
  const what = clip_id === null ? `video ${video_id}` : `clip ${clip_id}`;
  const said =
    status === 'rejected'
      ? `was refused for ${what} already; smstats map --reopen ${post} lets the rules decide again`
      : `is linked to ${what} no longer, and no rule will link it again`;
  await printChange(context, 'map --unlink', { ...found, video_id, clip_id }, said);
  return 0;
}

/** Forgets what was said of a post. @returns the exit code. */
export async function reopen(context: Context, post: string): Promise<number> {
  const { db } = await context.openStore();
  const found = await requirePost(context, post);
  const before = await reopenPost(db, found.id);
  const { video_id = null, clip_id = null } = before ?? {};
  const said = before ? 'is open again: rules may link it' : 'was open already';
  await printChange(context, 'map --reopen', { ...found, video_id, clip_id }, said);
  return 0;
}

/** The stored post that a URL or an id means. @throws SmstatsError when there is none, or more than one. */
async function requirePost(context: Context, text: string) {
  const { db } = await context.openStore();
  const given = text.trim();
  const parsed = parsePostUrl(given);
  const named = parsed?.kind === 'post' ? parsed : undefined;
  const isUrl = parsed !== undefined || /^[a-z]+:\/\//i.test(given);
  let posts = await findPosts(db, {
    ids: named?.ids ?? (isUrl ? [] : [given]),
    platform: named?.platform,
    url: isUrl ? given : undefined,
  });
  // Each instance of Mastodon numbers its own posts.
  if (named?.platform === 'mastodon')
    posts = posts.filter(({ post_url: url }) => identifyPost(url ?? '') === named.key);
  if (named && posts.length === 0) {
    const urls = await listPostUrls(db, named.platform);
    const rowIds = urls.filter((each) => identifyPost(each.post_url) === named.key).map(({ id }) => id);
    if (rowIds.length > 0) posts = await findPosts(db, { ids: [], rowIds });
  }
  const [post] = posts;
  if (post && posts.length === 1) return post;
  if (posts.length > 1) {
    const platforms = posts.map(({ platform }) => platform).join(', ');
    throw new UsageError(`"${given}" is the id of several posts (${platforms}).`, 'give the URL of the post');
  }
  if (parsed?.kind === 'short-link') {
    throw new UsageError(
      `${given} is a short link: only ${parsed.platform} knows which post it leads to.`,
      'open it, and give the address that the browser shows then',
    );
  }
  if (parsed?.kind === 'profile') {
    throw new UsageError(`${given} is a profile, not a post.`, 'smstats map lists the posts');
  }
  const hint = named?.username
    ? `smstats fetch ${named.platform} ${named.username}`
    : 'smstats map lists the posts; smstats fetch brings new ones';
  throw new SmstatsError('not_found', `There is no post "${given}" in the database.`, { hint });
}

async function requireContent(
  context: Context,
  { video, clip }: { video?: string; clip?: string },
): Promise<ContentKey> {
  const { db } = await context.openStore();
  const given = (clip ?? video ?? '').trim();
  const kind = clip === undefined ? 'video' : 'clip';
  const all = (await listContentToMatch(db)).filter((each) => each.kind === kind);
  // Accents may be written as one character or as two.
  const found =
    all.find(({ id }) => id === given) ?? all.find(({ id }) => id.normalize('NFC') === given.normalize('NFC'));
  if (found) return { kind, id: found.id };
  const guess = nearest(
    given,
    all.map(({ id }) => id),
  );
  throw new SmstatsError('not_found', `There is no ${kind} "${given}".`, {
    hint: guess === undefined ? `smstats content add ${JSON.stringify(given)} --title …` : `did you mean ${guess}?`,
  });
}

function toIds(content: ContentKey) {
  return {
    video_id: content.kind === 'video' ? content.id : null,
    clip_id: content.kind === 'clip' ? content.id : null,
  };
}

type Change = Awaited<ReturnType<typeof findPosts>>[number] & { video_id: string | null; clip_id: string | null };

async function printChange(context: Context, command: string, change: Change, what: string): Promise<void> {
  if (context.format === 'table') {
    context.say(`${change.platform} ${change.external_post_id} ${what}`);
    return;
  }
  const columns = (['platform', 'username', 'external_post_id', 'video_id', 'clip_id'] as const).map(
    (key) => ({ key, label: key, kind: 'text' }) as const,
  );
  await context.print({ command, data: change, sections: [{ columns, rows: [change] }] });
}
