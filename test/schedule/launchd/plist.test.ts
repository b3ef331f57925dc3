import { parse } from 'plist';
import { expect, test } from 'vitest';
import { ScheduleError } from '../../../src/schedule/error.ts';
import { renderPlist } from '../../../src/schedule/launchd/plist.ts';
import { parseCron } from '../../../src/schedule/times.ts';
import { makeNastyTask, NASTY } from './nasty.ts';

const task = {
  id: 'main',
  argv: ['/opt/node', 'fetch'],
  times: parseCron('30 6 * * *'),
  directory: '/srv/smstats',
};

test('everything that launchd is told', () => {
  expect(parse(renderPlist('com.smstats.main', task).toString())).toEqual({
    Label: 'com.smstats.main',
    ProgramArguments: ['/opt/node', 'fetch'],
    StartCalendarInterval: [{ Hour: 6, Minute: 30 }],
    RunAtLoad: true,
    ProcessType: 'Background',
    LowPriorityIO: true,
    Nice: 5,
    Umask: 63,
    StandardOutPath: '/srv/smstats/launchd.log',
    StandardErrorPath: '/srv/smstats/launchd.log',
  });
});

test('the same task gives the same bytes', () => {
  const bytes = renderPlist('com.smstats.main', task);
  expect(renderPlist('com.smstats.main', structuredClone(task))).toEqual(bytes);
  expect(bytes.toString()).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<!DOCTYPE plist /);
  expect(bytes.toString()).toMatch(/<\/plist>\n$/);
});

test('nasty words come back as they were', () => {
  const nasty = makeNastyTask();
  const text = renderPlist('com.smstats.nasty', nasty).toString();
  expect(parse(text)).toMatchObject({
    ProgramArguments: NASTY,
    StandardOutPath: `${nasty.directory}/launchd.log`,
  });
  expect(text, 'a bare carriage return would be read as a line feed').not.toContain('\r');
});

test.each([
  ['\u0000', String.raw`"/x\u0000y"`],
  ['\u0007', String.raw`"/x\u0007y"`],
  ['\u000B', String.raw`"/x\u000by"`],
  ['\u000C', String.raw`"/x\fy"`],
  ['\u001B', String.raw`"/x\u001by"`],
  ['\u001F', String.raw`"/x\u001fy"`],
  ['\uFFFE', '"/x\uFFFEy"'],
  ['\uFFFF', '"/x\uFFFFy"'],
  ['\uD83D', String.raw`"/x\ud83dy"`],
  ['\uDE42', String.raw`"/x\ude42y"`],
])('a character that XML cannot carry is refused: %j', (character, shown) => {
  const word = `/x${character}y`;
  for (const strange of [
    { ...task, argv: ['/opt/node', word] },
    { ...task, directory: word },
  ]) {
    const render = () => renderPlist('com.smstats.main', strange);
    expect(render).toThrow(ScheduleError);
    expect(render).toThrow(expect.objectContaining({ ending: 'usage', message: expect.stringContaining(shown) }));
  }
});
