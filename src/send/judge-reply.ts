import { createRedactor } from '../core/redact.ts';
import type { SendResult } from './message.ts';
import { notSent } from './not-sent.ts';
import type { PostReply } from './post.ts';
import { quote } from './quote.ts';

/** What the receiver's statuses mean that have to do with its address. */
const ABOUT_ADDRESS: Record<number, string> = {
  401: 'wants other credentials than its address',
  403: 'refused the message',
  404: 'knows no such address',
  410: 'takes no messages at this address any more',
};

/** What a reply means for a message. @param secrets what must not be told when the receiver repeats it */
export function judgeReply(reply: PostReply, channel: { name: string; url: URL; secret?: string }): SendResult {
  const { status, waitMs, text = '' } = reply;
  if (status >= 200 && status <= 299) return { isSent: true };
  if (status >= 300 && status <= 399) {
    return notSent(`the receiver answered ${status}, a redirect, and redirects are not followed`, false);
  }
  const isPage = /^\s*</.test(text);
  const said = isPage ? '' : quote(text, createRedactor(secretsOf(channel)));
  const about = ABOUT_ADDRESS[status];
  if (about !== undefined) {
    const next = `if it has a new one: smstats config set channels.${channel.name}.url`;
    return notSent(`the receiver ${about}: ${status}${said}; ${next}`, false);
  }
  const isWorthRetrying = status >= 500 || [408, 425, 429].includes(status);
  const words = status === 429 ? 'asks to slow down: 429' : `answered ${status}`;
  return notSent(`the receiver ${words}${said}`, isWorthRetrying, waitMs);
}

/** Whatever of an address lets somebody post to it: the whole of its path and query, and each part. */
function secretsOf({ url, secret }: { url: URL; secret?: string }): string[] {
  const { href, pathname, search, searchParams } = url;
  const parts = [...pathname.split('/'), ...searchParams.keys(), ...searchParams.values()];
  const decoded = parts.map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  return [href, pathname + search, ...parts, ...decoded, ...(secret ? [secret, secret.slice('whsec_'.length)] : [])];
}
