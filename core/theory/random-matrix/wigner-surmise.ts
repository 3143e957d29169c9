// Wigner's surmise: the law of the spacing of two levels that repel with |x1 - x2|^beta. Exact for 2 x 2 Gaussian
// matrices, within 1 % for neighbouring levels of large ones.
import { exp, expm1, power } from '../../kernels/elementary.js';
import { erf } from '../../statistics/special-functions.js';

/** Dyson's index: real symmetric (1), complex Hermitian (2), quaternion self-dual (4) matrices. */
export type Beta = 1 | 2 | 4;

export const BETAS: readonly Beta[] = [1, 2, 4];

/** p(s) = amplitude s^beta exp(-rate s^2) with both moments <1> and <s> equal to 1. */
const laws: Readonly<Record<Beta, { readonly amplitude: number; readonly rate: number }>> = {
  1: { amplitude: Math.PI / 2, rate: Math.PI / 4 },
  2: { amplitude: 32 / Math.PI ** 2, rate: 4 / Math.PI },
  4: { amplitude: 2 ** 18 / (729 * power(Math.PI, 3)), rate: 64 / (9 * Math.PI) },
};

/**
 * Density of the spacing s >= 0 in units of its mean; 0 below 0. Source: Mehta, Random Matrices, 3rd ed., section 1.5;
 * for beta = 1 (pi/2) s exp(-pi s^2/4), arXiv:2407.16427.
 */
export function surmiseDensity(beta: Beta, s: number): number {
  if (s < 0) return 0;
  const { amplitude, rate } = laws[beta];
  return amplitude * power(s, beta) * exp(-rate * s * s);
}

/** Distribution function of the same law (derived by integration by parts). */
export function surmiseCdf(beta: Beta, s: number): number {
  if (s <= 0) return 0;
  const y2 = laws[beta].rate * s * s;
  if (beta === 1) return -expm1(-y2);
  const y = Math.sqrt(y2);
  const polynomial = beta === 2 ? 1 : 1 + (2 * y2) / 3;
  return erf(y) - (2 / Math.sqrt(Math.PI)) * y * polynomial * exp(-y2);
}

/** <s^2> = (beta + 1) / (2 rate): 4/pi for beta = 1, 3 pi/8 for 2, 45 pi/128 for 4. */
export function surmiseSecondMoment(beta: Beta): number {
  return (beta + 1) / (2 * laws[beta].rate);
}
