import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bar } from '../../src/report/bar.ts';
import { formatCell, isNumeric } from '../../src/report/format.ts';
import type { Cell, ColumnKind } from '../../src/report/report.ts';
import { sparkline } from '../../src/report/sparkline.ts';

describe('formatCell', () => {
  test.each<[Cell, ColumnKind, string]>([
    [1_234_567, 'count', '1,234,567'],
    [0, 'count', '0'],
    [12.34, 'decimal', '12.3'],
    [3.389_83, 'percent', '3.39 %'],
    [42, 'share', '████░░░░  42 %'],
    [500, 'delta', '+500'],
    [-1_500, 'delta', '−1,500'],
    [0, 'delta', '±0'],
    [0.2, 'delta', '±0'],
    [3.389_83, 'delta-percent', '+3.39 %'],
    [-0.001, 'delta-percent', '±0.00 %'],
    ['7429779620297231647', 'id', '7429779620297231647'],
    ['2026-11-22', 'day', '2026-11-22'],
    ['2026-11-22T03:04:05.678Z', 'instant', '2026-11-22 03:04 UTC'],
    [true, 'flag', 'yes'],
    [false, 'flag', 'no'],
    [[1, 2, 3], 'series', '▁▅█'],
    ['two\nlines \u001b[31m', 'text', 'two lines \\u{1b}[31m'],
  ])('writes %j as %s: %s', (value, kind, text) => {
    expect(formatCell(value, kind)).toBe(text);
  });

  test.each<ColumnKind>([
    'text',
    'id',
    'count',
    'decimal',
    'percent',
    'share',
    'delta',
    'delta-percent',
    'day',
    'instant',
    'series',
  ])('writes an unknown %s as an em dash, never as 0', (kind) => {
    expect(formatCell(null, kind)).toBe('—');
  });

  test('lines up numbers alone on the right', () => {
    expect(
      ['count', 'decimal', 'percent', 'delta', 'delta-percent'].every((kind) => isNumeric(kind as ColumnKind)),
    ).toBe(true);
    expect(['text', 'id', 'day', 'instant', 'series', 'flag'].some((kind) => isNumeric(kind as ColumnKind))).toBe(
      false,
    );
  });
});

describe('bar', () => {
  test.each([
    [0, '░░░░░░░░   0 %'],
    [0.01, '█░░░░░░░   0 %'],
    [12.5, '█░░░░░░░  12 %'],
    [50, '████░░░░  50 %'],
    [99.99, '███████░  99 %'],
    [100, '████████ 100 %'],
    [250, '████████ 100 %'],
    [-5, '░░░░░░░░   0 %'],
  ])('draws %s as "%s"', (percent, drawn) => {
    expect(bar(percent)).toBe(drawn);
  });
});

describe('sparkline', () => {
  test.each<[(number | null)[], string]>([
    [[], ''],
    [[5], '▄'],
    [[5, 5, 5], '▄▄▄'],
    [[0, 7], '▁█'],
    [[0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
    [[1, null, 3], '▁·█'],
    [[null, null], '··'],
    [[-10, 0, 10], '▁▅█'],
  ])('draws %j as "%s"', (values, drawn) => {
    expect(sparkline(values)).toBe(drawn);
  });

  test('has a character for each value, the lowest for the least and the highest for the greatest', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer()), { minLength: 1 }), (values) => {
        const drawn = [...sparkline(values)];
        expect(drawn).toHaveLength(values.length);
        const known = values.filter((value) => value !== null);
        if (new Set(known).size < 2) return;
        expect(drawn[values.indexOf(Math.min(...known))]).toBe('▁');
        expect(drawn[values.indexOf(Math.max(...known))]).toBe('█');
        for (const [index, value] of values.entries()) expect(drawn[index] === '·').toBe(value === null);
      }),
    );
  });
});
