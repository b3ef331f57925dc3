import type { Channel } from './channel.ts';
import { judgeReply } from './judge-reply.ts';
import type { Message, SendResult } from './message.ts';
import { notSent, NotSentError } from './not-sent.ts';
import { post } from './post.ts';
import type { SendWorld } from './world.ts';

export type { SendWorld } from './world.ts';

/** Tries once to send a message. What a receiver does is told in the result and never thrown. */
export async function sendMessage(world: SendWorld, channel: Channel, message: Message): Promise<SendResult> {
  if (channel.type === 'email') {
    const { renderLetter, sendMail } = await import('./email.ts');
    return sendMail(world, channel.server, renderLetter(message, channel.to));
  }
  const { url, allowPrivate } = channel;
  const { headers, body } = await render(channel, message, world.now());
  try {
    return judgeReply(await post(world, { url, allowPrivate, headers, body }), channel);
  } catch (error) {
    if (error instanceof NotSentError) return notSent(error.message, error.isWorthRetrying);
    throw error;
  }
}

/** A message as its channel wants it. Each way is loaded when it is gone. */
async function render(
  channel: Exclude<Channel, { type: 'email' }>,
  message: Message,
  now: Date,
): Promise<{ headers: Record<string, string>; body: string }> {
  switch (channel.type) {
    case 'webhook':
      return (await import('./webhook.ts')).planWebhook(channel.secret, message, now);
    case 'slack':
      return { headers: {}, body: JSON.stringify((await import('./slack.ts')).renderSlack(message)) };
    case 'discord':
      return { headers: {}, body: JSON.stringify((await import('./discord.ts')).renderDiscord(message)) };
  }
}
