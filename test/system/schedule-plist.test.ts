import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { renderPlist } from '../../src/schedule/launchd/plist.ts';
import { makeNastyTask } from '../schedule/launchd/nasty.ts';
import { makeDirectory } from './process.ts';

const DTD = resolve(import.meta.dirname, '../fixture/launchd/PropertyList-1.0.dtd');

const TIMES = ['* * * * *', '17 6-23 * * *', '30 4 1,15 * 5', '0 3 * * 1-5'];

const READ = 'import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))';

function writePlist(text: string | Buffer): string {
  const path = join(makeDirectory(), 'com.smstats.nasty.plist');
  writeFileSync(path, text);
  return path;
}

function validate(path: string) {
  return spawnSync('xmllint', ['--noout', '--nonet', '--dtdvalid', DTD, path], { encoding: 'utf8' });
}

test.each(TIMES)("Python's plistlib reads back what was written (%s)", (expression) => {
  const nasty = makeNastyTask(expression);
  // Line ends to some, but not to XML 1.0; the parser that `plist` brings takes them for some.
  const task = { ...nasty, argv: [...nasty.argv, '\u0085', '\u2028'] };
  const path = writePlist(renderPlist('com.smstats.nasty', task, 'Background'));
  const { status, stdout, stderr } = spawnSync('python3', ['-c', READ, path], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const plist = JSON.parse(stdout) as Record<string, unknown>;
  expect(plist).toMatchObject({
    Label: 'com.smstats.nasty',
    ProgramArguments: task.argv,
    RunAtLoad: true,
    LowPriorityIO: true,
    Nice: 5,
    Umask: 63,
    StandardOutPath: `${task.directory}/launchd.log`,
    StandardErrorPath: `${task.directory}/launchd.log`,
    LimitLoadToSessionType: 'Background',
  });
  const numbers = (plist['StartCalendarInterval'] as Record<string, unknown>[]).flatMap((each) => Object.values(each));
  expect(numbers.every(Number.isInteger)).toBe(true);
});

test.each(TIMES)("it is valid by Apple's document type (%s)", (expression) => {
  const path = writePlist(renderPlist('com.smstats.nasty', makeNastyTask(expression)));
  const { status, stderr } = validate(path);
  expect(status, stderr).toBe(0);
});

test('what is not valid is found', () => {
  const text = renderPlist('com.smstats.nasty', makeNastyTask()).toString();
  const swapped = text.replace(/<key>Nice<\/key>\s*<integer>5<\/integer>/, '<integer>5</integer><key>Nice</key>');
  expect(swapped).not.toBe(text);
  const { status, stderr } = validate(writePlist(swapped));
  expect(status).not.toBe(0);
  expect(stderr).toContain('does not follow the DTD');
});
