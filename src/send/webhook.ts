// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import { Webhook } from 'standardwebhooks';
import { messageKey } from './key.ts';
import type { Message } from './message.ts';

/** What is posted for a message: its body, and the headers that show who sent it and when. */
export interface SignedPost {
  headers: Record<string, string>;
  body: string;
}

/**
 * Signs a body.
 * @param secret `whsec_` and base64
 * @param now when the try is made; receivers refuse what is more than some minutes old
 */
export function signWebhook(secret: string, id: string, now: Date, body: string): SignedPost {
  return {
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    },
    body,
  };
}

/** A message for machines: what is known of it, as it is. */
export function renderWebhook(message: Message): string {
  const { type, title, account, day, facts, doubts, url, firedAt, values } = message;
  const named = account && { platform: account.platform, username: account.username };
  return JSON.stringify({
    type,
    timestamp: firedAt.toISOString(),
    data: { title, account: named, day, facts, doubts, url, values },
  });
}

export function planWebhook(secret: string, message: Message, now: Date): SignedPost {
  return signWebhook(secret, messageKey(message.id), now, renderWebhook(message));
}
