import { cpSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { makeAccount, type TikwmAccount } from '../helper/tikwm-server.ts';
import { runCli } from '../helper/run-cli.ts';
import { configure, makeDirectory, TIMEZONE } from './process.ts';

/** The day that every history begins with; all others are later. */
const FIRST_DAY = new Date('2026-01-01T12:00:00Z');

/** The account as it was on the first day: 40 posts, two pages. */
function makeOldAccount(): TikwmAccount {
  return makeAccount(40);
}

/** The account as it is now: two posts and many views more, other words, one post gone. */
function makeNewAccount(): TikwmAccount {
  const videos = makeAccount(43).videos.slice(0, 42);
  return {
    followers: 2222,
    following: 22,
    videoCount: 42,
    videos: videos.map((video, index) => ({
      ...video,
      title: index % 5 === 0 ? `New words ${index} #fresh${index % 3}` : video['title'],
      play_count: 5000 + index,
    })),
  };
}

/** Makes a home in which `anna` has a first day. @returns the home; tests work on copies of it. */
export async function makeHistory(server: { url: string; accounts: Map<string, TikwmAccount> }): Promise<string> {
  const home = makeDirectory();
  configure(home, server.url);
  server.accounts.set('anna', makeOldAccount());
  const env = { RAPIDAPI_KEY: 'a-key-for-tests', SMSTATS_TIMEZONE: TIMEZONE };
  const { code, stderr } = await runCli(['fetch', 'tiktok', 'anna'], { home, env, now: FIRST_DAY });
  if (code !== 0) throw new Error(stderr);
  const db = new SqliteDatabase(join(home, 'smstats.db'));
  db.exec("UPDATE social_media_accounts SET display_name = 'The old name'");
  db.close();
  server.accounts.set('anna', makeNewAccount());
  return home;
}

/** Copies a home whose database nobody has open. */
export function copyHome(home: string, to = makeDirectory()): string {
  cpSync(home, to, { recursive: true });
  return to;
}

/** What the database of a home says, and whether it is sound. */
export interface State {
  integrity: unknown;
  orphans: unknown[];
  /** Everything stored about accounts, without instants. */
  content: string;
  completedJobs: number;
  runningJobs: number;
}

const CONTENT = [
  `SELECT id, platform, username, display_name, bio, external_id, is_verified, is_active FROM social_media_accounts`,
  `SELECT s.account_id, s.snapshot_date > '2026-01-02' AS is_later, followers_count, following_count, posts_count,
     total_likes, total_comments, total_views, total_shares, engagement_rate, engagement_basis, provider_name
   FROM social_media_analytics_snapshots s ORDER BY account_id, snapshot_date`,
  `SELECT id, account_id, external_post_id, caption, post_url, duration, posted_at FROM social_media_posts ORDER BY id`,
  `SELECT a.post_id, a.snapshot_date > '2026-01-02' AS is_later, likes_count, comments_count, views_count, shares_count,
     saves_count, engagement_rate, engagement_basis FROM social_media_post_analytics a ORDER BY snapshot_date, post_id`,
  `SELECT post_id, first_date > '2026-01-02' AS starts_later, latest_date > '2026-01-02' AS ends_later, likes_count,
     views_count FROM social_media_post_range ORDER BY post_id`,
  `SELECT h.tag, x.post_id FROM social_media_post_hashtags x JOIN social_media_hashtags h ON h.id = x.hashtag_id
   ORDER BY h.tag, x.post_id`,
];

/** Looks at a database the way the next process would. */
export function readState(home: string): State {
  const db = new SqliteDatabase(join(home, 'smstats.db'));
  try {
    const count = (status: string) =>
      db.prepare('SELECT count(*) FROM analytics_fetch_jobs WHERE status = ?').pluck().get(status) as number;
    return {
      integrity: db.pragma('integrity_check', { simple: true }),
      orphans: db.pragma('foreign_key_check') as unknown[],
      content: JSON.stringify(CONTENT.map((sql) => db.prepare(sql).all())),
      completedJobs: count('completed'),
      runningJobs: count('running'),
    };
  } finally {
    db.close();
  }
}
