import { expect, test } from 'vitest';
import { createPace } from '../../src/collect/pace.ts';

function makeClock(start = 0) {
  const clock = { now: start, waits: [] as number[] };
  const world = {
    now: () => new Date(clock.now),
    sleep: async (ms: number) => {
      clock.waits.push(ms);
      clock.now += ms;
    },
  };
  return { clock, world };
}

test('the first starts at once, the next no sooner than the gap', async () => {
  const { clock, world } = makeClock(1000);
  const pace = createPace(world, 100);
  await pace();
  await pace();
  clock.now += 30;
  await pace();
  clock.now += 500;
  await pace();
  expect(clock.waits).toEqual([100, 70]);
});

test('a burst is spread out evenly', async () => {
  const starts: number[] = [];
  const world = { now: () => new Date(0), sleep: async (ms: number) => void starts.push(ms) };
  const pace = createPace(world, 100);
  await Promise.all([pace(), pace(), pace()]);
  expect(starts).toEqual([100, 100]);
});

test('a clock that was set back does not stretch the wait', async () => {
  const { clock, world } = makeClock(1_000_000);
  const pace = createPace(world, 100);
  await pace();
  clock.now = 0;
  await pace();
  expect(clock.waits).toEqual([100]);
});

test('the wait ends when the signal says so', async () => {
  const world = {
    now: () => new Date(0),
    sleep: (_: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      return Promise.resolve();
    },
  };
  const pace = createPace(world, 100);
  await pace();
  await expect(pace(AbortSignal.abort())).rejects.toThrow(/abort/i);
});
