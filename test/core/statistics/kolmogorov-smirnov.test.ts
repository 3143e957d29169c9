// Kolmogorov-Smirnov distances and p-values: closed cases, scipy 1.17.1 (kstwobign.sf, kstwo.sf), uniformity under the
// null.
import { describe, expect, test } from 'vitest';
import { meanEstimate } from '../../../core/statistics/estimate.js';
import {
  kolmogorovSmirnovDistance,
  kolmogorovSmirnovPValue,
  kolmogorovTail,
  twoSampleDistance,
  twoSamplePValue,
} from '../../../core/statistics/kolmogorov-smirnov.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';

const uniform = (x: number) => Math.min(1, Math.max(0, x));

describe('distance', () => {
  test.each([
    [[0.5], 0.5],
    [[0.1], 0.9],
    [[0.25, 0.75], 0.25],
    [[0.9, 0.2, 0.3], 11 / 30],
    [[1, 1, 1], 1],
  ])('of %j to the uniform law is %d', (values, expected) => {
    expect(kolmogorovSmirnovDistance(values, uniform)).toBeCloseTo(expected, 12);
  });

  test('is NaN without values, and with one that is NaN', () => {
    expect(kolmogorovSmirnovDistance([], uniform)).toBeNaN();
    expect(kolmogorovSmirnovDistance([0.2, Number.NaN, 0.3], uniform)).toBeNaN();
  });
});

test.each([
  [0.3, 0.9999906941986655],
  [0.5, 0.9639452436648751],
  [0.8, 0.5441424115741981],
  [0.999, 0.27107316411506394],
  [1.001, 0.26892926629862707],
  [1.36, 0.049485876755377876],
  [2, 0.0006709252557796953],
])("Kolmogorov's limit law at %d", (x, expected) => {
  expect(Math.abs(kolmogorovTail(x) - expected)).toBeLessThan(1e-14);
});

test.each([
  [5, 0.4, 0.3087999999999995],
  [10, 0.3, 0.27053557479999946],
  [50, 0.15, 0.19026366518248072],
  [1000, 0.05, 0.013012074781090332],
])('p-value for n = %d, distance %d within 0.01', (n, distance, expected) => {
  expect(Math.abs(kolmogorovSmirnovPValue(distance, n) - expected)).toBeLessThan(0.01);
});

test('p-values of uniform samples are uniform: 2000 samples of 40', () => {
  const random = createRandomSource(1, 'uniform samples');
  const p = Array.from({ length: 2000 }, () => {
    const values = Array.from({ length: 40 }, () => random.uniform());
    return kolmogorovSmirnovPValue(kolmogorovSmirnovDistance(values, uniform), 40);
  });
  const { value, error } = meanEstimate(p);
  expect(error).toBeLessThan(0.008);
  expect(Math.abs(value - 0.5)).toBeLessThan(4 * error);
  expect(kolmogorovSmirnovPValue(kolmogorovSmirnovDistance(p, uniform), 2000)).toBeGreaterThan(0.001);
});

describe('two samples', () => {
  test('are at distance 0 from themselves and 1 from what lies apart', () => {
    expect(twoSampleDistance([1, 2, 3], [1, 2, 3])).toBe(0);
    expect(twoSampleDistance([1, 2, 3], [4, 5])).toBe(1);
    expect(twoSampleDistance([1, 2, 3, 4], [2.5, 3.5, 4.5, 5.5])).toBe(0.5);
  });

  test('have the p-value of tables', () => {
    // Smirnov's limit law at 1.36 is 0.0495.
    expect(twoSamplePValue(1.36 / Math.sqrt(5000), 10000, 10000)).toBeCloseTo(0.0495, 2);
  });

  test.each([48, 192])('p-values of two samples of %d from one law are no smaller than uniform ones', (n) => {
    const random = createRandomSource(n, 'two samples');
    const draw = () => Array.from({ length: n }, () => random.uniform());
    const p = Array.from({ length: 1000 }, () => twoSamplePValue(twoSampleDistance(draw(), draw()), n, n));
    // Distances come in steps of 1/n: the p-value is that of the step above, or a little more.
    for (const level of [0.01, 0.05, 0.3]) {
      const rejected = p.filter((value) => value <= level).length / 1000;
      const error = Math.sqrt((level * (1 - level)) / 1000);
      expect(rejected).toBeLessThan(level + 3.5 * error);
      expect(rejected).toBeGreaterThan(0.4 * level - 3.5 * error);
    }
    const { value, error } = meanEstimate(p);
    expect(error).toBeLessThan(0.012);
    expect(value).toBeGreaterThan(0.45);
    expect(value).toBeLessThan(0.6);
  });
});
