import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { fromIsoTime, readShape } from '../../src/provider/shared/shape.ts';

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

const repeat = (length: number, item: unknown) => Array.from({ length }, () => item);

test('a list longer than any page is refused before its items are looked at', () => {
  const looked: unknown[] = [];
  const item = z.object({ id: z.custom((value) => looked.push(value) > 0) });
  const page = z.object({ items: z.nullish(z.array(item)) });
  const read = (body: unknown) => () => readShape('any', page, body);
  const refusal = {
    name: 'ProviderError',
    problem: 'schema',
    message: 'answered in a form smstats does not know: it holds lists longer than any page is',
  };
  const hostile: unknown[] = [
    { items: repeat(10_001, 0) },
    { items: repeat(3_000_000, {}) },
    { items: [], elsewhere: [{ deep: repeat(2_000_000, 0) }] },
    { items: repeat(1_000, { id: 1, parts: repeat(1_000, 0) }) },
  ];
  for (const body of hostile) expect(read(body)).toThrow(expect.objectContaining(refusal));
  expect(looked).toEqual([]);
  expect(read({ items: repeat(10_000, { id: 1 }) })).not.toThrow();
  expect(looked).toHaveLength(10_000);
});

test('a list of wrong items is named by the first of them', () => {
  const page = z.object({ items: z.array(z.object({ a: z.string(), b: z.string(), c: z.string() })) });
  expect(() => readShape('any', page, { items: repeat(9_999, {}) })).toThrow(
    expect.objectContaining({ problem: 'schema', message: expect.stringContaining('items[0].a') }),
  );
});

test('more mistakes than can be gathered are one', () => {
  const page = z.object({ items: z.array(z.object({ parts: z.array(z.object({ a: z.string() })) })) });
  const body = { items: repeat(24, { parts: repeat(9_999, 0) }) };
  expect(() => readShape('any', page, body)).toThrow(
    expect.objectContaining({ name: 'ProviderError', problem: 'schema' }),
  );
});
