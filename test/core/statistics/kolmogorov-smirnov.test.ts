// Kolmogorov-Smirnov distances and p-values: closed cases, scipy 1.17.1 (kstwobign.sf, kstwo.sf,
// ks_2samp with method='exact'), uniformity under the
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

  test('are at no distance that is known when one is empty or holds a NaN', () => {
    expect(twoSampleDistance([], [1])).toBeNaN();
    expect(twoSampleDistance([1], [])).toBeNaN();
    expect(twoSampleDistance([1, Number.NaN, 3], [1, 2])).toBeNaN();
    expect(twoSampleDistance([1, 2], [Number.NaN, Number.NaN])).toBeNaN();
    expect(twoSampleDistance([1, Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY, 2])).toBe(0.5);
    expect(twoSamplePValue(Number.NaN, 4, 4)).toBeNaN();
    expect(twoSamplePValue(0, 0, 4)).toBeNaN();
  });

  // n, m, distance x n x m.
  test.each([
    [1, 1, 1, 1],
    [4, 4, 16, 2 / 70],
    [4, 4, 12, 16 / 70],
    [7, 5, 35, 2 / 792],
    [8, 8, 40, 0.08702408702408701],
    [8, 8, 16, 0.98010878010878],
    [3, 5, 11, 0.14285714285714288],
    [5, 7, 20, 0.23737373737373738],
    [2, 9, 13, 0.21818181818181817],
    [32, 32, 352, 0.04486227643337436],
    [32, 32, 704, 1.6530745332001502e-7],
    [64, 64, 1024, 0.03624313869735272],
    [64, 64, 1920, 1.0030518297900546e-6],
    [30, 40, 360, 0.0762046102472055],
    [48, 64, 768, 0.05562093263989259],
    [100, 77, 7000, 4.69169982841958e-39],
    [500, 500, 30000, 0.001478117952199697],
    [1000, 1000, 80000, 0.003311056963176061],
    [3000, 3000, 300000, 0.07134036622341666],
  ])('of %d and %d values have the exact p-value (scipy), at %d', (n, m, reach, expected) => {
    expect(twoSamplePValue(reach / (n * m), n, m) / expected).toBeCloseTo(1, 9);
    expect(twoSamplePValue(reach / (n * m), m, n) / expected).toBeCloseTo(1, 9);
  });

  test('have distance and p-value as scipy.stats.ks_2samp says', () => {
    const a = [-0.8019, -1.3244, -0.2484, 0.4204];
    const b = [2.5041, 0.9646, -0.029, -0.3772, 1.9231, 3.2522];
    expect(twoSampleDistance(a, b)).toBeCloseTo(2 / 3, 14);
    expect(twoSamplePValue(twoSampleDistance(a, b), 4, 6)).toBeCloseTo(0.18095238095238098, 12);
  });

  test("have the p-value of Smirnov's limit law where they are many", () => {
    // The exact law just below where it gives way, at distances that there are.
    for (const k of [60, 110, 160]) {
      const limit = kolmogorovTail((k / 3100) * Math.sqrt(3100 / 2));
      expect(Math.abs(twoSamplePValue(k / 3100, 3100, 3100) / limit - 1)).toBeLessThan(0.005);
    }
    // kstwobign.sf(1.36).
    expect(twoSamplePValue(1.36 / Math.sqrt(5000), 10000, 10000)).toBeCloseTo(0.049485876755377876, 12);
  });

  test.each([
    [4, 4],
    [8, 8],
    [5, 9],
  ])('of %d and %d values: every arrangement of ranks is counted once', (n, m) => {
    // By brute force over all C(n + m, n) arrangements.
    const distances: number[] = [];
    for (let bits = 0; bits < 2 ** (n + m); bits++) {
      const ranks = Array.from({ length: n + m }, (_, i) => i);
      const a = ranks.filter((i) => (bits >> i) & 1);
      if (a.length === n)
        distances.push(
          twoSampleDistance(
            a,
            ranks.filter((i) => !((bits >> i) & 1)),
          ),
        );
    }
    for (const distance of new Set(distances)) {
      const share = distances.filter((other) => other >= distance - 1e-9).length / distances.length;
      expect(twoSamplePValue(distance, n, m)).toBeCloseTo(share, 12);
    }
  });

  test.each([8, 48, 192])('p-values of two samples of %d from one law are no smaller than uniform ones', (n) => {
    const random = createRandomSource(n, 'two samples');
    const draw = () => Array.from({ length: n }, () => random.uniform());
    const p = Array.from({ length: 1000 }, () => twoSamplePValue(twoSampleDistance(draw(), draw()), n, n));
    // Distances come in steps of 1/n, p-values in steps as well: a level between two of them is not used up.
    for (const level of [0.01, 0.05, 0.3]) {
      const rejected = p.filter((value) => value <= level).length / 1000;
      const error = Math.sqrt((level * (1 - level)) / 1000);
      expect(rejected).toBeLessThan(level + 3.5 * error);
      expect(rejected).toBeGreaterThan(0.4 * level - 3.5 * error);
    }
    const { value, error } = meanEstimate(p);
    expect(error).toBeLessThan(0.012);
    // Mean of p-values that come in steps: (1 + sum of squares of the steps) / 2.
    const steps = Array.from({ length: n }, (_, k) => twoSamplePValue((k + 1) / n, n, n));
    const expected = (1 + steps.reduce((sum, own, k) => sum + (own - (steps[k + 1] ?? 0)) ** 2, 0)) / 2;
    expect(Math.abs(value - expected)).toBeLessThan(4 * error);
  });
});
