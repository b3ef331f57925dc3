import { createHash } from 'node:crypto';

/**
 * A message's id in letters that fit a header and a mail's Message-ID, the same at every try. Full stops are none of
 * them: in what a webhook's signature is made of they stand between the parts.
 */
export function messageKey(id: string): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(id) ? id : createHash('sha256').update(id).digest('hex');
}
