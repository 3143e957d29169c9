// The Kolmogorov-Smirnov distance between values and a law, and its p-value when the law was fixed beforehand; the same
// for two samples. For a law whose mean was taken from the same values see core/random-matrix/spacing-test.ts: these
// p-values would be too large.
import { sorted } from './estimate.js';

/**
 * sup |F_n - F|, F_n being the distribution function of the values; NaN for an empty list or when a value is NaN.
 *
 * @param cdf distribution function of the law, continuous
 */
export function kolmogorovSmirnovDistance(values: ArrayLike<number>, cdf: (x: number) => number): number {
  const ascending = sorted(values);
  const n = ascending.length;
  if (n === 0) return Number.NaN;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const expected = cdf(ascending[i]);
    // Math.max keeps NaN.
    distance = Math.max(distance, expected - i / n, (i + 1) / n - expected);
  }
  return distance;
}

/** P(sup |Brownian bridge| > x) (Kolmogorov 1933). Its two series are exact to rounding where they are used. */
export function kolmogorovTail(x: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? Number.NaN : 1;
  let sum = 0;
  if (x < 1) {
    for (let k = 1; k <= 5; k++) sum += Math.exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let k = 1; k <= 5; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}

/**
 * Probability of a larger distance when n independent values do come from the law. Kolmogorov's limit with the
 * correction for finite n of Stephens 1970 (doi:10.1111/j.2517-6161.1970.tb00821.x): within 0.01 from n = 5 on.
 */
export function kolmogorovSmirnovPValue(distance: number, n: number): number {
  const root = Math.sqrt(n);
  return kolmogorovTail((root + 0.12 + 0.11 / root) * distance);
}

/** Largest difference of the two empirical distribution functions. */
export function twoSampleDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = sorted(a);
  const y = sorted(b);
  let i = 0;
  let j = 0;
  let distance = 0;
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i], y[j]);
    while (i < x.length && x[i] <= at) i += 1;
    while (j < y.length && y[j] <= at) j += 1;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  return distance;
}

/** Smirnov's limit law with Stephens' correction for finite samples, in the effective number n m / (n + m). */
export function twoSamplePValue(distance: number, n: number, m: number): number {
  const root = Math.sqrt((n * m) / (n + m));
  return kolmogorovTail((root + 0.12 + 0.11 / root) * distance);
}
