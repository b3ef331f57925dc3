import { expect, test } from 'vitest';
import { calibrate, type CalibrationPair } from '../../src/match/calibrate.ts';
import type { Candidate } from '../../src/match/content.ts';

const candidate = (id: string, score: number): Candidate => ({
  kind: 'video',
  id,
  score,
  method: 'caption_match',
  evidence: [],
});
const pair = (truth: string | null, ...scores: [string, number][]): CalibrationPair => ({
  candidates: scores.map(([id, score]) => candidate(id, score)),
  truth: truth === null ? null : { kind: 'video', id: truth },
});

// Three right (0.92, 0.83 ahead by 0.03, 0.61), one wrong (0.72), one that shows nothing (0.66), one without candidates.
const PAIRS = [
  pair('a', ['a', 0.92], ['b', 0.2]),
  pair('a', ['a', 0.83], ['b', 0.8]),
  pair('a', ['a', 0.61]),
  pair('a', ['b', 0.72], ['a', 0.5]),
  pair(null, ['a', 0.66]),
  pair('c'),
];

const row = (accept: number, margin: number) =>
  calibrate(PAIRS).table.find((each) => each.accept === accept && each.margin === margin);

test('precision is of the accepted, recall of all that show content: five of these six', () => {
  expect(row(0.5, 0)).toMatchObject({ accepted: 5, correct: 3, precision: 3 / 5, recall: 3 / 5 });
  expect(row(0.7, 0)).toMatchObject({ accepted: 3, correct: 2, precision: 2 / 3, recall: 2 / 5 });
  expect(row(0.8, 0)).toMatchObject({ accepted: 2, correct: 2, precision: 1, recall: 2 / 5 });
  expect(row(0.8, 0.04)).toMatchObject({ accepted: 1, correct: 1, precision: 1, recall: 1 / 5 });
  expect(row(0.95, 0)).toMatchObject({ accepted: 0, precision: null, recall: 0 });
});

test('implies the thresholds that link most at the precision, the stricter of equals', () => {
  expect(calibrate(PAIRS, 0.98, 1).implied).toEqual({ accept: 0.8, margin: 0.02, review: 0.4 });
  expect(calibrate(PAIRS, 0.6, 1).implied).toEqual({ accept: 0.6, margin: 0.02, review: 0.4 });
});

test('implies nothing from a handful, from none, or where no row is good enough', () => {
  expect(calibrate(PAIRS).implied).toBeNull();
  expect(calibrate([])).toMatchObject({ implied: null, pairs: 0 });
  expect(calibrate([pair('a', ['b', 0.99])], 0.98, 1).implied).toBeNull();
});

test('what the matcher would not accept is not counted as accepted', () => {
  const [first] = PAIRS as [CalibrationPair];
  expect(calibrate([{ ...first, isAcceptable: false }]).table[0]).toMatchObject({ accepted: 0, recall: 0 });
});
