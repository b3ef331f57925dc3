import type { AccountAnswer } from '../../src/core/account.ts';
import { createAsk } from '../../src/provider/client/client.ts';
import type { Failure } from '../../src/provider/client/failure.ts';
import type { Provider } from '../../src/provider/provider.ts';
import { createFakeHttp, createFakeWorld, json } from '../helper/fake-http.ts';

/** A reply of the Graph API, and the question that it belongs to. */
export interface GraphReply {
  path: string;
  query?: Record<string, string>;
  status?: number;
  body: unknown;
}

/** Fetches an account from replies in their order, each of which must be asked for. It is 2026-08-21, 03:00 in California. */
export async function replay(
  provider: Provider,
  username: string,
  replies: readonly GraphReply[],
  { posts = 100, settings = {} }: { posts?: number; settings?: Record<string, string> } = {},
): Promise<AccountAnswer> {
  const http = createFakeHttp();
  for (const { path, query = {}, status = 200, body } of replies) http.next({ path, query }, json(body, { status }));
  const ask = createAsk({
    world: createFakeWorld(http.fetch, '2026-08-21T10:00:00Z'),
    provider,
    platform: provider.platforms[0],
    posts,
    baseUrl: undefined,
    secret: 'recorded-token',
    setting: (name) => settings[name],
    maxResponseMb: undefined,
    userAgent: 'smstats/test',
    redact: (text) => text,
    onAttempt: async () => () => undefined,
  });
  try {
    return await provider.fetchAccount(username, ask);
  } finally {
    http.verify();
  }
}

/** What a provider makes of a reply. */
export function judge(
  provider: Provider,
  body: unknown,
  status = 400,
  headers: Record<string, string> = {},
): Failure | undefined {
  const receivedAt = new Date('2026-08-21T10:00:00Z');
  return provider.classify({ receivedAt, status, headers: new Headers(headers), text: '', body });
}
