// Means by Welch's test: scipy 1.17.1 (ttest_ind, equal_var=False), and how often equal laws are told apart.
import { describe, expect, it } from 'vitest';
import { contrastMeans, type MeasuredMean, meansPValue } from '../../../analysis/comparison/means.js';
import { meanEstimate } from '../../../core/statistics/estimate.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';

function meanOf(values: readonly number[]): MeasuredMean {
  const { value, error, n } = meanEstimate(values);
  return { mean: value, meanError: error, n };
}

describe('two means', () => {
  it.each([
    [[1, 2, 6], [3, 5, 4, 9.5], 0.3119026124525853],
    [[30.1, 29.8], [30.9, 31], 0.07023282926270782],
  ])('%j and %j', (a, b, expected) => {
    expect(contrastMeans(meanOf(a), meanOf(b)).pValue).toBeCloseTo(expected, 11);
    expect(contrastMeans(meanOf(b), meanOf(a)).pValue).toBeCloseTo(expected, 11);
  });

  it('that do not fluctuate are the same or not', () => {
    const at = (mean: number): MeasuredMean => ({ mean, meanError: 0, n: 4 });
    expect(contrastMeans(at(1), at(1)).pValue).toBe(1);
    expect(contrastMeans(at(1), at(2)).pValue).toBe(0);
    expect(contrastMeans(at(1), at(Number.NaN)).pValue).toBeNaN();
  });
});

describe('the farthest of many means', () => {
  it('counts all of them', () => {
    const pValue = (p: number) => ({ difference: 0, error: 1, degrees: 9, pValue: p });
    expect(meansPValue([pValue(0.004), pValue(0.5), pValue(1)])).toBeCloseTo(0.012, 12);
    expect(meansPValue([pValue(0.5), pValue(0.6), pValue(1)])).toBe(1);
    expect(meansPValue([pValue(0.5), pValue(Number.NaN)])).toBeNaN();
    expect(meansPValue([])).toBe(1);
  });

  const WINDOWS = 4000;
  const NUMBERS = 12;
  /** Fraction of windows that fail at 1 %. */
  function failures(n: number, draw: () => number, shift = 0, windows = WINDOWS): number {
    const sample = (by: number) => meanOf(Array.from({ length: n }, () => draw() + by));
    const fails = () =>
      meansPValue(Array.from({ length: NUMBERS }, () => contrastMeans(sample(0), sample(shift)))) < 0.01;
    return Array.from({ length: windows }, fails).filter(Boolean).length / windows;
  }
  // Standard deviation of a fraction of 1 % in so many windows: 0.0016. Normal quantiles gave 84, 21 and 6 % at n = 2, 4, 8.
  const error = Math.sqrt((0.01 * 0.99) / WINDOWS);

  it.each([2, 4, 8, 16, 64])('of equal normal laws fails in 1 % of windows or fewer, %d realisations', (n) => {
    const random = createRandomSource(n, 'equal means');
    const rate = failures(n, () => random.normal());
    expect(error).toBeLessThan(0.002);
    expect(rate).toBeLessThan(0.01 + 3 * error);
    if (n >= 8) expect(rate).toBeGreaterThan(0.01 - 3 * error);
  });

  it.each([2, 4, 8, 16])('of equal laws with heavy tails as well, %d realisations', (n) => {
    const random = createRandomSource(n, 'equal means, heavy tails');
    const student = () => {
      const [a, b, c] = [random.normal(), random.normal(), random.normal()];
      return random.normal() / Math.sqrt((a * a + b * b + c * c) / 3);
    };
    expect(failures(n, student)).toBeLessThan(0.01 + 3 * error);
  });

  it.each([
    [8, 4],
    [64, 1],
  ])('is found in %d realisations when it lies %d standard deviations off', (n, shift) => {
    const random = createRandomSource(n, 'other means');
    expect(failures(n, () => random.normal(), shift, 200)).toBeGreaterThan(0.95);
  });
});
