import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Vendor } from './vendors.ts';

/** What shows that an answer belongs to a login, and that who brings the code is who asked for it (RFC 7636). */
export interface Proof {
  state: string;
  /** 64 characters of `A-Z a-z 0-9 - _`; 43 to 128 are allowed. */
  verifier: string;
}

/** Makes the proof of one login from the system's own randomness. */
export function createProof(): Proof {
  return { state: randomBytes(32).toString('base64url'), verifier: randomBytes(48).toString('base64url') };
}

/** What of the verifier the vendor is told beforehand. */
export function challengeOf(verifier: string, encoding: NonNullable<Vendor['challenge']>): string {
  return createHash('sha256').update(verifier).digest(encoding);
}

/** Compares two texts in a time that tells nothing about either. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
