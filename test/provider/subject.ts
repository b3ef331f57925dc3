import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostMetric } from '../../src/core/metric.ts';
import type { ReportedQuota } from '../../src/core/quota.ts';
import type { Provider } from '../../src/provider/provider.ts';

/** A post as the contract thinks of it. Metrics are what the vendor sends, sane or not; one left out is not sent. */
export interface FakePost {
  id: string;
  caption: string;
  /** Epoch seconds. */
  postedAt: number;
  isPinned: boolean;
  metrics: Partial<Record<PostMetric, unknown>>;
}

/** An account as the contract thinks of it, its posts in the pages in which the vendor sends them. */
export interface FakeAccount {
  id: string;
  displayName: string;
  followers: unknown;
  following: unknown;
  posts: unknown;
  pages: FakePost[][];
}

/** A request that the provider has to send, and what it is answered. */
export interface Exchange {
  path: string;
  query: Record<string, string>;
  /** Where it is sent, when not to the base URL. */
  origin?: string;
  /** Sent with POST. */
  sent?: unknown;
  body: unknown;
  /** Of the answer. */
  headers?: Record<string, string>;
}

/** A reply of the vendor's own. */
export interface Canned {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** A field that may be renamed one day: its key on the wire, and how an error must name it. */
export interface WireField {
  key: string;
  path: string;
  /** True where it is asked for apart: an account can do without it, and a remark names it instead. */
  isOptional?: boolean;
}

/** Why a case says nothing about a provider, with the fact that makes it so. */
export interface Exemption {
  because: string;
  holds(provider: Provider): boolean;
}

/** How one vendor's replies look. A new provider needs one: the contract does not compile without it. */
export interface NetworkSubject {
  kind: 'network';
  username: string;
  /** Posts that one request brings at most. */
  pageSize: number;
  /** Everything that is asked about an account when `posts` of its posts are wanted, in order. */
  exchanges(account: FakeAccount, posts: number): Exchange[];
  /** Requests that are foreseen besides, for what the vendor may refuse to answer at once. */
  spareRequests?: number;
  /** What a provider makes of an id; the same when left out. Bluesky's id of a post holds that of the account. */
  toExternalId?(id: string): string;
  /** Null where the vendor gives none that is good outside of the app. */
  toAccountId?(id: string): string | null;
  /** How the URL of a post writes its id; the same when left out. Instagram's has it in base 64. */
  toUrlId?(id: string): string;
  /** What it tells, but not of posts of the kind that these replies hold. */
  untoldMetrics?: readonly PostMetric[];
  /** False where ids stand in none of the replies, but in the URLs of posts. */
  sendsIds?: boolean;
  /** Each replaces the first reply. */
  unknownUser: Canned[];
  /** What is asked before an account is known not to exist, when one reply does not tell. */
  afterUnknownUser?: Exchange[];
  privateUser: Canned[];
  refusedKey: Canned[];
  spentQuota: Canned[];
  /** The first replies when the key is of another account; for those that know no other. */
  otherOwner?: Canned | Canned[];
  /** "Slow down" without saying for how long. */
  tooFast: Canned;
  /** An error that may pass and that repeats what it was sent. */
  complaint(said: string): Canned;
  /** Headers with which the vendor tells its quota, and how they are to be read at 2026-11-22T10:00:00Z. */
  quotaHeaders?: { headers: Record<string, string>; expected: ReportedQuota };
  /** A post of somebody else, as it would stand among `posts` of the first page. */
  withForeignPost?(account: FakeAccount, posts: number): Exchange[];
  /** Null where a profile may lack it for other reasons. */
  followersField: WireField | null;
  /** Those that every post carries. */
  metricFields: Partial<Record<PostMetric, WireField>>;
  /** Cases that say nothing about it. */
  exempt?: Record<string, Exemption>;
}

/** A provider that answers from inside the program: what it knows is given, and no network can fail. */
export interface EmbeddedSubject {
  kind: 'embedded';
  username: string;
  postCount: number;
  requestCount: number;
  /** The pinned post that comes first although the second is newer. */
  pinnedId: string;
  /** A post that stands on two pages. */
  repeatedId: string;
  /** All ids as the pages hold them, repeated ones included. */
  listedIds: string[];
  missingMetric: PostMetric;
}

/** What a local program prints, and how it ends. */
export interface Printed {
  /** As JSON, unless it is text. */
  stdout?: unknown;
  stderr?: string;
  exitCode?: number;
}

/** What a local program says of the accounts of one platform. */
export interface ProgramPlatform {
  platform: string;
  username: string;
  /** What it is asked with when `posts` are wanted: among its arguments, in this order. */
  asks(posts: number): string[];
  print(account: FakeAccount): Printed;
  /** Of what the provider reports, what this platform tells. */
  reports: { account: readonly string[]; post: readonly PostMetric[] };
  toAccountId?(id: string): string;
  /** False where it does not tell when a post was made. */
  tellsTime: boolean;
  unknownUser: Printed[];
  /** None where the platform knows no private accounts. */
  privateUser: Printed[];
  tooFast: Printed;
  failing: Printed;
  complaint(said: string): Printed;
  withForeignPost(account: FakeAccount): Printed;
  /** Null where it tells no followers. */
  followersField: WireField | null;
  metricFields: Partial<Record<PostMetric, WireField>>;
}

/** A provider that runs a program of this machine. */
export interface ProgramSubject {
  kind: 'program';
  platforms: ProgramPlatform[];
  /** What a version prints that does not know what it is asked. */
  tooOld: Printed;
}

export type Subject = NetworkSubject | EmbeddedSubject | ProgramSubject;

/** Reads a recorded reply. */
export function readFixture(path: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../fixture', path), 'utf8')) as unknown;
}

/** Makes a post whose numbers follow from its place; the id carries its time, as the platforms' do. */
export function makePost(index: number, changes: Partial<FakePost> = {}): FakePost {
  const postedAt = 1_786_000_000 - index * 3_600;
  return {
    id: String((BigInt(postedAt) << 32n) | BigInt(index + 1)),
    caption: `Post ${index} "quoted" \\ 💧 #clip 1234567890123456789`,
    postedAt,
    isPinned: false,
    metrics: {
      likes: 100 + index,
      comments: 10 + index,
      views: 1_000 + index,
      shares: index,
      saves: 5 + index,
      reach: 700 + index,
      impressions: 900 + index,
    },
    ...changes,
  };
}

/** Makes an account with that many posts, newest first, cut into pages. */
export function makeFakeAccount(count: number, pageSize: number): FakeAccount {
  const posts = Array.from({ length: count }, (_, index) => makePost(index));
  const pages: FakePost[][] = [];
  for (let start = 0; start < Math.max(1, count); start += pageSize) pages.push(posts.slice(start, start + pageSize));
  return {
    id: '6784512390456123397',
    displayName: 'Harbor Lights Studio',
    followers: 427_700,
    following: 212,
    posts: count,
    pages,
  };
}

/** The pages that are asked for until `posts` posts are found, each counted once. */
export function pagesUpTo({ pages }: FakeAccount, posts: number): FakePost[][] {
  const seen = new Set<string>();
  return pages.filter((page) => {
    const isNeeded = seen.size < posts;
    if (isNeeded) for (const { id } of page) seen.add(id);
    return isNeeded;
  });
}
