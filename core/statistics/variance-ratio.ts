// Fisher's law of the ratio of two variances, by which scatter is judged against scatter of another origin.
import { betaCdf, betaQuantile } from './beta.js';

/**
 * P(F <= f) for a ratio of mean squares of two independent normal samples of one variance, F(d1, d2) (DLMF 8.17; Fisher
 * 1924). NaN when f or a number of degrees of freedom is.
 *
 * @param degrees d1 > 0 of the numerator and d2 > 0 of the denominator, need not be whole
 */
export function varianceRatioCdf(f: number, [d1, d2]: readonly [number, number]): number {
  if (Number.isNaN(f) || !(d1 > 0 && d2 > 0)) return Number.NaN;
  return betaCdf((d1 * f) / (d1 * f + d2), d1 / 2, d2 / 2);
}

/** P(F > f), with small probabilities as precise as large ones. */
export function varianceRatioTail(f: number, [d1, d2]: readonly [number, number]): number {
  if (Number.isNaN(f) || !(d1 > 0 && d2 > 0)) return Number.NaN;
  return f === Number.POSITIVE_INFINITY ? 0 : betaCdf(d2 / (d1 * f + d2), d2 / 2, d1 / 2);
}

/** The f that F exceeds with probability p: the inverse of `varianceRatioTail`. */
export function varianceRatioQuantile(p: number, [d1, d2]: readonly [number, number]): number {
  if (Number.isNaN(p) || !(d1 > 0 && d2 > 0)) return Number.NaN;
  const y = betaQuantile(p, d2 / 2, d1 / 2);
  return (d2 * (1 - y)) / (d1 * y);
}
