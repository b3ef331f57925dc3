import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, type Day } from '../../src/core/time.ts';
import { episodesOf, findAnomalies, type Anomaly } from '../../src/insight/anomaly.ts';
import type { ToldPoint } from '../../src/insight/daily-change.ts';

const START = '2026-01-01';
const dayAt = (at: number) => addDays(START, at);

/** The gain of a quiet day: 100, more at weekends, and a little up and down. */
const usual = (at: number) => 100 + (at % 7 > 4 ? 60 : 0) + ((at * 7) % 11);

/** A counter that gained so much on each day, the value before the first included. */
function counter(gains: readonly number[], first = 20_000): ToldPoint[] {
  let value = first;
  return [0, ...gains].map((gain, at) => ({ day: dayAt(at), value: (value += gain), provider: 'a' }));
}

const quiet = (days: number, from = 1) => Array.from({ length: days }, (_, at) => usual(at + from));
const find = (points: readonly ToldPoint[], kind: 'level' | 'total' = 'total', added?: Map<Day, number>) =>
  findAnomalies(points, kind, START, added);

test('quiet days have none, and the first three weeks are not judged', () => {
  expect(find(counter(quiet(70)))).toMatchObject({ anomalies: [], judgedDays: 49, staleDays: 0, stale: null });
  expect(find(counter(quiet(21))).judgedDays).toBe(0);
});

test('a spike is told with what was expected of its weekday, the range, the score and the number of days compared', () => {
  const { anomalies } = find(counter([...quiet(70), 900]));
  expect(anomalies).toHaveLength(1);
  const [spike] = anomalies as [Anomaly];
  const same = [7, 6, 5, 4, 3, 2, 1, 0].map((week) => usual(71 - 7 * (week + 1))).toSorted((a, b) => a - b);
  const middle = Math.sqrt((1 + (same[3] as number)) * (1 + (same[4] as number))) - 1;
  expect(spike).toMatchObject({
    day: dayAt(71),
    change: 900,
    days: 1,
    n: 56,
    method: 'log(1 + change), MAD',
    doubts: [],
  });
  // On the scale of logarithms the middle of eight values is the geometric mean of the two in the middle.
  expect(spike.expected).toBeCloseTo(middle, 6);
  expect(spike.score).toBeGreaterThan(3.5);
  expect(spike.high).toBeLessThan(900);
  expect(spike.low).toBeLessThan(spike.expected);
});

test('a loss of followers is told, a slower rise is not', () => {
  expect(find(counter([...quiet(70), -400]), 'level').anomalies).toMatchObject([
    { change: -400, method: 'change, MAD, one-sided' },
  ]);
  expect(find(counter([...quiet(70), 1]), 'level').anomalies).toEqual([]);
  expect(find(counter([...quiet(70), 1]), 'total').anomalies).toMatchObject([{ change: 1 }]);
});

test('a total that fell says so', () => {
  expect(find(counter([...quiet(70), -50])).anomalies).toMatchObject([
    { change: -50, score: null, method: 'a total that fell', doubts: [{ kind: 'total_fell' }] },
  ]);
});

test('days that stand still are no anomaly but stale, and do not make the days after them one', () => {
  const standing = counter([...quiet(60), ...Array.from({ length: 20 }, () => 0)]);
  const found = find(standing);
  expect(found.anomalies).toEqual([]);
  expect(found).toMatchObject({ stale: { since: dayAt(60), days: 20, isStale: true }, staleDays: 18 });
  const caughtUp = counter([...quiet(60), 0, 0, 0, 0, 5 * 110, ...quiet(40, 66)]);
  expect(find(caughtUp).anomalies).toEqual([]);
  const far = find(counter([...quiet(60), 0, 0, 0, 0, 5 * 1100])).anomalies;
  expect(far).toMatchObject([{ days: 5, observed: 1100, doubts: [{ kind: 'stalled', days: 4 }] }]);
});

test('a gap, another provider and older posts are said beside', () => {
  const jump = counter([...quiet(70), 300, 1500]);
  const gap = jump.filter(({ day }) => day !== dayAt(71));
  expect(find(gap).anomalies).toMatchObject([
    { change: 1800, days: 2, observed: 900, doubts: [{ kind: 'gap', days: 1 }] },
  ]);
  const switched = counter([...quiet(70), 900]);
  (switched[71] as ToldPoint).provider = 'b';
  expect(find(switched).anomalies).toMatchObject([{ doubts: [{ kind: 'provider', from: 'a', to: 'b' }] }]);
  const added = new Map([[dayAt(71), 12]]);
  expect(find(counter([...quiet(70), 900]), 'total', added).anomalies).toMatchObject([
    { doubts: [{ kind: 'posts_added', posts: 12 }] },
  ]);
});

test('a counter that the platform rounds does not fire by its steps', () => {
  const steps = Array.from({ length: 120 }, (_, at) => (at % 3 === 0 ? 100_000 : 0));
  expect(find(counter(steps, 56_900_000), 'level').anomalies).toEqual([]);
  expect(find(counter([...steps, 800_000], 56_900_000), 'level').anomalies).toMatchObject([{ change: 800_000 }]);
  expect(find(counter([...steps, -600_000], 56_900_000), 'level').anomalies).toMatchObject([{ change: -600_000 }]);
});

test('a small account does not fire for a few followers', () => {
  const gains = Array.from({ length: 90 }, (_, at) => [0, 1, 0, 2, -1, 0, 1][at % 7] as number);
  expect(find(counter([...gains, 9], 300), 'level').anomalies).toEqual([]);
  expect(find(counter([...gains, 40], 300), 'level').anomalies).toMatchObject([{ change: 40 }]);
});

test('a week of flags is one episode, told by its worst day', () => {
  const { anomalies } = find(counter([...quiet(70), 900, 2000, 800, ...quiet(30, 74)]));
  expect(anomalies.length).toBeGreaterThanOrEqual(3);
  expect(episodesOf(anomalies)[0]).toMatchObject({ from: dayAt(71), flaggedDays: 3, peak: { change: 2000 } });
});

const gains = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 80, max: 140 }) },
    { weight: 1, arbitrary: fc.integer({ min: -500, max: 5000 }) },
  ),
  { minLength: 20, maxLength: 100 },
);

test('an unknown number is as good as no row', () => {
  fc.assert(
    fc.property(gains, fc.array(fc.nat(100), { maxLength: 20 }), (list, holes) => {
      const points = counter(list);
      const unknown = points.map((point, at) => (holes.includes(at) ? { ...point, value: null } : point));
      const without = points.filter((_, at) => !holes.includes(at));
      expect(find(unknown)).toEqual(find(without));
    }),
  );
});

test('what comes later does not change what is said of a day', () => {
  fc.assert(
    fc.property(gains, fc.integer({ min: 15, max: 100 }), (list, cut) => {
      const until = dayAt(cut);
      const all = find(counter(list)).anomalies.filter(({ day }) => day <= until);
      expect(find(counter(list).slice(0, cut + 1)).anomalies).toEqual(all);
    }),
  );
});

test('shifting the total or the days by whole weeks changes no verdict', () => {
  fc.assert(
    fc.property(gains, fc.nat(1_000_000), fc.integer({ min: -500, max: 500 }), (list, more, weeks) => {
      const verdicts = (points: readonly ToldPoint[]) =>
        findAnomalies(points, 'total', '0000-01-01').anomalies.map(({ change, score }) => [change, score]);
      // An odd first value, so that neither looks rounded.
      const plain = verdicts(counter(list, 1_000_003));
      expect(
        verdicts(counter(list, 1_000_003).map((point) => ({ ...point, day: addDays(point.day, 7 * weeks) }))),
      ).toEqual(plain);
      expect(verdicts(counter(list, 1_000_003 + 1000 * more))).toEqual(plain);
    }),
  );
});
