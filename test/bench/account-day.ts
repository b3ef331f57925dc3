import type SqliteDatabase from 'better-sqlite3';
import { saveAccount } from '../../src/collect/save-account.ts';
import type { Ledger } from '../../src/collect/ledger.ts';
import type { AccountAnswer, Post } from '../../src/core/account.ts';
import { startJob } from '../../src/store/job.ts';
import type { Store } from '../../src/store/open.ts';
import { analyticsRow, PROVIDER } from './history.ts';

/** An account with its posts as they are stored. */
export interface StoredPosts {
  id: number;
  platform: string;
  username: string;
  posts: (Omit<Post, 'metrics'> & { rowId: number })[];
}

/** A ledger for work that sends no requests. */
const SILENT: Ledger = {
  sent: 0,
  count: () => Promise.reject(new Error('no request is sent here')),
  settle: () => Promise.resolve(),
};

/** One account at a time with what is stored of its posts. */
export function* listStoredPosts(connection: SqliteDatabase.Database): Generator<StoredPosts> {
  const accounts = connection.prepare('SELECT id, platform, username FROM social_media_accounts ORDER BY id').all();
  const posts = connection.prepare('SELECT * FROM social_media_posts WHERE account_id = ? ORDER BY id');
  for (const account of accounts as Omit<StoredPosts, 'posts'>[]) {
    const rows = posts.all(account.id) as Record<string, never>[];
    yield {
      ...account,
      posts: rows.map((row) => ({
        rowId: row['id'] as unknown as number,
        externalId: row['external_post_id'] as unknown as string,
        url: row['post_url'] ?? null,
        caption: row['caption'] ?? null,
        mediaType: 'video',
        thumbnailUrl: null,
        mediaUrl: null,
        duration: row['duration'] ?? null,
        postedAt: new Date(row['posted_at'] as unknown as string),
      })),
    };
  }
}

/** What a provider would answer about an account on a later day. */
export function answerOf({ id, posts }: StoredPosts, day: string, dayIndex: number): AccountAnswer {
  return {
    profile: {
      externalId: String(id),
      displayName: `User ${id}`,
      bio: null,
      profilePicUrl: null,
      isVerified: false,
      isBusiness: null,
      followers: 10_000 + id * 37 + dayIndex * 12,
      following: 180,
      posts: posts.length,
    },
    posts: posts.map(({ rowId, ...post }) => {
      const [, , likes, comments, views, shares, saves] = analyticsRow(day, dayIndex, rowId);
      return { ...post, metrics: { likes, comments, views, shares, saves, reach: null, impressions: null } };
    }),
  };
}

/** Opens a job for an account, so that there is one to complete. */
export function openJob(store: Store, accountId: number, day: string): Promise<number> {
  return startJob(store.db, accountId, day, instantOf(day));
}

/** Saves an account's day as the pipeline does, in a transaction of its own. */
export async function saveDay(
  store: Store,
  account: StoredPosts,
  answer: AccountAnswer,
  job: { id: number; day: string },
): Promise<void> {
  // Nobody else wants the account: taking and giving back locks is not what is measured.
  const claim = { jobId: job.id, confirm: () => Promise.resolve(), release: () => Promise.resolve() };
  const saved = { account, claim, day: job.day, now: instantOf(job.day) };
  await saveAccount(store.db, saved, { answer, providerName: PROVIDER, note: null }, SILENT);
}

function instantOf(day: string): Date {
  return new Date(`${day}T03:00:00Z`);
}
