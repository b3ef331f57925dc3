import { createHash, randomBytes } from 'node:crypto';
import type { ServerParts } from './parts.ts';

export const SESSION_COOKIE = 'smstats_session';

/** A browser stays logged in so long, or until the server ends. */
export const SESSION_MS = 12 * 3_600_000;
const MOST_SESSIONS = 1_000;

/** The browsers that are logged in. A cookie holds a random name, never the token. */
export interface Sessions {
  /** @returns the name for the cookie. */
  open(tokenId: number, now: Date): string;
  /** @returns the id of the token that it was opened with. */
  find(name: string, now: Date): number | undefined;
  close(name: string): void;
}

const kept = new WeakMap<ServerParts, Sessions>();

/** The sessions of a server. */
export function sessionsOf(parts: ServerParts): Sessions {
  let sessions = kept.get(parts);
  if (!sessions) kept.set(parts, (sessions = createSessions()));
  return sessions;
}

function createSessions(): Sessions {
  const open = new Map<string, { tokenId: number; endsAt: number }>();
  // Looked up by their hashes, so that how long that takes says nothing of the names.
  const keyOf = (name: string) => createHash('sha256').update(name).digest('hex');
  return {
    open(tokenId, now) {
      const name = randomBytes(32).toString('base64url');
      open.set(keyOf(name), { tokenId, endsAt: now.getTime() + SESSION_MS });
      if (open.size > MOST_SESSIONS) open.delete(open.keys().next().value as string);
      return name;
    },
    find(name, now) {
      const session = open.get(keyOf(name));
      return session && session.endsAt > now.getTime() ? session.tokenId : undefined;
    },
    close: (name) => void open.delete(keyOf(name)),
  };
}
