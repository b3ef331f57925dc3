import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A video as the TikWM family sends it; tests override what they are about. */
export type TikwmVideo = Record<string, unknown> & { video_id: string };

/** What the server knows of one account. */
export interface TikwmAccount {
  videos: TikwmVideo[];
  followers?: unknown;
  following?: unknown;
  videoCount?: unknown;
  isPrivate?: boolean;
}

/** A request that reached the server. */
export interface SeenRequest {
  path: string;
  query: Record<string, string>;
  headers: IncomingMessage['headers'];
}

/** Answers a request in its own way: returns true when it did, and the normal answer is not sent. */
export type Fault = (request: SeenRequest, response: ServerResponse, index: number) => boolean | Promise<boolean>;

export interface TikwmServer {
  url: string;
  accounts: Map<string, TikwmAccount>;
  requests: SeenRequest[];
  /** Looked at for each request; set it to make the server misbehave. */
  fault: Fault | undefined;
  close(): Promise<void>;
}

/** Starts a real HTTP server on loopback that speaks the TikWM shapes, and pages as that API does. */
export async function startTikwmServer(accounts: Record<string, TikwmAccount> = {}): Promise<TikwmServer> {
  const server: TikwmServer = {
    url: '',
    accounts: new Map(Object.entries(accounts)),
    requests: [],
    fault: undefined,
    close: () => new Promise((resolve) => (http.close(() => resolve()), http.closeAllConnections())),
  };
  const http = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const seen = { path: url.pathname, query: Object.fromEntries(url.searchParams), headers: incoming.headers };
    const index = server.requests.push(seen) - 1;
    if (await server.fault?.(seen, response, index)) return;
    sendJson(response, answer(server.accounts, seen));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return server;
}

/** Sends a JSON answer. */
export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
  return true;
}

/** Makes an account of `count` videos, newest first, whose numbers follow from their index. */
export function makeAccount(count: number, seed = 1): TikwmAccount {
  const videos = Array.from({ length: count }, (_, index) =>
    makeVideo(1_780_000_000 - index * 86_400 - seed, index, seed),
  );
  return { videos, followers: 1000 + seed, following: 10, videoCount: count };
}

/** Makes a video whose id carries its time, as TikTok's do. */
export function makeVideo(createTime: number, index: number, seed = 1): TikwmVideo {
  return {
    aweme_id: `v15044gf0000${seed}x${index}`,
    video_id: String((BigInt(createTime) << 32n) | BigInt(seed * 100_000 + index)),
    title: `Clip ${index} of account ${seed} #clip #number${index % 7}`,
    cover: 'https://media.example/cover.jpeg',
    play: 'https://media.example/play.mp4',
    duration: 20 + (index % 40),
    play_count: 1000 + index * 3 + seed,
    digg_count: 100 + index,
    comment_count: 5 + (index % 9),
    share_count: 2 + (index % 4),
    collect_count: 1 + (index % 3),
    create_time: createTime,
    author: { id: String(seed), unique_id: `user${seed}`, nickname: `User ${seed}` },
    is_top: 0,
  };
}

function answer(accounts: Map<string, TikwmAccount>, { path, query }: SeenRequest): unknown {
  const username = query['unique_id'] ?? '';
  const account = accounts.get(username);
  if (!account) return { code: -1, msg: 'unique_id is invalid', processed_time: 0.2 };
  if (path === '/user/info') return { code: 0, msg: 'success', processed_time: 0.7, data: userInfo(username, account) };
  const start = Number(query['cursor'] ?? 0);
  const count = Math.min(35, Number(query['count'] ?? 10));
  const videos = account.isPrivate ? [] : account.videos.slice(start, start + count);
  const hasMore = start + count < account.videos.length;
  return { code: 0, msg: 'success', processed_time: 1.2, data: { videos, cursor: String(start + count), hasMore } };
}

function userInfo(username: string, account: TikwmAccount): unknown {
  const { followers = 1000, following = 10, videoCount = account.videos.length, isPrivate = false } = account;
  return {
    user: {
      id: '6784512390456123397',
      uniqueId: username,
      nickname: `The ${username}`,
      avatarLarger: 'https://media.example/avatar.jpeg',
      signature: 'A bio.',
      verified: true,
      secUid: `MS4wLjABAAAA-${username}`,
      privateAccount: isPrivate,
    },
    stats: { followingCount: following, followerCount: followers, heartCount: 1, videoCount, diggCount: 0 },
  };
}
