import type { Kysely } from 'kysely';
import type { MediaType, Post } from '../core/account.ts';
import { SmstatsError, UsageError } from '../core/errors.ts';
import { POST_METRICS, type PostMetrics } from '../core/metric.ts';
import type { Day } from '../core/time.ts';
import { engagementOf } from '../insight/engagement.ts';
import { findFollowersOn, findPostDay, findRecordedPost } from '../query/find-recorded-post.ts';
import { findPosts } from '../query/find-posts.ts';
import type { AccountRow } from '../store/account.ts';
import { saveAudit } from '../store/audit.ts';
import type { PostRate } from '../store/post.ts';
import { lockAccount, saveRecordedDay, saveRecordedPost } from '../store/recorded-post.ts';
import type { Database } from '../store/schema.ts';
import type { FieldValue } from './field.ts';
import { findPostName } from './post-name.ts';
import type { Recorded } from './save-known.ts';
import type { Recorder } from './who.ts';

type Values = Readonly<Record<string, FieldValue>>;
type Row = Record<string, unknown>;

/**
 * Keeps a post's numbers of a day, by the rules of fetching: the newest known values stay, the engagement rate is of all
 * that is known, unless one is given. A post that is not there yet is added.
 */
export async function recordContent(
  trx: Kysely<Database>,
  account: AccountRow,
  day: Day,
  values: Values,
  who: Recorder,
): Promise<Recorded<Row>> {
  await lockAccount(trx, account.id);
  const { externalId, url } = await findPostName(trx, account, values);
  const [stored] = await findPosts(trx, { ids: [externalId], platform: account.platform });
  const before = stored && (await findRecordedPost(trx, stored.id));
  if (before && before.account_id !== account.id) {
    throw new UsageError(`The post ${externalId} is stored under @${stored.username}.`, 'give that account instead');
  }
  const post = toPost(externalId, url, values);
  const tagged = withHashtags(post.caption, before?.caption ?? null, values['hashtags']);
  const postId = await saveRecordedPost(trx, account, post, tagged);
  const after = (await findRecordedPost(trx, postId)) as Row;
  const posts = { table: 'social_media_posts', before, after, isChanged: differs(before, after) };
  if (before && posts.isChanged && (await isSample(trx, postId))) {
    throw new SmstatsError('usage', `The numbers of that post are the sample's.`, {
      hint: 'record posts of your own account',
    });
  }
  await audit(trx, posts, postId, who);
  const days = await saveDay(trx, account, postId, day, values);
  if (!days) return posts;
  await audit(trx, days, `${postId} ${day}`, who);
  return { ...days, isChanged: days.isChanged || posts.isChanged };
}

/** The text that a post's hashtags are read from: its caption, and those that were given beside it. */
function withHashtags(caption: string | null, known: string | null, given: FieldValue | undefined): string | null {
  if (given === undefined) return caption;
  const names = (JSON.parse(String(given)) as string[]).flatMap((name) => name.split(/[\s#＃]+/)).filter(Boolean);
  return [caption ?? known ?? '', ...names.map((name) => `#${name}`)].join(' ');
}

/** What the sample says of its posts is not a person's to change: it would stand beside numbers that are not real. */
async function isSample(trx: Kysely<Database>, postId: number): Promise<boolean> {
  const days = trx.selectFrom('social_media_post_analytics').select('post_id').where('post_id', '=', postId);
  return (await days.where('provider_name', '=', 'sample').limit(1).execute()).length > 0;
}

function toPost(externalId: string, url: string | null, values: Values): Post {
  const text = (column: string) => (values[column] === undefined ? null : String(values[column]));
  const postedAt = text('posted_at');
  return {
    externalId,
    url,
    caption: text('caption'),
    mediaType: text('media_type') as MediaType | null,
    thumbnailUrl: null,
    mediaUrl: null,
    duration: typeof values['duration'] === 'number' ? values['duration'] : null,
    postedAt: postedAt === null ? null : new Date(postedAt),
    metrics: readMetrics(values, ''),
  };
}

function readMetrics(row: Readonly<Record<string, unknown>>, suffix: string): PostMetrics {
  const of = (name: string) => row[`${name}${suffix}`];
  return Object.fromEntries(
    POST_METRICS.map((name) => [name, typeof of(name) === 'number' ? of(name) : null]),
  ) as PostMetrics;
}

/** @returns nothing when there is no number to keep. */
async function saveDay(
  trx: Kysely<Database>,
  account: AccountRow,
  postId: number,
  day: Day,
  values: Values,
): Promise<Recorded<Row> | undefined> {
  const given = readMetrics(values, '');
  const rate = values['engagement_rate'];
  if (rate === undefined && Object.values(given).every((value) => value === null)) return undefined;
  const before = await findPostDay(trx, postId, day);
  if (before?.provider_name === 'sample') {
    throw new SmstatsError('usage', `The numbers of that post on ${day} are the sample's.`, {
      hint: 'record posts of your own account, or another day',
    });
  }
  const earlier = readMetrics(before ?? {}, '_count');
  const metrics = Object.fromEntries(POST_METRICS.map((name) => [name, given[name] ?? earlier[name]])) as PostMetrics;
  const engagement = await judge(trx, account, day, values, metrics, before);
  const changed = { ...toColumns(metrics), engagement_rate: engagement.rate, engagement_basis: engagement.basis };
  const table = 'social_media_post_analytics';
  if (before && !differs(before, { ...before, ...changed })) return { table, before, after: before, isChanged: false };
  await saveRecordedDay(trx, postId, day, metrics, engagement);
  return { table, before, after: (await findPostDay(trx, postId, day)) as Row, isChanged: true };
}

/** The rate that is given, else the one that follows from the counts, else the one that was known. */
async function judge(
  trx: Kysely<Database>,
  account: AccountRow,
  day: Day,
  values: Values,
  metrics: PostMetrics,
  before: { engagement_rate: number | null; engagement_basis: string | null } | undefined,
): Promise<PostRate> {
  const { engagement_rate: rate, engagement_basis: basis } = values;
  if (typeof rate === 'number') return { rate, basis: basis === undefined ? null : String(basis) };
  const computed = engagementOf(metrics, await findFollowersOn(trx, account.id, day));
  if (computed.rate !== null || !before) return computed;
  return { rate: before.engagement_rate, basis: before.engagement_basis };
}

function toColumns(metrics: PostMetrics): Row {
  return Object.fromEntries(POST_METRICS.map((name) => [`${name}_count`, metrics[name]]));
}

function differs(before: object | undefined, after: Row): boolean {
  return !before || Object.entries(before).some(([column, value]) => after[column] !== value);
}

async function audit(
  trx: Kysely<Database>,
  saved: Recorded<Row>,
  rowId: number | string,
  who: Recorder,
): Promise<void> {
  const { table, before, after, isChanged } = saved;
  if (isChanged) await saveAudit(trx, { action: 'record', table, rowId, before, after }, who.actor);
}
