import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { putBlock, removeBlock, splitTable, toBytes, toTable } from '../../../src/schedule/crontab/block.ts';

const BEGIN = '# >>> smstats one >>> managed block; do not edit';
const END = '# <<< smstats one <<<';
const LINE = "0 3 * * * '/usr/bin/node' 'x'";
const BLOCK = `${BEGIN}\n${LINE}\n${END}\n`;

test('the block goes to the end, is replaced in its place, and leaves no trace', () => {
  const mine = '# mine\n0 4 * * * true\n';
  const installed = putBlock(mine, 'one', LINE);
  expect(installed).toBe(mine + BLOCK);
  const followed = `${installed}5 5 * * * false\n`;
  expect(putBlock(followed, 'one', LINE)).toBe(followed);
  expect(putBlock(followed, 'one', 'other')).toBe(`${mine}${BEGIN}\nother\n${END}\n5 5 * * * false\n`);
  expect(removeBlock(followed, 'one')).toBe(`${mine}5 5 * * * false\n`);
  expect(removeBlock(mine, 'one')).toBe(mine);
});

test('the block of another installation is not ours', () => {
  const both = putBlock(putBlock('', 'one', LINE), 'one-more', 'theirs');
  expect(splitTable(both, 'one').block).toBe(BLOCK);
  expect(removeBlock(both, 'one')).toBe(putBlock('', 'one-more', 'theirs'));
});

test('any bytes come back as they were, with and without a line break at the end', () => {
  const line = fc.oneof(
    fc.uint8Array({ maxLength: 30 }).map((bytes) => toTable(Buffer.from(bytes)).replaceAll('\n', '')),
    fc.constantFrom(
      '',
      '  ',
      '# caf\u00e9',
      'MAILTO=""',
      '0 3 * * * x\r',
      '# >>> smstats two >>> x',
      '# >>> conda >>>',
    ),
  );
  const tables = fc.tuple(fc.array(line, { maxLength: 12 }), fc.boolean());
  fc.assert(
    fc.property(tables, fc.stringMatching(/^[ -~]{1,30}$/), ([lines, hasEnd], command) => {
      const before = lines.join('\n') + (hasEnd && lines.length > 0 ? '\n' : '');
      const installed = putBlock(before, 'one', command);
      expect(installed.endsWith('\n')).toBe(true);
      expect(putBlock(installed, 'one', command)).toBe(installed);
      const changed = putBlock(installed, 'one', 'changed');
      expect(changed).toContain('\nchanged\n');
      expect(removeBlock(changed, 'one')).toBe(before);
      expect(toBytes(toTable(toBytes(before)))).toEqual(toBytes(before));
    }),
    { numRuns: 400, seed: 5 },
  );
});

describe('a damaged block is refused, and says where it is', () => {
  test.each([
    ['no end', `a\n${BEGIN}\n${LINE}\nb\n`, 'line 2'],
    ['no begin', `a\n${LINE}\n${END}\n`, 'line 3'],
    ['two of them', BLOCK + BLOCK, 'lines 1, 3, 4, 6'],
    ['end before begin', `${END}\n${BEGIN}\n`, 'lines 1, 2'],
    ['lines that are not ours inside', `${BEGIN}\n${LINE}\n0 1 * * * mine\n${END}\n`, 'lines 1, 4'],
    ['nothing inside', `${BEGIN}\n${END}\n`, 'lines 1, 2'],
    ['a changed marker', `${BEGIN} \n${LINE}\n${END}\n`, 'lines 1, 3'],
    ['an indented marker', `${BEGIN}\n${LINE}\n  ${END}\n`, 'lines 1, 3'],
    ['line breaks of another system', BLOCK.replaceAll('\n', '\r\n'), 'lines 1, 3'],
  ])('%s', (_, table, where) => {
    expect(() => splitTable(table, 'one')).toThrow(/damaged/);
    expect(() => putBlock(table, 'one', LINE)).toThrow(where);
    expect(() => removeBlock(table, 'one')).toThrow(where);
  });
});
