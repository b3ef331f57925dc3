// https://discord.com/developers/docs/resources/webhook#execute-webhook
import { fit } from './fit.ts';
import { webLink } from '../core/web-link.ts';
import type { Message } from './message.ts';

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const LONGEST = { title: 256, description: 4096, name: 256, value: 1024, footer: 2048, together: 6000 };
const FIELDS = 25;
/** What is kept for the title and the facts when there are many doubts. */
const DESCRIPTION = 2000;
const FOOTER = 300;

interface DiscordField {
  name: string;
  value: string;
  inline: true;
}

export interface DiscordBody {
  allowed_mentions: { parse: [] };
  embeds: [
    {
      title: string;
      description?: string;
      url?: string;
      timestamp: string;
      fields: DiscordField[];
      footer: { text: string };
    },
  ];
}

/** A message as an embed. Nobody is mentioned, whatever its text says. */
export function renderDiscord(message: Message): DiscordBody {
  const { account, day, facts, doubts, firedAt } = message;
  const link = webLink(message.url);
  const title = discordText(message.title, LONGEST.title);
  const isCut = title !== discordText(message.title, LONGEST.description);
  const paragraphs = [...(isCut ? [message.title] : []), ...(doubts.length > 0 ? [explain(doubts)] : [])];
  const description = paragraphs.map((text) => discordText(text, DESCRIPTION / paragraphs.length - 2)).join('\n\n');
  const about = [account && `${account.platform}:${account.username}`, day].filter(Boolean).join(' · ');

  const fields: DiscordField[] = [];
  let left = LONGEST.together - title.length - description.length - FOOTER;
  for (const { label, value } of facts) {
    const field = { name: discordText(label, LONGEST.name), value: discordText(value, LONGEST.value) };
    left -= field.name.length + field.value.length;
    if (left < 0 || fields.length === FIELDS) break;
    fields.push({ ...field, inline: true });
  }
  const rest = facts.length - fields.length;
  const footer = fit(about, FOOTER - 30) + (rest > 0 ? ` · and ${rest} more` : '');
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title,
        ...(description !== '' && { description }),
        ...(link !== null && { url: link }),
        timestamp: firedAt.toISOString(),
        fields,
        footer: { text: footer },
      },
    ],
  };
}

function explain(doubts: readonly string[]): string {
  return `What may explain it: ${doubts.join('; ')}`;
}

/** What Discord's Markdown is made of, mentions, time stamps and links of bare addresses included. */
const MARKDOWN = /[\\*_~`|<>[\]():#@]/;

/** An empty text is refused, so a dash stands for it. */
function discordText(text: string, limit: number): string {
  return fit(text.trim(), limit, escapeDiscord) || '–';
}

/** These two make a list, but only in front. */
function escapeDiscord(char: string, isFirst: boolean): string {
  return MARKDOWN.test(char) || (isFirst && /[-+]/.test(char)) ? `\\${char}` : char;
}
