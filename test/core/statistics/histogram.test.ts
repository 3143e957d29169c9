// Histograms against numpy 2.4.6: numpy.histogram_bin_edges(values, 'fd') and numpy.histogram.
import { describe, expect, test } from 'vitest';
import {
  centres,
  density,
  evenEdges,
  freedmanDiaconisEdges,
  histogram,
  histogramMean,
} from '../../../core/statistics/histogram.js';

const first = (n: number, value: (i: number) => number) => Array.from({ length: n }, (_, i) => value(i));

const cases: readonly [string, readonly number[], number, number, readonly number[]][] = [
  [
    'waves on a ramp',
    first(200, (i) => Math.sin(i * i) * 3 + (i % 7)),
    -2.9999725867239206,
    8.95050182306344,
    [13, 14, 23, 25, 40, 36, 22, 17, 10],
  ],
  ['uniform', first(57, (i) => ((i * 37) % 101) / 10), 0, 10, [15, 14, 14, 14]],
  ['mostly equal', [1, 1, 1, 1, 2, 5], 1, 5, [4, 1, 0, 0, 1]],
  ['all equal', [2, 2, 2], 1.5, 2.5, [3]],
  [
    'heavy tail',
    first(1000, (i) => Math.exp(3 * Math.sin(i))),
    0.0497885112917731,
    20.08496277946953,
    [550, 77, 45, 35, 30, 30, 24, 26, 26, 22, 28, 34, 73],
  ],
];

test.each(cases)('Freedman-Diaconis bins as numpy has them: %s', (_name, values, low, high, counts) => {
  const edges = freedmanDiaconisEdges(values);
  expect(edges.length).toBe(counts.length + 1);
  expect(edges[0]).toBeCloseTo(low, 13);
  expect(edges[counts.length]).toBeCloseTo(high, 12);
  const found = histogram(values, edges);
  expect([...found.counts]).toEqual(counts);
  expect(found.outside).toBe(0);
});

describe('bins', () => {
  test('are closed below and open above, the last one closed', () => {
    const { counts, outside } = histogram([0, 1, 1.5, 2, 3, 3.0001, -0.1, Number.NaN], evenEdges(0, 3, 3));
    expect([...counts]).toEqual([1, 2, 2]);
    expect(outside).toBe(3);
  });

  test('of any widths: the density integrates to 1', () => {
    const edges = Float64Array.of(0, 1, 4, 4.5);
    const found = histogram([0.5, 2, 3, 4.2], edges);
    expect([...density(found)]).toEqual([0.25, 0.5 / 3, 0.5]);
    expect([...centres(found)]).toEqual([0.5, 2.5, 4.25]);
  });

  test('mean from the bins', () => {
    expect(histogramMean(histogram([0.1, 0.9, 2.5], evenEdges(0, 3, 3)))).toBeCloseTo((0.5 + 0.5 + 2.5) / 3, 14);
  });

  test('mistakes', () => {
    expect(() => evenEdges(1, 1, 3)).toThrow('low < high');
    expect(() => evenEdges(0, 1, 0)).toThrow(RangeError);
    expect(() => freedmanDiaconisEdges([])).toThrow('finite values');
    expect(() => freedmanDiaconisEdges([1, Number.NaN])).toThrow('finite values');
    expect(() => freedmanDiaconisEdges([...first(1000, (i) => i * 1e-9), 1e6])).toThrow('tails too heavy');
  });
});
