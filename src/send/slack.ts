// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
import { fit } from './fit.ts';
import { webLink } from '../core/web-link.ts';
import type { Message } from './message.ts';

/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
const LONGEST_TEXT = 3000;
const LONGEST_FIELD = 2000;
const FIELDS = 10;
/** Fifty blocks are taken, and some stand around the facts. */
const FACT_BLOCKS = 40;

interface SlackText {
  type: 'plain_text' | 'mrkdwn';
  text: string;
  emoji?: false;
  verbatim?: true;
}
type SlackBlock =
  | { type: 'section'; text: SlackText }
  | { type: 'section'; fields: SlackText[] }
  | { type: 'context'; elements: SlackText[] };

export interface SlackBody {
  /** What notifications show. */
  text: string;
  unfurl_links: false;
  unfurl_media: false;
  blocks: SlackBlock[];
}

/** A message in blocks. What others may have written is plain text, which knows neither links nor mentions nor bold. */
export function renderSlack(message: Message): SlackBody {
  const { title, account, day, facts, doubts } = message;
  const link = webLink(message.url);
  const shown = facts.slice(0, FIELDS * FACT_BLOCKS);
  const rest = facts.length - shown.length;
  const about = [account && `${account.platform}:${account.username}`, day].filter(Boolean).join(' · ');
  const fields = shown.map(({ label, value }) => {
    const name = slackText(label, LONGEST_FIELD / 4);
    return plain(`${name}\n${slackText(value, LONGEST_FIELD - name.length - 1)}`);
  });
  const blocks: SlackBlock[] = [
    { type: 'section', text: plain(slackText(title, LONGEST_TEXT)) },
    ...chunks(fields, FIELDS).map((chunk): SlackBlock => ({ type: 'section', fields: chunk })),
  ];
  if (rest > 0) blocks.push({ type: 'section', text: plain(`and ${rest} more`) });
  if (doubts.length > 0) {
    const text = `What may explain it: ${doubts.join('; ')}`;
    blocks.push({ type: 'section', text: plain(slackText(text, LONGEST_TEXT)) });
  }
  if (link !== null) {
    // A bar would end the address early.
    const text = `<${escapeSlack(link.replaceAll('|', '%7C'))}|Open>`;
    if (text.length <= LONGEST_TEXT) blocks.push({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } });
  }
  blocks.push({ type: 'context', elements: [plain(slackText(about, LONGEST_TEXT))] });
  return { text: slackText(title, LONGEST_TEXT), unfurl_links: false, unfurl_media: false, blocks };
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** https://docs.slack.dev/messaging/formatting-message-text: three characters make links and mentions, in all text. */
function escapeSlack(text: string): string {
  return text.replaceAll(/[&<>]/g, (char) => ESCAPES[char] as string);
}

/** An empty text is refused, so a dash stands for it. */
function slackText(text: string, limit: number): string {
  return fit(text.trim(), limit, escapeSlack) || '–';
}

function plain(text: string): SlackText {
  return { type: 'plain_text', text, emoji: false };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
