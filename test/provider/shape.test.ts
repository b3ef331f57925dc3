import { expect, test } from 'vitest';
import { fromIsoTime } from '../../src/provider/shared/shape.ts';

test('a time in ISO-8601 is read with its zone, in each form of it', () => {
  const forms = [
    '2026-08-20T17:30:12Z',
    '2026-08-20T17:30:12.000Z',
    '2026-08-20T19:30:12+02:00',
    '2026-08-20T17:30:12+0000',
  ];
  for (const form of forms) expect(fromIsoTime(form), form).toEqual(new Date('2026-08-20T17:30:12Z'));
  expect(fromIsoTime('2026-08-20T17:30-0330')).toEqual(new Date('2026-08-20T21:00:00Z'));
});

test('a time without a zone, or that is none, is unknown', () => {
  const others = [
    undefined,
    null,
    '',
    '2026-08-20',
    '2026-08-20T17:30:12',
    '2026-13-40T17:30:12Z',
    'Thu, 20 Aug 2026',
    '0',
  ];
  for (const other of others) expect(fromIsoTime(other), String(other)).toBeNull();
});
