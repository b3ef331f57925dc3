import type { Task } from '../../../src/schedule/scheduler.ts';
import { parseCron } from '../../../src/schedule/times.ts';

/** Arguments that break what is not written carefully. */
export const NASTY = [
  '/usr/local/bin/node',
  '/Users/Zoë O\'Neil & Co/<x>/no"de',
  'a]]>b',
  '<![CDATA[x]]>',
  '<!-- x -->',
  '&amp; &lt; &#13;',
  'tab\there',
  'line\nbreak',
  'carriage\rreturn',
  'both\r\nof them\r\n',
  '  blanks around  ',
  '\n\t \n',
  '',
  ' ',
  '漢字🙂🙂',
  'Zoe\u0308',
  '\u007F\u00A0\uFEFF',
  '%d ${HOME} ~ $(id) `id` * ?',
  String.raw`--flag=\\x\n\'"`,
];

/** A task with such arguments, in a directory of the same kind. */
export function makeNastyTask(expression = '30 4 1,15 * 5'): Task {
  return { id: 'nasty', argv: NASTY, times: parseCron(expression), directory: '/Users/Zoë & <Co>/ smstats\r' };
}
