import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountAnswer } from '../../src/core/account.ts';
import type { Failure } from '../../src/provider/client/failure.ts';
import { parseJson } from '../../src/provider/client/json.ts';
import type { Provider } from '../../src/provider/provider.ts';

/** Fetches from bodies that are handed out in order, an error being thrown, and keeps what was asked. */
export async function replay(
  provider: Provider,
  bodies: readonly unknown[],
  posts = 100,
): Promise<AccountAnswer & { asked: [string, Record<string, string>][] }> {
  const left = [...bodies];
  const asked: [string, Record<string, string>][] = [];
  const answer = await provider.fetchAccount('harbor.lights', {
    posts,
    platform: 'instagram',
    now: new Date('2026-11-22T10:00:00Z'),
    hasToken: false,
    setting: () => undefined,
    get: async (path, query = {}) => {
      asked.push([path, query]);
      const body = left.shift();
      if (body instanceof Error) throw body;
      return body;
    },
    send: () => Promise.reject(new Error('needs no more than GET')),
    run: () => Promise.reject(new Error('runs no program')),
  });
  return { ...answer, asked };
}

/** A recorded reply as it came: its bare integers would not survive `JSON.parse`. */
export function readText(path: string): string {
  return readFileSync(join(import.meta.dirname, '../fixture', path), 'utf8');
}

/** Reads a recorded reply with all digits of its bare integers, as the program does. */
export function readWhole(path: string): unknown {
  return parseJson(readText(path));
}

/** What a provider makes of a reply. */
export function classify(provider: Provider, status: number, body: unknown): Failure | undefined {
  return provider.classify({ receivedAt: new Date(0), status, headers: new Headers(), text: '', body });
}
