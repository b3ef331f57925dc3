import { expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import { dailyChanges } from '../../src/insight/daily-change.ts';
import { standsOf } from '../../src/insight/stale.ts';

/** The stand at the end of a counter that gained so much on each day. */
function standAfter(gains: readonly number[]) {
  let value = 1000;
  const points = [0, ...gains].map((gain, at) => {
    value += gain;
    return { day: addDays('2026-01-01', at), value, provider: null };
  });
  return standsOf(dailyChanges(points)).at(-1);
}

const repeat = (count: number, ...gains: number[]) => Array.from({ length: count }, () => gains).flat();

test('a counter that moves every day is stale on the third day without a change', () => {
  expect(standAfter([...repeat(60, 5), 0, 0])).toMatchObject({ days: 2, isStale: false });
  expect(standAfter([...repeat(60, 5), 0, 0, 0])).toMatchObject({
    since: '2026-03-02',
    days: 3,
    isStale: true,
    isOpen: false,
  });
});

// The share before it is (19 + 1) / (56 + 2): 0.655 ^ 16 = 0.00115, 0.655 ^ 17 = 0.00075.
test('one that moves every third day may stand for sixteen', () => {
  expect(standAfter([...repeat(30, 0, 0, 5), ...repeat(16, 0)])?.isStale).toBe(false);
  expect(standAfter([...repeat(30, 0, 0, 5), ...repeat(17, 0)])?.isStale).toBe(true);
});

test('one that never moved is stale after four weeks, and may stand for longer', () => {
  expect(standAfter(repeat(27, 0))).toMatchObject({ isStale: false, share: null });
  expect(standAfter(repeat(28, 0))).toMatchObject({ since: '2026-01-01', days: 28, isStale: true, isOpen: true });
});

test('a move ends the stand', () => {
  expect(standAfter([...repeat(60, 5), ...repeat(9, 0), 45])).toMatchObject({ days: 0, isStale: false });
});
