import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderDiscord } from '../../src/send/discord.ts';
import { fit } from '../../src/send/fit.ts';
import type { Message } from '../../src/send/message.ts';
import { renderSlack } from '../../src/send/slack.ts';
import { MESSAGE } from './receiver.ts';

/** What people have put into captions and names to be heard further than they should. */
const HOSTILE = [
  '<!channel>',
  '<!here|here>',
  '<!everyone>',
  '<!subteam^S0123ABC>',
  '<@U012AB3CD>',
  '<#C123ABC456>',
  '<!date^1392734382^{date}|x>',
  '<https://evil.example|your bank>',
  '<mailto:x@evil.example|mail us>',
  '&lt;!channel&gt;',
  '&amp;lt;!channel&amp;gt;',
  '&#60;!channel&#62;',
  '@everyone',
  '@here',
  '<@123456789012345678>',
  '<@!123456789012345678>',
  '<@&123456789012345678>',
  '<#123456789012345678>',
  '</command:123>',
  '<:emoji:123>',
  '<a:emoji:123>',
  '<t:1700000000:R>',
  '<id:customize>',
  '[click](https://evil.example)',
  '[click](<https://evil.example>)',
  'https://evil.example/x',
  '**bold** __under__ ~~gone~~ ||spoiler|| `code`',
  '```js\nalert(1)\n```',
  '# Heading',
  '-# small',
  '> quote',
  '>>> quote',
  '- item',
  '+ item',
  '\\<@123>',
  '\\\\<@123>',
  'a\n<!channel>\r\nb\u2028<!here>',
  '\u202e<!channel>\u0000',
  '\ud800<!channel>\udfff',
  '<'.repeat(5000),
  '&'.repeat(5000),
  '\\'.repeat(5000),
  '*'.repeat(5000),
  '🎉'.repeat(3000),
  '\u0301'.repeat(10_000),
  '\r\n'.repeat(4000),
  '',
  '   ',
];

function messageOf(text: string, count = 30): Message {
  return {
    ...MESSAGE,
    title: text,
    account: { platform: text, username: text },
    facts: Array.from({ length: count }, () => ({ label: text, value: text })),
    doubts: [text, text],
    url: text,
  };
}

/** All strings within, in order. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function checkSlack(message: Message): void {
  const body = renderSlack(message);
  expect(body.blocks.length).toBeLessThanOrEqual(50);
  expect(body.text.length).toBeLessThanOrEqual(3000);
  expect(body.text.length).toBeGreaterThan(0);
  const texts = body.blocks.flatMap((block) => {
    if ('elements' in block) return block.elements.map((text) => ({ text, limit: 3000 }));
    if ('text' in block) return [{ text: block.text, limit: 3000 }];
    expect(block.fields.length).toBeLessThanOrEqual(10);
    return block.fields.map((text) => ({ text, limit: 2000 }));
  });
  for (const { text, limit } of texts) {
    expect(text.text.length).toBeLessThanOrEqual(limit);
    expect(text.text.trim().length).toBeGreaterThan(0);
    if (text.type === 'mrkdwn') expect(text.text).toMatch(/^<https?:\/\/[^<>|\s]+\|Open>$/);
    else expect(text.text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
  }
  expect(body.text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
  for (const text of textsOf(body)) expect(text.isWellFormed()).toBe(true);
}

/** Whether something of Discord's Markdown stands there without a backslash of its own. */
function isBare(text: string): boolean {
  return /[*_~`|<>[\]():#@]|^[-+]/.test(text.replaceAll(/\\[^0-9A-Za-z\s]/g, ''));
}

function checkDiscord(message: Message): void {
  const { allowed_mentions, embeds } = renderDiscord(message);
  const [{ title, description = '', fields, footer, url }] = embeds;
  expect(allowed_mentions).toEqual({ parse: [] });
  expect(title.length).toBeGreaterThan(0);
  expect(title.length).toBeLessThanOrEqual(256);
  expect(description.length).toBeLessThanOrEqual(4096);
  expect(fields.length).toBeLessThanOrEqual(25);
  expect(footer.text.length).toBeLessThanOrEqual(2048);
  for (const { name, value } of fields) {
    expect(name.trim().length).toBeGreaterThan(0);
    expect(value.trim().length).toBeGreaterThan(0);
    expect(name.length).toBeLessThanOrEqual(256);
    expect(value.length).toBeLessThanOrEqual(1024);
  }
  const counted = [title, description, footer.text, ...fields.flatMap(({ name, value }) => [name, value])];
  expect(counted.join('').length).toBeLessThanOrEqual(6000);
  const words = description.replaceAll('What may explain it\\: ', 'x ');
  for (const text of [title, ...words.split('\n\n'), ...fields.flatMap(({ name, value }) => [name, value])]) {
    expect(isBare(text), text.slice(0, 80)).toBe(false);
  }
  if (url !== undefined) expect(url).toMatch(/^https?:\/\//);
  for (const text of textsOf(embeds)) expect(text.isWellFormed()).toBe(true);
}

describe.each(HOSTILE)('%j', (text) => {
  test.each([0, 1, 30])('in Slack, with %i facts', (count) => checkSlack(messageOf(text, count)));
  test.each([0, 1, 30])('in Discord, with %i facts', (count) => checkDiscord(messageOf(text, count)));
});

test.each(['<', '\\', '🎉'])('far more facts than anybody takes, all of %s', (char) => {
  checkSlack(messageOf(char.repeat(3000), 500));
  checkDiscord(messageOf(char.repeat(3000), 500));
});

test('whatever is written, in both', { timeout: 30_000 }, () => {
  const pieces = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE.slice(0, 36))), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(pieces, fc.nat(12), (parts, count) => {
      const message = messageOf(parts.join(''), count);
      checkSlack(message);
      checkDiscord(message);
    }),
    { numRuns: 40 },
  );
});

test('Slack: a message as it is sent', () => {
  expect(renderSlack({ ...MESSAGE, title: 'Cats & <dogs>', url: 'https://example.com/a|b?x=1&y=<2>' })).toEqual({
    text: 'Cats &amp; &lt;dogs&gt;',
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'section', text: { type: 'plain_text', text: 'Cats &amp; &lt;dogs&gt;', emoji: false } },
      {
        type: 'section',
        fields: [
          { type: 'plain_text', text: 'Expected\n120 to 340', emoji: false },
          { type: 'plain_text', text: 'Observed\n12', emoji: false },
        ],
      },
      {
        type: 'section',
        text: { type: 'plain_text', text: 'What may explain it: the provider changed', emoji: false },
      },
      {
        type: 'section',
        text: { type: 'mrkdwn', text: '<https://example.com/a%7Cb?x=1&amp;y=%3C2%3E|Open>', verbatim: true },
      },
      { type: 'context', elements: [{ type: 'plain_text', text: 'tiktok:anna · 2026-11-21', emoji: false }] },
    ],
  });
});

test('Discord: a message as it is sent', () => {
  expect(renderDiscord({ ...MESSAGE, title: 'a_b gained 12' })).toEqual({
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: String.raw`a\_b gained 12`,
        description: String.raw`What may explain it\: the provider changed`,
        url: 'https://www.tiktok.com/@anna',
        timestamp: '2026-11-22T03:00:00.000Z',
        fields: [
          { name: 'Expected', value: '120 to 340', inline: true },
          { name: 'Observed', value: '12', inline: true },
        ],
        footer: { text: 'tiktok:anna · 2026-11-21' },
      },
    ],
  });
});

test('what does not fit is counted, and a long title stands whole below', () => {
  const facts = Array.from({ length: 500 }, (_, at) => ({ label: `fact ${at}`, value: 'x' }));
  expect(JSON.stringify(renderSlack({ ...MESSAGE, facts }))).toContain('and 100 more');
  const [{ fields, footer, title, description }] = renderDiscord({ ...MESSAGE, facts, title: 'y'.repeat(300) }).embeds;
  expect([fields.length, footer.text]).toEqual([25, 'tiktok:anna · 2026-11-21 · and 475 more']);
  expect(title).toBe(`${'y'.repeat(255)}…`);
  expect(description).toContain('y'.repeat(300));
});

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'https://u:p@example.com',
  'ftp://x.example',
  'x',
  '//x',
  `https://x.example/${'a'.repeat(2000)}`,
])('a link to %s is left out', (url) => {
  expect(JSON.stringify(renderSlack({ ...MESSAGE, url }))).not.toContain('mrkdwn');
  expect(renderDiscord({ ...MESSAGE, url }).embeds[0]).not.toHaveProperty('url');
});

test('fit cuts between characters and their escapes, and looks at no more than it keeps', () => {
  expect(fit('a&b', 7, (char) => (char === '&' ? '&amp;' : char))).toBe('a&amp;b');
  expect(fit('a&bc', 7, (char) => (char === '&' ? '&amp;' : char))).toBe('a&amp;…');
  expect(fit('a&&', 7, (char) => (char === '&' ? '&amp;' : char))).toBe('a&amp;…');
  expect(fit('🎉🎉', 3)).toBe('🎉…');
  expect(fit('🎉🎉', 4)).toBe('🎉🎉');
  expect(fit('\r\n'.repeat(9), 4)).toBe('   …');
  const long = Buffer.alloc(50_000_000, 'x').toString();
  const began = performance.now();
  fit(long, 3000);
  expect(performance.now() - began).toBeLessThan(200);
});
