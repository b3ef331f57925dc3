import { expect, test } from 'vitest';
import { createFormat } from '../../src/dashboard/format.ts';

const english = createFormat('en-US', 'UTC');
const german = createFormat('de-DE', 'Europe/Berlin');

test('numbers are written as the language writes them', () => {
  expect(english.number(32_092)).toBe('32,092');
  expect(german.number(32_092)).toBe('32.092');
  expect(english.compact(1_234_567)).toBe('1.2M');
  expect(english.decimal(33.333)).toBe('33.33');
});

test('zero is a number, and what is unknown is a dash', () => {
  expect(english.number(0)).toBe('0');
  for (const format of [english.number, english.compact, english.percent, english.delta, english.decimal]) {
    for (const value of [null, undefined, Number.NaN]) expect(format(value)).toBe('—');
  }
  for (const format of [english.day, english.instant, english.relative]) expect(format(null)).toBe('—');
  expect(english.day('not a day')).toBe('—');
});

test('a rate is in percent already', () => {
  expect(english.percent(12.62)).toBe('12.6%');
  expect(english.deltaPercent(3.389)).toBe('+3.4%');
  expect(english.finePercent(8.254)).toBe('8.25%');
});

test('a change has its sign, and none has no sign', () => {
  expect([english.delta(500), english.delta(-12), english.delta(0)]).toEqual(['+500', '-12', '0']);
});

test('a calendar day is the same day everywhere', () => {
  for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
    expect(createFormat('en-US', zone).day('2026-03-01')).toBe('Mar 1, 2026');
  }
});

test('an instant is in the zone of who looks', () => {
  expect(english.instant('2026-11-22T23:30:00Z')).toMatch(/^Nov 22, 2026, 11:30\sPM$/);
  expect(german.instant('2026-11-22T23:30:00Z')).toBe('23.11.2026, 00:30');
});

test('time that passed is told in the largest unit', () => {
  const now = new Date('2026-11-22T10:00:00Z');
  expect(english.relative('2026-11-22T08:00:00Z', now)).toBe('2 hours ago');
  expect(english.relative('2026-11-25T10:00:00Z', now)).toBe('in 3 days');
  expect(english.relative('2026-11-22T09:59:50Z', now)).toBe('this minute');
});

test('a duration is a clock', () => {
  expect([english.duration(0), english.duration(65), english.duration(3_725.4)]).toEqual(['0:00', '1:05', '1:02:05']);
});

test('a language that is none is as English', () => {
  for (const language of ['en-US@posix', 'C!', undefined]) expect(createFormat(language).number(1234)).toBe('1,234');
});
