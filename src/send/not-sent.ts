import type { SendResult } from './message.ts';

/** Why a try ended, on its way to become a `SendResult`. The message names neither an address nor a secret. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  readonly isWorthRetrying: boolean;

  constructor(message: string, isWorthRetrying: boolean) {
    super(message);
    this.isWorthRetrying = isWorthRetrying;
  }
}

export function notSent(message: string, isWorthRetrying: boolean, waitMs?: number): SendResult {
  return { isSent: false, message, isWorthRetrying, waitMs };
}

const WORDS: [RegExp, string][] = [
  [/^(ENOTFOUND|EAI_|ENODATA)/, 'its name cannot be found'],
  [/^ECONNREFUSED$/, 'it takes no connections'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED)$/, 'it hung up'],
  [/^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL)$/, 'there is no way to it'],
  [/^ETIMEDOUT$/, 'it did not answer in time'],
  [/CERT|ALTNAME|ISSUER|VERIFY_LEAF/, 'its certificate is not to be trusted'],
  [/SSL|TLS|EPROTO/, 'it does not speak TLS as it should'],
  [/^HPE_/, 'what it answered is not HTTP'],
];

/**
 * A failure of the network in words. Of the error only its code is told, for its text names the host. All of them are
 * worth another try, certificates too: they are renewed, and a hotel's network shows its own.
 */
export function explainNetwork(error: unknown): string {
  const { code = '' } = error as { code?: unknown };
  const name = typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : 'no reason given';
  const [, words = 'it cannot be reached'] = WORDS.find(([pattern]) => pattern.test(name)) ?? [];
  return `${words} (${name})`;
}
