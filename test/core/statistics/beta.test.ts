// The beta law against closed forms and sums, and the coverage of the bands that rest on it.
import { describe, expect, it } from 'vitest';
import { betaCdf, betaQuantile, logGamma } from '../../../core/statistics/beta.js';

describe('the logarithm of the gamma function', () => {
  it('is that of factorials and of half-integers', () => {
    let factorial = 1;
    for (let n = 1; n < 30; n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 12);
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    expect(logGamma(0.25)).toBeCloseTo(Math.log(3.625609908221908), 13);
  });
});

describe('the beta law', () => {
  it('is a binomial sum for whole parameters', () => {
    const choose = (n: number, k: number) =>
      Math.round(Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)));
    for (const [a, b] of [
      [1, 1],
      [3, 5],
      [12, 2],
      [7, 40],
    ]) {
      for (const x of [0.01, 0.2, 0.5, 0.93]) {
        const n = a + b - 1;
        let sum = 0;
        for (let k = a; k <= n; k++) sum += choose(n, k) * x ** k * (1 - x) ** (n - k);
        expect(betaCdf(x, a, b)).toBeCloseTo(sum, 11);
      }
    }
  });

  it('is the arcsine law for a = b = 1/2', () => {
    for (const x of [1e-6, 0.1, 0.5, 0.8, 0.999999]) {
      expect(betaCdf(x, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 11);
    }
  });

  it('is inverted by its quantiles', () => {
    for (const [a, b] of [
      [0.25, 12.75],
      [0.5, 0.5],
      [5.25, 0.75],
      [100.25, 3.75],
    ]) {
      for (const p of [0.158655, 0.5, 0.841345]) expect(betaCdf(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 10);
    }
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1]);
  });
});
