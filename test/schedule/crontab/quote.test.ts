import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteForCron, quoteForShell } from '../../../src/schedule/crontab/quote.ts';

/** What a cron hands to the shell: `%` ends the command, `\%` is a `%`, and some make one backslash of two. */
function readByCron(command: string, isCollapsing: boolean): string {
  let read = '';
  for (let i = 0; i < command.length; i++) {
    const char = command[i] as string;
    const next = command[i + 1];
    if (char === '%') return read;
    if (char === '\\' && (next === '%' || (isCollapsing && next === '\\'))) read += command[++i];
    else if (char === '\\' && next !== undefined) read += char + command[++i];
    else read += char;
  }
  return read;
}

const nasty = fc
  .array(fc.constantFrom(...`ab '"\\\\\\%%$\`!&|;<>(){}[]*?#~=-\té漢🙂`), { minLength: 1, maxLength: 14 })
  .map((chars) => chars.join(''));

test.each([
  ['crons that make one backslash of two', true],
  ['crons that do not', false],
])('arguments arrive as they are, by %s and /bin/sh', (_, isCollapsing) => {
  const texts = [...fc.sample(nasty, { numRuns: 300, seed: 11 }), '\\\\', '\\%', '%\\', "\\'", "'\\", '-n', '%%%', '~'];
  const line = `printf '<\\%s>\\n' ${texts.map(quoteForCron).join(' ')}`;
  const ran = spawnSync('/bin/sh', ['-c', readByCron(line, isCollapsing)], { encoding: 'utf8' });
  expect(ran.stdout.split('\n').slice(0, -1)).toEqual(texts.map((text) => `<${text}>`));
});

test('what a line cannot hold is refused', () => {
  for (const text of ['a\nb', 'a\rb', 'a\0b', 'a\bb', 'a\u001bb', 'half \ud800']) {
    expect(() => quoteForCron(text), JSON.stringify(text)).toThrow('control character');
  }
});

test('a script holds arguments as the shell reads them', () => {
  const texts = fc.sample(nasty, { numRuns: 100, seed: 12 });
  const ran = spawnSync('/bin/sh', ['-c', `printf '<%s>\\n' ${texts.map(quoteForShell).join(' ')}`], {
    encoding: 'utf8',
  });
  expect(ran.stdout.split('\n').slice(0, -1)).toEqual(texts.map((text) => `<${text}>`));
});
