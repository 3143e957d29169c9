// The Kolmogorov-Smirnov distance between values and a law, and its p-value when the law was fixed beforehand; the same
// for two samples. For a law whose mean was taken from the same values see core/theory/random-matrix/spacing-test.ts: these
// p-values would be too large.
import { exp } from '../kernels/elementary.js';
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
    for (let k = 1; k <= 5; k++) sum += exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let k = 1; k <= 5; k++) sum += (k % 2 === 1 ? 2 : -2) * exp(-2 * k * k * x * x);
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

/** Largest difference of the two empirical distribution functions; NaN for an empty sample or when a value is NaN. */
export function twoSampleDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = sorted(a);
  const y = sorted(b);
  // NaN is sorted to the end.
  if (!(x.length > 0 && y.length > 0) || Number.isNaN(x[x.length - 1] + y[y.length - 1])) return Number.NaN;
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

/** Up to this product of the two numbers the exact law is computed, in some 50 ms at most. */
const MOST_PAIRS = 1e7;

/**
 * Probability that a path of n steps right and m steps up, all in a random order, comes to |i / n - j / m| >= d somewhere:
 *
 *     v(i, j) = 1 there, and i / (i + j) v(i - 1, j) + j / (i + j) v(i, j - 1) elsewhere
 *
 * All terms are positive, so that small probabilities keep their digits.
 *
 * @param reach d n m, whole
 */
function probabilityOfReach(reach: number, n: number, m: number): number {
  if (reach <= 0) return 1;
  const row = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i * m - j * n) >= reach) row[j] = 1;
      else if (i === 0) row[j] = j === 0 ? 0 : row[j - 1];
      else row[j] = (i * row[j] + (j === 0 ? 0 : j * row[j - 1])) / (i + j);
    }
  }
  return row[m];
}

/**
 * Probability of a distance as large or larger for two samples of n and m values of one continuous law: exact up to
 * n m = 10^7 by counting lattice paths (Hodges 1958, doi:10.1007/BF02589501), Smirnov's limit law above, which is within
 * 0.2 % of it for n = m = 3000 and p > 0.001. With ties among the values it is an upper bound. NaN for a distance that is
 * NaN or an empty sample.
 */
export function twoSamplePValue(distance: number, n: number, m: number): number {
  if (Number.isNaN(distance) || !(n > 0 && m > 0)) return Number.NaN;
  const pairs = n * m;
  if (pairs > MOST_PAIRS) return kolmogorovTail(Math.sqrt(pairs / (n + m)) * distance);
  // Distances are multiples of 1 / (n m) to rounding.
  return probabilityOfReach(Math.ceil(distance * pairs - 1e-6), n, m);
}
