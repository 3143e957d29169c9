// Student's law, by which a mean is judged whose error was estimated from the same values.
import { betaCdf, betaQuantile } from './beta.js';

/**
 * P(|T| > |t|) = I_x(v/2, 1/2) with x = v / (v + t^2) for v degrees of freedom (Student 1908; DLMF 8.17). Within 1e-12 up
 * to v = 1000; NaN when t or v is NaN.
 *
 * @param degrees v > 0, need not be whole
 */
export function studentTwoSided(t: number, degrees: number): number {
  if (Number.isNaN(t) || !(degrees > 0)) return Number.NaN;
  return betaCdf(degrees / (degrees + t * t), degrees / 2, 1 / 2);
}

/** The t > 0 that |T| exceeds with probability p, for v degrees of freedom: the inverse of `studentTwoSided`. */
export function studentTwoSidedQuantile(p: number, degrees: number): number {
  if (Number.isNaN(p) || !(degrees > 0)) return Number.NaN;
  return Math.sqrt(degrees / betaQuantile(p, degrees / 2, 1 / 2) - degrees);
}
