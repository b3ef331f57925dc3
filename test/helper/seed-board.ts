import type { Insertable, Kysely } from 'kysely';
import { parseHashtags } from '../../src/core/text.ts';
import { addDays, type Day } from '../../src/core/time.ts';
import type { Store } from '../../src/store/open.ts';
import type { Database, PostAnalyticsTable, PostTable, SnapshotTable } from '../../src/store/schema.ts';
import { insertAlerts, insertContent, insertFailures, insertOutcome } from './seed-board-events.ts';

/** Days of history. */
const DAYS = 400;
/** A post's numbers are kept so many days, and on the last day. */
const POST_DAYS = 45;
const BATCH = 400;

interface Account {
  platform: string;
  username: string;
  display_name: string;
  is_competitor?: number;
  /** Followers on the first and on the last day. */
  followers: [number, number];
  /** Of all posts on an average day; null where the platform does not tell. */
  viewsADay: number | null;
  posts: number;
  days?: number;
  /** Days before the last one without numbers. */
  gaps?: (daysAgo: number) => boolean;
}

const ACCOUNTS: Account[] = [
  {
    platform: 'tiktok',
    username: 'northcoastbakery',
    display_name: 'North Coast Bakery',
    followers: [11_840, 48_212],
    viewsADay: 9_400,
    posts: 36,
  },
  {
    platform: 'instagram',
    username: 'northcoastbakery',
    display_name: 'North Coast Bakery',
    followers: [8_310, 21_677],
    viewsADay: 3_100,
    posts: 28,
    gaps: (ago) => (ago >= 9 && ago <= 13) || ago % 47 === 20,
  },
  {
    platform: 'youtube',
    username: 'northcoastbakery',
    display_name: 'North Coast Bakery – the long rise',
    followers: [2_120, 5_604],
    viewsADay: 820,
    posts: 14,
  },
  {
    platform: 'bluesky',
    username: 'northcoast.bsky.social',
    display_name: 'North Coast Bakery',
    followers: [112, 431],
    viewsADay: null,
    posts: 10,
    days: 21,
  },
  {
    platform: 'threads',
    username: 'northcoastbakery',
    display_name: 'North Coast Bakery',
    followers: [1_840, 1_792],
    viewsADay: 240,
    posts: 8,
    days: 120,
    gaps: (ago) => ago < 4,
  },
  {
    platform: 'instagram',
    username: 'breadandsalt',
    display_name: 'Bread & Salt',
    is_competitor: 1,
    followers: [31_200, 34_950],
    viewsADay: 4_800,
    posts: 12,
  },
];

const CAPTIONS = [
  'Laminating 40 layers of butter before sunrise #croissant #baking #fyp',
  'Why our sourdough starter is older than the bakery #sourdough #bread',
  'Three flours, one loaf: which crust wins? #bread #tasteTest',
  'The scoring pattern everyone asks about, in slow motion #sourdough #baking',
  'What 78 % hydration really looks like #sourdough #bakingTips',
  'We baked for the whole harbour festival in one night #behindTheScenes #bakery',
  'Rhubarb, brown butter, sea salt. Back on Friday #pastry #seasonal',
  'How to rescue an over-proofed dough #bakingTips #bread',
  'Opening the shop at 4 a.m., one take #behindTheScenes #smallBusiness',
  'Your questions about rye, answered #rye #bread',
];

/** Puts a bakery with five accounts, a competitor and 400 days of numbers into an empty database. The same each time. */
export async function seedBoard({ db }: Store, today: Day): Promise<void> {
  const random = createRandom(7);
  for (const account of ACCOUNTS) {
    const id = await insertAccount(db, account, today);
    await insertDays(db, { ...account, id, today, random });
    await insertPosts(db, { ...account, id, today, random });
  }
  await insertFailures(db, today);
  await insertAlerts(db, today);
  await insertContent(db, today);
  await insertOutcome(db, today);
}

async function insertAccount(db: Kysely<Database>, account: Account, today: Day): Promise<number> {
  const { platform, username, display_name, is_competitor = 0 } = account;
  const isFailing = platform === 'threads';
  const { id } = await db
    .insertInto('social_media_accounts')
    .values({
      platform,
      username,
      display_name,
      is_competitor,
      brand: is_competitor ? username : 'north coast bakery',
      last_fetched_at: `${isFailing ? addDays(today, -4) : today}T03:00:1${platform.length % 10}.000Z`,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

interface Filling extends Account {
  id: number;
  today: Day;
  random: () => number;
}

async function insertDays(db: Kysely<Database>, account: Filling): Promise<void> {
  const { id, today, random, followers, viewsADay, posts, days = DAYS, gaps } = account;
  const [from, to] = followers;
  const rows: Insertable<SnapshotTable>[] = [];
  let views = viewsADay === null ? null : viewsADay * 210;
  for (let ago = days - 1; ago >= 0; ago--) {
    const day = addDays(today, -ago);
    const way = 1 - ago / (days - 1);
    if (views !== null && viewsADay !== null) {
      const weekend = [0, 6].includes(new Date(day).getUTCDay()) ? 1.45 : 1;
      const hit = ago > 15 && ago < 22 ? 2.6 : 1;
      views += Math.round(viewsADay * (0.4 + 0.6 * way) * weekend * hit * (0.7 + 0.6 * random()));
    }
    const likes =
      views === null ? Math.round(900 + 1400 * way) : Math.round(views * (0.081 + 0.004 * Math.sin(ago / 60)));
    const count = Math.round(from + (to - from) * way ** 1.35 + (ago === 0 ? 0 : (random() - 0.5) * from * 0.004));
    if (gaps?.(ago)) continue;
    const interactions = likes * 1.06;
    rows.push({
      account_id: id,
      snapshot_date: day,
      followers_count: count,
      following_count: 180 + Math.round(way * 40),
      posts_count: Math.round(posts * (0.4 + 0.6 * way)) + 60,
      total_views: views,
      total_likes: likes,
      total_comments: Math.round(likes * 0.04),
      total_shares: Math.round(likes * 0.02),
      engagement_rate: Number(((interactions / (views ?? count * posts)) * 100).toFixed(3)),
      engagement_basis: views === null ? 'followers' : 'views',
      provider_name: `${account.platform}-example`,
    });
  }
  await insertAll(rows, (batch) => db.insertInto('social_media_analytics_snapshots').values(batch).execute());
}

async function insertPosts(db: Kysely<Database>, account: Filling): Promise<void> {
  const { id, platform, username, today, random, posts, viewsADay, days = DAYS } = account;
  for (let index = 0; index < posts; index++) {
    const ago = Math.floor((index / posts) ** 1.6 * Math.min(days - 2, 300)) + 1;
    const postedAt = `${addDays(today, -ago)}T${String(7 + ((index * 5) % 14)).padStart(2, '0')}:30:00.000Z`;
    const caption = CAPTIONS[(index * 3 + platform.length) % CAPTIONS.length] as string;
    const external = `7540${String(id * 1000 + index).padStart(15, '0')}`;
    const post: Insertable<PostTable> = {
      account_id: id,
      platform,
      external_post_id: external,
      post_url: `https://example.com/${platform}/${username}/${external}`,
      caption,
      media_type: platform === 'bluesky' || platform === 'threads' ? 'text' : index % 4 === 3 ? 'carousel' : 'video',
      duration: platform === 'youtube' ? 640 + index * 13 : 18 + (index % 5) * 9,
      posted_at: postedAt,
    };
    const row = await db.insertInto('social_media_posts').values(post).returning('id').executeTakeFirstOrThrow();
    await insertHashtags(db, row.id, caption);
    const reach = (viewsADay ?? 300) * (0.6 + 3.4 * random() ** 3);
    await insertPostDays(db, { postId: row.id, ago, reach, hasViews: viewsADay !== null, today, platform });
  }
}

interface PostDays {
  postId: number;
  ago: number;
  /** Views that it comes to. */
  reach: number;
  hasViews: boolean;
  today: Day;
  platform: string;
}

async function insertPostDays(
  db: Kysely<Database>,
  { postId, ago, reach, hasViews, today, platform }: PostDays,
): Promise<void> {
  const rows: Insertable<PostAnalyticsTable>[] = [];
  for (let age = 0; age <= ago; age++) {
    if (age > POST_DAYS && age < ago) continue;
    const views = Math.round(reach * (1 - Math.exp(-(age + 0.6) / 4)));
    const likes = Math.round(views * 0.081);
    rows.push({
      post_id: postId,
      snapshot_date: addDays(today, age - ago),
      views_count: hasViews ? views : null,
      likes_count: likes,
      comments_count: Math.round(likes * 0.05),
      shares_count: Math.round(likes * 0.03),
      engagement_rate: hasViews ? Number(((likes * 108) / Math.max(views, 1)).toFixed(3)) : null,
      engagement_basis: hasViews ? 'views' : null,
      provider_name: `${platform}-example`,
    });
  }
  await insertAll(rows, (batch) => db.insertInto('social_media_post_analytics').values(batch).execute());
}

async function insertHashtags(db: Kysely<Database>, postId: number, caption: string): Promise<void> {
  for (const { tag, written } of parseHashtags(caption)) {
    await db
      .insertInto('social_media_hashtags')
      .values({ tag, written })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { id } = await db
      .selectFrom('social_media_hashtags')
      .select('id')
      .where('tag', '=', tag)
      .executeTakeFirstOrThrow();
    await db.insertInto('social_media_post_hashtags').values({ hashtag_id: id, post_id: postId }).execute();
  }
}

async function insertAll<Row>(rows: readonly Row[], insert: (batch: Row[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH) await insert(rows.slice(start, start + BATCH));
}

/** Numbers from 0 to 1 that look random and are the same each time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
