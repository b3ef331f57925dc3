import type { Kysely } from 'kysely';
import { POST_METRICS, type PostMetrics } from '../core/metric.ts';
import { engagementOf, weightedEngagement } from '../insight/engagement.ts';
import { findProvider } from '../provider/index.ts';
import { findAccountTotals } from '../query/find-account-totals.ts';
import { findStoredAccount } from '../query/find-stored-account.ts';
import { listDayMetrics } from '../query/list-day-metrics.ts';
import { deleteProviderRows, saveProfile } from '../store/account.ts';
import { saveAudience, saveDailyInsights } from '../store/insight.ts';
import { completeJob } from '../store/job.ts';
import { adoptPosts, saveHashtags, savePostAnalytics, savePosts } from '../store/post.ts';
import type { Claim } from '../store/claims.ts';
import type { Database } from '../store/schema.ts';
import { saveSnapshot } from '../store/snapshot.ts';
import { inTransaction } from '../store/transaction.ts';
import type { ProviderAnswer } from './ask-providers.ts';
import { keepExact } from './keep-exact.ts';
import type { Ledger } from './ledger.ts';
import { findRenamed, settleOwnership } from './ownership.ts';

export interface SavedAccount {
  account: { id: number; platform: string; username: string };
  claim: Claim;
  day: string;
  now: Date;
}

export interface SavedOutcome {
  replacesSample: boolean;
  note: string | null;
}

const SAMPLE = 'sample';

/**
 * Saves an account whole, in one transaction: profile, posts, their metrics and hashtags, the day's snapshot, insights
 * and audience, the request outcomes and the job's end. Whatever happens before the commit leaves the last state as it was.
 * @returns whether real numbers took the place of the sample's, and what the job row says.
 */
export async function saveAccount(
  db: Kysely<Database>,
  saved: SavedAccount,
  answered: ProviderAnswer,
  ledger: Ledger,
): Promise<SavedOutcome> {
  const { account, day, now } = saved;
  const { providerName } = answered;
  return inTransaction(db, async (trx) => {
    await saved.claim.confirm(trx);
    let stored = await findStoredAccount(trx, account, answered.answer, day);
    const { answer: owned, remarks } = settleOwnership(account, answered.answer, stored);
    const answer = { ...owned, posts: keepExact(owned.posts, answered.reports, stored) };
    await adoptPosts(trx, account.id, await findRenamed(trx, account.id, answer.posts, stored));
    const replacesSample = stored.hasSample && providerName !== SAMPLE;
    if (replacesSample) {
      const kept = answer.posts.map(({ externalId }) => externalId);
      await deleteProviderRows(trx, account.id, SAMPLE, kept);
      stored = await findStoredAccount(trx, account, answer, day);
    }

    await saveProfile(trx, account.id, answer.profile, now);
    // A later answer of the day that leaves the followers out does not take the rates away that are of followers.
    const knownFollowers = answer.profile.followers ?? stored.followers;
    await savePostsOfDay(trx, saved, { ...answered, answer }, stored, knownFollowers);

    const totals = await findAccountTotals(trx, account.id);
    const { followers, following, posts } = answer.profile;
    const engagement = weightedEngagement(totals.byBasis, knownFollowers);
    await saveSnapshot(trx, {
      account_id: account.id,
      snapshot_date: day,
      followers_count: followers,
      following_count: following,
      posts_count: posts,
      total_likes: totals.likes,
      total_comments: totals.comments,
      total_views: totals.views,
      total_shares: totals.shares,
      engagement_rate: engagement.rate,
      engagement_basis: engagement.basis,
      avg_likes_per_post: totals.averageLikes,
      avg_comments_per_post: totals.averageComments,
      provider_name: providerName,
      captured_at: now.toISOString(),
    });
    const reporter = { account, providerName, goesBefore: (other: string) => goesBefore(providerName, other) };
    await saveDailyInsights(trx, reporter, answer.days ?? []);
    if (answer.audience) await saveAudience(trx, reporter, day, answer.audience);
    await ledger.settle(trx);
    const note = [answered.note, ...remarks].filter((each) => each !== null).join('; ') || null;
    await completeJob(trx, saved.claim.jobId, { providerName, posts: answer.posts.length, note }, now);
    return { replacesSample, note };
  });
}

async function savePostsOfDay(
  trx: Kysely<Database>,
  { account, day }: SavedAccount,
  { answer, providerName }: ProviderAnswer,
  stored: Awaited<ReturnType<typeof findStoredAccount>>,
  followers: number | null,
): Promise<void> {
  const ids = await savePosts(trx, account, answer.posts);
  const earlier = stored.hasDay ? await listDayMetrics(trx, day, [...ids.values()]) : new Map<number, PostMetrics>();
  const rows = answer.posts.map(({ externalId, metrics }) => {
    const id = ids.get(externalId) as number;
    const merged = mergeMetrics(metrics, earlier.get(id));
    return { id, metrics: merged, engagement: engagementOf(merged, followers) };
  });
  await savePostAnalytics(trx, day, providerName, rows);
  const changed = answer.posts.filter(
    ({ externalId, caption }) => caption !== null && caption !== stored.posts.get(externalId)?.caption,
  );
  await saveHashtags(
    trx,
    changed.map(({ externalId, caption }) => ({ id: ids.get(externalId) as number, caption: caption as string })),
  );
}

/** What a platform says itself goes before what others estimate of it. */
function goesBefore(provider: string, other: string): boolean {
  return !isEstimating(provider) && isEstimating(other);
}

function isEstimating(provider: string): boolean {
  return findProvider(provider)?.estimates ?? false;
}

/** The newest known value of each metric of a day: a later answer that leaves one out does not erase it. */
function mergeMetrics(newer: PostMetrics, earlier: PostMetrics | undefined): PostMetrics {
  if (!earlier) return newer;
  return Object.fromEntries(POST_METRICS.map((name) => [name, newer[name] ?? earlier[name]])) as PostMetrics;
}
