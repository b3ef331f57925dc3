import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearest, parseHashtags, safeLines, safeText, storedText, truncate } from '../../src/core/text.ts';

/** Written out by code point, apart from the expression in the program. */
function isDangerous(char: string): boolean {
  const code = char.codePointAt(0) as number;
  const within = (from: number, to: number) => code >= from && code <= to;
  return (
    within(0, 0x1f) ||
    within(0x7f, 0x9f) ||
    within(0x2028, 0x202e) ||
    within(0x2066, 0x2069) ||
    within(0xd800, 0xdfff) ||
    within(0xe0000, 0xe007f) ||
    [0x61c, 0x200e, 0x200f, 0xfeff].includes(code)
  );
}

const ESC = '\u001b';
const BEL = '\u0007';
const PAYLOADS: Record<string, string> = {
  'sets the window title': `${ESC}]0;owned${BEL}`,
  'sets the icon name': `${ESC}]1;owned${BEL}`,
  'writes the clipboard (OSC 52)': `${ESC}]52;c;cm0gLXJmIH4=${BEL}`,
  'ends OSC with ST': `${ESC}]2;owned${ESC}\\`,
  'makes a hyperlink (OSC 8)': `${ESC}]8;;https://evil.example${ESC}\\click${ESC}]8;;${ESC}\\`,
  'shows a notification (OSC 9)': `${ESC}]9;boo${BEL}`,
  'changes the palette (OSC 4)': `${ESC}]4;0;#ff0000${BEL}`,
  'reports the working directory (OSC 7)': `${ESC}]7;file://evil${BEL}`,
  'runs iTerm commands (OSC 1337)': `${ESC}]1337;File=name=eA==:AAAA${BEL}`,
  'recolours (SGR)': `${ESC}[31mred${ESC}[0m`,
  'blinks and hides': `${ESC}[5;8mhidden`,
  'clears the screen': `${ESC}[2J${ESC}[H`,
  'clears the scrollback': `${ESC}[3J`,
  'moves the cursor up': `a${ESC}[1Ab`,
  'moves the cursor back': `balance 5${ESC}[1D9`,
  'erases the line': `${ESC}[2K`,
  'saves and restores the cursor': `${ESC}7x${ESC}8`,
  'sets a scroll region': `${ESC}[5;10r`,
  'switches the alternate screen': `${ESC}[?1049h`,
  'hides the cursor': `${ESC}[?25l`,
  'asks for the device (DA)': `${ESC}[c`,
  'asks for the cursor position': `${ESC}[6n`,
  'asks for the title': `${ESC}[21t`,
  'resets the terminal (RIS)': `${ESC}c`,
  'sends a sixel picture (DCS)': `${ESC}Pq#0;2;0;0;0${ESC}\\`,
  'asks for a setting (DECRQSS)': `${ESC}P$qm${ESC}\\`,
  'sends APC': `${ESC}_Gf=24;AAAA${ESC}\\`,
  'sends PM': `${ESC}^secret${ESC}\\`,
  'selects a character set': `${ESC}(0lqqk`,
  'shifts out': 'a\u000eb\u000f',
  'uses C1 CSI': '\u009b31mred',
  'uses C1 OSC': '\u009d0;owned\u009c',
  'uses C1 DCS': '\u0090q\u009c',
  'overwrites the line with CR': '100 followers\r999 followers',
  'overwrites with backspaces': '100\b\b\b999',
  'rings the bell': BEL,
  'holds NUL': 'a\0b',
  'holds DEL': 'a\u007fb',
  'feeds forms and vertical tabs': 'a\fb\u000bc',
  'overrides direction (RLO)': 'exe.\u202egnp',
  'isolates direction': '\u2066evil\u2069 \u2067x\u2068',
  'embeds direction': '\u202aabc\u202b\u202c\u202d',
  'marks direction': 'a\u200e\u200fb\u061cc',
  'separates lines and paragraphs': 'one\u2028two\u2029three',
  'hides text in tags': `safe${String.fromCodePoint(0xe0041, 0xe0042, 0xe007f)}`,
  'starts with a byte order mark': '\ufeffname',
  'is half a surrogate pair': 'broken \ud83d text \udc00',
  'breaks lines': 'one\ntwo\r\nthree\tfour',
};

describe('safeText', () => {
  test.each(Object.entries(PAYLOADS))('leaves nothing dangerous of text that %s', (_, payload) => {
    expect([...payload].some(isDangerous)).toBe(true);
    expect([...safeText(payload)].filter(isDangerous)).toEqual([]);
  });

  test('leaves nothing dangerous of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...Object.values(PAYLOADS)), (text, payload) => {
        expect([...safeText(text + payload + text)].filter(isDangerous)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('leaves ordinary text of every script alone', () => {
    const text = 'Grüße, Ünïcode! 日本語 العربية हिन्दी 👩‍👩‍👧‍👦 🏴 é e\u0301 — “quoted” 1.234,5 €';
    expect(safeText(text)).toBe(text);
  });

  test('shows what it replaced', () => {
    expect(safeText(`a${ESC}[31mb\u202ec`)).toBe('a\\u{1b}[31mb\\u{202e}c');
    expect(safeText('one\ntwo\r\nthree\tfour')).toBe('one two three four');
  });
});

test('safeLines keeps line breaks and nothing else', () => {
  expect(safeLines(`one\ntwo${ESC}[2J\rthree`)).toBe('one\ntwo\\u{1b}[2J\\u{d}three');
});

test('storedText is well-formed and without NUL, whatever comes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const stored = storedText(`${text}\0\ud800`);
      expect(stored.isWellFormed()).toBe(true);
      expect(stored).not.toContain('\0');
    }),
  );
  expect(storedText('Grüße 👋')).toBe('Grüße 👋');
});

describe('truncate', () => {
  const widths: Record<string, number> = { a: 1, é: 1, 'e\u0301': 1, ' ': 1, '👩‍👩‍👧‍👦': 2, 日: 2, '🇩🇪': 2, '🔥': 2 };
  const widthOf = (parts: readonly string[]) => parts.reduce((sum, part) => sum + (widths[part] as number), 0);

  test('keeps what fits the columns, and cuts between graphemes where it must', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...Object.keys(widths))),
        fc.integer({ min: 1, max: 16 }),
        (parts, width) => {
          // Two flags side by side are two graphemes, and so is everything else here.
          const cut = truncate(parts.join(''), width);
          if (widthOf(parts) <= width) {
            expect(cut).toBe(parts.join(''));
            return;
          }
          let count = 0;
          while (widthOf(parts.slice(0, count + 1)) <= width - 1) count++;
          expect(cut).toBe(`${parts.slice(0, count).join('')}…`);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('nearest', () => {
  const commands = ['fetch', 'report', 'accounts', 'usage', 'config'];
  test.each([
    ['fecth', 'fetch'],
    ['fetsh', 'fetch'],
    ['reprot', 'report'],
    ['account', 'accounts'],
    ['confg', 'config'],
    ['zzzzzz', undefined],
    ['', undefined],
  ])('of "%s" is %s', (word, expected) => {
    expect(nearest(word, commands)).toBe(expected);
  });

  test('prefers the nearer candidate', () => {
    expect(nearest('usages', ['sages!', 'usage', 'usager'])).toBe('usage');
  });
});

describe('parseHashtags', () => {
  const tags = (caption: string) => parseHashtags(caption).map(({ tag }) => tag);
  test.each([
    ['plain', 'Look #DIYHome and #test!', ['diyhome', 'test']],
    ['each once, in order', '#b #a #B #a', ['b', 'a']],
    ['umlauts and accents', '#Grüße #café', ['grüße', 'café']],
    ['decomposed letters as their composed form', '#cafe\u0301', ['café']],
    ['full-width number sign', '＃東京 ＃Tokyo', ['東京', 'tokyo']],
    ['Chinese and Japanese without spaces around', '今日は #日本語タグ です', ['日本語タグ']],
    ['Arabic', '#مرحبا_بالعالم', ['مرحبا_بالعالم']],
    ['Persian with a zero-width non-joiner', '#می\u200cخواهم', ['می\u200cخواهم']],
    ['Hindi with combining vowel signs', '#हिन्दी', ['हिन्दी']],
    ['Catalan with a middle dot', '#col·lecció', ['col·lecció']],
    ['letters and digits', '#2024goals #top10', ['2024goals', 'top10']],
    ['joined without a space', '#fyp#foryou＃viral', ['fyp', 'foryou', 'viral']],
    ['no digits alone', 'We are #1 and #2024', []],
    ['no full-width digits alone', '#２０２４', []],
    ['no underscores alone', '#___ #_1_', []],
    ['no fragment of a URL', 'https://example.com/page#section https://example.com/#top', []],
    ['no second fragment of a URL', 'https://example.com/page#one#two', []],
    ['no number sign inside a word', 'C#sharp a#b', []],
    ['no HTML entity', 'Tom &#39; Jerry', []],
    ['no lone sign', '# and #! #', []],
    ['up to an emoji', '#diy🔥hot', ['diy']],
    ['in brackets and quotes', '(#one) "#two", #three.', ['one', 'two', 'three']],
    ['on every line', '#one\n#two\r\n#three', ['one', 'two', 'three']],
    ['nothing in nothing', '', []],
  ])('%s', (_, caption, expected) => {
    expect(tags(caption)).toEqual(expected);
  });

  test('keeps the first way a hashtag was written', () => {
    expect(parseHashtags('#CourseCreation #coursecreation')).toEqual([
      { tag: 'coursecreation', written: 'CourseCreation' },
    ]);
  });

  test('is quick on a megabyte of number signs', () => {
    const start = performance.now();
    expect(parseHashtags('#'.repeat(1_000_000))).toEqual([]);
    expect(parseHashtags('#a'.repeat(500_000))).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test('finds nothing that is not lower case, composed and unique', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (words) => {
        const found = tags(words.map((word) => `#${word}`).join(' '));
        expect(new Set(found).size).toBe(found.length);
        for (const tag of found) expect(tag).toBe(tag.normalize('NFC').toLowerCase());
      }),
    );
  });
});
