import fc from 'fast-check';
import { expect, test } from 'vitest';
import { falseDiscovery } from '../../src/insight/false-discovery.ts';

/** The example of Benjamini and Hochberg (1995), section 4.1. */
const EXAMPLE = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
];

test('rejects the four of the published example at 5 %', () => {
  expect(falseDiscovery(EXAMPLE).filter((each) => each <= 0.05)).toHaveLength(4);
});

test('adjusts as scipy 1.17 does: scipy.stats.false_discovery_control(p)', () => {
  const expected = [
    0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.063857, 0.063857, 0.0645, 0.0765, 0.486, 0.581182, 0.714875, 0.753231,
    0.813214, 1,
  ];
  for (const [index, each] of falseDiscovery(EXAMPLE).entries()) expect(each).toBeCloseTo(expected[index] as number, 6);
  expect(falseDiscovery([])).toEqual([]);
});

test('finds what the step-up rule finds, at every level and in every order', () => {
  const pValue = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(pValue, { maxLength: 40 }),
      fc.double({ min: 0.001, max: 0.5, noNaN: true }),
      (list, level) => {
        const sorted = list.toSorted((a, b) => a - b);
        const last = sorted.findLastIndex((each, index) => (each * list.length) / (index + 1) <= level);
        expect(falseDiscovery(list).filter((each) => each <= level)).toHaveLength(last + 1);
        expect(falseDiscovery(list.toReversed())).toEqual(falseDiscovery(list).toReversed());
      },
    ),
  );
});
