import { createHash } from 'node:crypto';
import { SmstatsError, UsageError } from '../../core/errors.ts';
import type { Context } from '../../context.ts';
import type { Digest } from '../../digest/digest.ts';
import { renderHtmlDigest } from '../../digest/html.ts';
import { renderMailDigest } from '../../digest/mail-html.ts';
import { renderMarkdownDigest } from '../../digest/markdown.ts';
import { digestTitle } from '../../digest/title.ts';
import type { Channel } from '../../send/channel.ts';
import { sendMail } from '../../send/email.ts';
import { openChannel } from '../alerts/channel.ts';
import { openDelivery } from '../alerts/world.ts';

type MailChannel = Extract<Channel, { type: 'email' }>;

/** The channels that a digest goes to: mail alone can hold one. Looked at before anything is asked for. */
export async function openMailChannels(context: Context, names: readonly string[]): Promise<MailChannel[]> {
  const config = await context.config();
  return [...new Set(names)].map((name) => {
    const channel = openChannel(config, name, {});
    if (channel.type === 'email') return channel;
    throw new UsageError(
      `${name} is a channel of type ${channel.type}, and a digest is sent by mail alone.`,
      `smstats config set channels.<name>.type email, or smstats digest -o digest.html`,
    );
  });
}

/** Sends a digest: as text, as tables, and whole as a file. @throws SmstatsError naming the channels that were not reached. */
export async function mailDigest(context: Context, digest: Digest, channels: readonly MailChannel[]): Promise<void> {
  const { world } = await openDelivery(context, false);
  const text = renderMarkdownDigest(digest);
  const file = {
    filename: `digest-${digest.period.last}.html`,
    content: renderHtmlDigest(digest),
    contentType: 'text/html; charset=utf-8',
  };
  const missed: string[] = [];
  for (const { name, to, server } of channels) {
    const result = await sendMail(world, server, {
      to,
      subject: digestTitle(digest),
      text,
      html: renderMailDigest(digest),
      attachments: [file],
      // The same digest sent again is the same mail; with other numbers it is another.
      messageId: `digest ${name} ${createHash('sha256').update(text).digest('hex')}`,
    });
    if (result.isSent) context.say(`${name} took the digest of ${digest.period.first} to ${digest.period.last}`);
    else missed.push(`${name} was not reached: ${result.message.replace(/\.$/, '')}.`);
  }
  if (missed.length > 0)
    throw new SmstatsError('unavailable', missed.join(' '), { hint: 'run the same command again later' });
}
