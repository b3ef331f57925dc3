import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../src/core/time.ts';
import type { ToldPoint } from '../../src/insight/daily-change.ts';
import { dropHistory, findGrowthDrop } from '../../src/insight/growth-drop.ts';

const WINDOW = { days: 7, threshold: 50 };
const START = '2026-01-01';

function points(values: readonly (number | null)[]): ToldPoint[] {
  return values.map((value, at) => ({ day: addDays(START, at), value, provider: 'a' }));
}

function counter(gains: readonly number[], first = 5000): number[] {
  let value = first;
  return [first, ...gains.map((gain) => (value += gain))];
}

const gains = (gain: number, days: number) => Array.from({ length: days }, () => gain);

test('a window with a gap is compared at its pace', () => {
  // 20 a day; then 5 a day, of which the last two days are unknown and the window ends before them.
  const values: (number | null)[] = counter([...gains(20, 20), ...gains(5, 7)]);
  values[22] = null;
  values[24] = null;
  const drop = findGrowthDrop(points(values), WINDOW);
  expect(drop).toMatchObject({ gain: 35, gainBefore: 140, drop: 75, now: { observed: 5, days: 7 } });
  // A value older than the window stretches it: 20 of 8 days before, at the pace of 7.
  const older: (number | null)[] = counter([...gains(20, 20), ...gains(5, 7)]);
  older[13] = null;
  expect(findGrowthDrop(points(older), WINDOW)).toMatchObject({ gain: 35, gainBefore: 140, before: { days: 8 } });
});

test('the difference must be 10 followers, and 0.1 % of the level', () => {
  const small = [...gains(2, 14), ...gains(1, 7)];
  expect(findGrowthDrop(points(counter(small)), WINDOW)).toBeNull();
  const tens = [...gains(4, 14), ...gains(2, 7)];
  expect(findGrowthDrop(points(counter(tens)), WINDOW)).toMatchObject({ least: 10, drop: 50 });
  expect(findGrowthDrop(points(counter(tens, 1_000_000)), WINDOW)).toBeNull();
});

test('weeks that differ as days do by chance are no drop, and a drop beyond that is one', () => {
  const wild = [0, 90, 10, 20, 80, 5, 70, 15, 60, 30];
  const history = Array.from({ length: 56 }, (_, at) => wild[at % wild.length] as number);
  const better = [70, 60, 80, 30, 60, 40, 50];
  const after = (...week: number[]) => findGrowthDrop(points(counter([...history, ...better, ...week])), WINDOW);
  expect(after(20, 30, 10, 20, 30, 20, 10)).toBeNull();
  const found = after(-10, 5, -10, -20, -10, -5, -10);
  expect(found).toMatchObject({ gain: -60, gainBefore: 390 });
  expect(found?.least).toBeGreaterThan(300);
  // What days differ by is not known yet.
  expect(findGrowthDrop(points(counter([...better.slice(1), 20, 30, 10, 20, 30, 20, 10], 5003)), WINDOW)).toMatchObject(
    {
      least: 10,
    },
  );
});

test('a stand that is too long to believe is no drop; one that may be is a doubt', () => {
  const history = gains(100, 60);
  expect(findGrowthDrop(points(counter([...history, 0, 0, 0, 0, 0])), WINDOW)).toBeNull();
  // Nine days of ten: two days at a stand may be.
  const mostly = history.map((gain, at) => (at % 10 === 3 ? 0 : gain));
  const found = findGrowthDrop(points(counter([...mostly, 20, 20, 20, 20, 20, 0, 0])), WINDOW);
  expect(found?.doubts).toEqual([{ kind: 'stalled', days: 2 }]);
});

const values = fc.array(fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: null }), { maxLength: 60 });

test('unknown days at the end change nothing, nor do those of long ago; all unknown is nothing', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 5 }), (series, unknown) => {
      const found = findGrowthDrop(points(series), WINDOW);
      expect(findGrowthDrop(points([...series, ...gains(0, unknown).map(() => null)]), WINDOW)).toEqual(found);
      expect(findGrowthDrop(points(series.map(() => null)), WINDOW)).toBeNull();
      const length = dropHistory(WINDOW.days);
      const long = Array.from({ length }, (_, at): ToldPoint => {
        return { day: addDays(START, at - length - dropHistory(WINDOW.days)), value: at * 1000, provider: 'x' };
      });
      expect(findGrowthDrop([...long, ...points(series)], WINDOW)).toEqual(found);
    }),
  );
});

test('never fires where less than 70 % of a window is known, or less than the threshold is missing', () => {
  fc.assert(
    fc.property(values, (series) => {
      const found = findGrowthDrop(points(series), WINDOW);
      if (!found) return;
      expect(found.now.coverage).toBeGreaterThanOrEqual(70);
      expect(found.before.coverage).toBeGreaterThanOrEqual(70);
      expect(found.gainBefore - found.gain).toBeGreaterThanOrEqual(Math.max(10, Math.abs(found.gainBefore) / 2));
      expect(findGrowthDrop(points(series), { ...WINDOW, threshold: 1 })).not.toBeNull();
    }),
  );
});
