import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FORMATS, renderReport, type Format } from '../../src/report/index.ts';
import { loadPaint, PLAIN } from '../../src/report/paint.ts';
import type { Cell, Report, Section } from '../../src/report/report.ts';

const generatedAt = new Date('2026-11-22T10:00:00Z');

function render(report: Report, format: Format, width?: number, paint = PLAIN): Promise<string> {
  return renderReport(report, format, { paint, width, generatedAt });
}

const POSTS: Section = {
  title: 'Best posts',
  columns: [
    { key: 'posted_at', label: 'Posted', kind: 'day' },
    { key: 'views', label: 'Views', kind: 'count' },
    { key: 'change', label: 'Change', kind: 'delta' },
    { key: 'id', label: 'Id', kind: 'id' },
    { key: 'caption', label: 'Caption', kind: 'text', isElastic: true },
  ],
  rows: [
    {
      posted_at: '2026-11-01',
      views: 23_289,
      change: -5,
      id: '7429779620297231647',
      caption: '💧 DIY Sprinkler Blocker, the whole long story of it in many more words than fit on a line',
    },
    { posted_at: null, views: null, change: null, id: '7574994077389786382', caption: '' },
  ],
};
const REPORT: Report = { command: 'report posts', title: 'Posts', data: { posts: [1, null] }, sections: [POSTS] };

describe('a table', () => {
  test('that is piped cuts nothing and holds no escape code', async () => {
    const text = await render(REPORT, 'table');
    expect(text).toContain(POSTS.rows[0]?.['caption'] as string);
    expect(stripVTControlCharacters(text)).toBe(text);
    expect(text).not.toMatch(/…|[ \t]$/m);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('lines its columns up, numbers on the right', async () => {
    const lines = (await render(REPORT, 'table')).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      'Posts',
      '',
      'Best posts',
      'Posted       Views  Change  Id                   Caption',
      `2026-11-01  23,289      −5  7429779620297231647  ${POSTS.rows[0]?.['caption'] as string}`,
    ]);
    expect(lines[5]).toBe('—                —       —  7574994077389786382');
  });

  test.each([75, 80, 100, 120])('on a terminal of %i columns cuts the elastic column alone', async (width) => {
    const text = await render(REPORT, 'table', width);
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(width);
    expect(text).toContain('7429779620297231647');
    expect(text).toContain('7574994077389786382');
    expect(text).toContain('23,289');
    expect(text).toContain('…');
    expect(text).toMatch(/💧 DIY Spr/);
  });

  test('on a terminal too narrow leaves out the columns that matter least, and shows all of them when piped', async () => {
    const ranked: Section = {
      ...POSTS,
      columns: POSTS.columns.map((column) => {
        const rank = { change: 2, id: 1 }[column.key];
        return rank === undefined ? column : { ...column, rank };
      }),
    };
    const header = async (width?: number) =>
      (await render({ ...REPORT, sections: [ranked] }, 'table', width)).split('\n')[3]?.split(/\s+/);
    expect(await header()).toEqual(['Posted', 'Views', 'Change', 'Id', 'Caption']);
    expect(await header(80)).toEqual(['Posted', 'Views', 'Change', 'Id', 'Caption']);
    expect(await header(66)).toEqual(['Posted', 'Views', 'Id', 'Caption']);
    expect(await header(50)).toEqual(['Posted', 'Views', 'Caption']);
    expect(await header(10)).toEqual(['Posted', 'Views', 'Caption']);
  });

  test('on a terminal wide enough cuts nothing', async () => {
    expect(await render(REPORT, 'table', 200)).toBe(await render(REPORT, 'table'));
  });

  test('without an elastic column is never cut', async () => {
    const rigid = { ...POSTS, columns: POSTS.columns.map((column) => ({ ...column, isElastic: false })) };
    expect(await render({ ...REPORT, sections: [rigid] }, 'table', 40)).not.toContain('…');
  });

  test('in colour says the same words', async () => {
    const coloured = await render(REPORT, 'table', undefined, await loadPaint());
    expect(coloured).not.toBe(stripVTControlCharacters(coloured));
    expect(stripVTControlCharacters(coloured)).toBe(await render(REPORT, 'table'));
  });

  test('of facts has no header, and each fact its own kind', async () => {
    const facts: Section = {
      isFacts: true,
      columns: [
        { key: 'name', label: '', kind: 'text' },
        { key: 'value', label: '', kind: 'text' },
      ],
      rows: [
        { name: 'Followers', value: 15_250, kind: 'count' },
        { name: 'Engagement', value: 3.389, kind: 'percent' },
        { name: 'From', value: null, kind: 'text' },
      ],
    };
    expect(await render({ command: 'x', data: null, sections: [facts] }, 'table')).toBe(
      'Followers   15,250\nEngagement  3.39 %\nFrom        —\n',
    );
  });

  test('without rows says so', async () => {
    const empty: Section = { ...POSTS, rows: [], empty: 'no posts yet' };
    expect(await render({ ...REPORT, sections: [empty] }, 'table')).toBe('Posts\n\nBest posts\nno posts yet\n');
    expect(await render({ ...REPORT, sections: [empty] }, 'markdown')).toContain('_no posts yet_');
    expect(await render({ ...REPORT, sections: [empty] }, 'csv')).toBe(
      '"posted_at","views","change","id","caption"\r\n',
    );
  });
});

describe('JSON', () => {
  test('is one document with its schema, command, instant, data and warnings', async () => {
    expect(JSON.parse(await render({ ...REPORT, warnings: ['careful'] }, 'json'))).toEqual({
      schema: 'smstats.v1',
      command: 'report posts',
      generated_at: '2026-11-22T10:00:00.000Z',
      data: { posts: [1, null] },
      warnings: ['careful'],
    });
  });

  test('gives back whatever the data is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (data) => {
        const parsed = JSON.parse(await render({ command: 'x', data, sections: [] }, 'json')) as { data: unknown };
        expect(parsed.data).toEqual(JSON.parse(JSON.stringify(data)));
      }),
    );
  });
});

/** RFC 4180, apart from the library that writes. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/gy;
  for (let match = field.exec(text); match && match.index < text.length; match = field.exec(text)) {
    const [, cell = '', end] = match;
    rows.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('CSV', () => {
  const columns = [
    { key: 'text', label: 'Text', kind: 'text' as const },
    { key: 'number', label: 'Number', kind: 'delta' as const },
  ];
  const reportOf = (rows: Record<string, Cell>[]): Report => ({
    command: 'x',
    data: null,
    sections: [{ columns, rows }],
  });
  const isTrigger = (text: string) => /^[=+\-@\t\r\n\0＝＋－＠]/.test(text);

  test('reads back as it was, but for the quote before what a spreadsheet would run', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.constantFrom(...'=+-@\t\r\n\0＝＋－＠;,"\''), fc.string()).map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ text, number: fc.option(fc.integer()) }), { minLength: 1 }),
        async (rows) => {
          const [header, ...cells] = parseCsv(await render(reportOf(rows), 'csv'));
          expect(header).toEqual(['text', 'number']);
          expect(cells).toEqual(
            rows.map((row) => [
              isTrigger(row.text) ? `'${row.text}` : row.text,
              row.number === null ? '' : String(row.number),
            ]),
          );
          for (const [cell = ''] of cells) expect(isTrigger(cell)).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each([
    '=HYPERLINK("https://evil.example","click")',
    '+1+cmd|calc',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '＝1+1',
    "=cmd|' /C calc'!A0",
  ])('does not let %j run', async (text) => {
    expect(await render(reportOf([{ text, number: 1 }]), 'csv')).toContain(`"'${text.replaceAll('"', '""')}"`);
  });

  test('leaves negative numbers as numbers, unknown ones empty, ids and separators quoted', async () => {
    const rows = [
      { text: '7429779620297231647', number: -5 },
      { text: 'a;b\tc', number: null },
    ];
    expect(await render(reportOf(rows), 'csv')).toBe('"text","number"\r\n"7429779620297231647","-5"\r\n"a;b\tc",\r\n');
  });

  test('holds the first table, not the facts before it', async () => {
    const facts: Section = {
      isFacts: true,
      columns: [{ key: 'name', label: '', kind: 'text' }],
      rows: [{ name: 'x' }],
    };
    const text = await render({ command: 'x', data: null, sections: [facts, POSTS] }, 'csv');
    expect(text).toMatch(/^"posted_at","views"/);
    expect(await render({ command: 'x', data: null, sections: [facts] }, 'csv')).toBe('"name"\r\n"x"\r\n');
    expect(await render({ command: 'x', data: null, sections: [] }, 'csv')).toBe('');
  });
});

describe('Markdown', () => {
  test('is a table with numbers on the right', async () => {
    expect((await render(REPORT, 'markdown')).split('\n').slice(0, 7)).toEqual([
      '# Posts',
      '',
      '## Best posts',
      '',
      '| Posted | Views | Change | Id | Caption |',
      '| --- | ---: | ---: | --- | --- |',
      `| 2026-11-01 | 23,289 | −5 | 7429779620297231647 | ${POSTS.rows[0]?.['caption'] as string} |`,
    ]);
  });

  test('lets no cell out of its place', async () => {
    const rows = ['a | b', '`code`', '*bold* _it_', '<script>', '[x](y)', '# no', 'two\nlines', '\\'].map(
      (caption) => ({
        ...POSTS.rows[0],
        caption,
      }),
    );
    const text = await render({ ...REPORT, sections: [{ ...POSTS, rows }] }, 'markdown');
    const lines = text.trimEnd().split('\n').slice(6);
    expect(lines.map((line) => line.replace(/^(\|[^|]*){4}\| /, ''))).toEqual([
      'a \\| b |',
      '\\`code\\` |',
      '\\*bold\\* \\_it\\_ |',
      '\\<script\\> |',
      '\\[x\\](y) |',
      '\\# no |',
      'two lines |',
      '\\\\ |',
    ]);
  });

  test('keeps one line to a row, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (caption) => {
        const rows = [{ ...POSTS.rows[0], caption }];
        const text = await render({ ...REPORT, sections: [{ ...POSTS, rows }] }, 'markdown');
        expect(text.trimEnd().split(/[\n\r\u2028\u2029]/)).toHaveLength(7);
        const bars = text.trimEnd().split('\n').at(-1)?.replace(/\\./gs, '').match(/\|/g);
        expect(bars).toHaveLength(6);
      }),
    );
  });
});

test.each(FORMATS)('%s never prints an unknown number as 0', async (format) => {
  const rows = [{ posted_at: null, views: null, change: null, id: null, caption: null }];
  const text = await render({ ...REPORT, data: rows, sections: [{ ...POSTS, rows }] }, format);
  expect(text.replace('2026-11-22T10:00:00.000Z', '').replace('smstats.v1', '')).not.toMatch(/\d/);
  expect(text).toContain({ table: '—', markdown: '—', json: 'null', csv: ',,,,' }[format]);
});
