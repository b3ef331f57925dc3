import { expect, test } from 'vitest';
import { ScheduleError } from '../../../src/schedule/error.ts';
import { quoteArgument } from '../../../src/schedule/systemd/quote.ts';

test.each([
  ['', '""'],
  ['plain', '"plain"'],
  ["it's; & | ~ * ?", `"it's; & | ~ * ?"`],
  ['a "b" \\c', String.raw`"a \"b\" \\c"`],
  ['100% of $HOME', '"100%% of $$HOME"'],
  ['$$ ${x}', '"$$$$ $${x}"'],
  ['\n\r\t', String.raw`"\n\r\t"`],
  ['\u0001\u001b\u007f', String.raw`"\x01\x1b\x7f"`],
  ['漢é🙂\u0085\u2028', '"漢é🙂\u0085\u2028"'],
])('%j', (text, quoted) => {
  expect(quoteArgument(text)).toBe(quoted);
});

test.each(['\0', 'a\0b', '\ud83d', '\ude42x', '\ufffe', '\ufdd0', '\u{1ffff}'])('%j is refused', (text) => {
  expect(() => quoteArgument(text)).toThrow(ScheduleError);
  expect(() => quoteArgument(text)).toThrow(expect.objectContaining({ ending: 'usage' }));
});
