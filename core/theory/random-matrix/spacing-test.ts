// Do spacings follow Wigner's surmise? The Kolmogorov-Smirnov test for spacings that are divided by their own mean.
// Fitting the mean brings values and law closer together, so the textbook p-value would be far too large (Lilliefors
// 1967, doi:10.1080/01621459.1967.10482916, for the normal law); the tables here are for the surmise.
import { exp, log, power } from '../../kernels/elementary.js';
import { mean } from '../../statistics/estimate.js';
import { kolmogorovSmirnovDistance } from '../../statistics/kolmogorov-smirnov.js';
import { CRITICAL, TAILS } from './spacing-test-table.js';
import { type Beta, surmiseCdf } from './wigner-surmise.js';

export interface SpacingTest {
  /** sup |F_n(s) - F(s)| with s the spacings divided by their mean. */
  readonly distance: number;
  /** Probability of a larger distance for n independent spacings that follow the surmise. */
  readonly pValue: number;
  /** <s^2>, to be compared with `surmiseSecondMoment`. */
  readonly secondMoment: number;
  readonly n: number;
}

const LEAST = 5;

const logit = (p: number) => log(p / (1 - p));

/**
 * P(distance of n independent spacings > `distance`), from the simulated tables by interpolation in log(p/(1 - p)):
 * within 5 % of p, or 0.002 if that is more, down to 0.001; within 20 % to 0.0001; extrapolated beyond. NaN below 5
 * spacings.
 */
export function spacingTestPValue(beta: Beta, distance: number, n: number): number {
  if (!(n >= LEAST) || Number.isNaN(distance)) return Number.NaN;
  const x = Math.sqrt(n) * distance;
  const critical = CRITICAL[beta].map((coefficients) =>
    coefficients.reduce((sum, coefficient, k) => sum + coefficient / power(n, k / 2), 0),
  );
  const last = critical.length - 1;
  let i = 0;
  while (i < last - 1 && critical[i + 1] < x) i += 1;
  // Far out a distance is as likely as a Gaussian of its size, so log p is linear in the square.
  if (x > critical[last]) {
    const slope = log(TAILS[last] / TAILS[last - 8]) / (critical[last] ** 2 - critical[last - 8] ** 2);
    return TAILS[last] * exp(slope * (x * x - critical[last] ** 2));
  }
  const fraction = (x - critical[i]) / (critical[i + 1] - critical[i]);
  return 1 / (1 + exp(-(logit(TAILS[i]) + fraction * (logit(TAILS[i + 1]) - logit(TAILS[i])))));
}

/**
 * Tests independent spacings of one population, such as one pair of levels over seeds. Spacings of neighbouring pairs of
 * one spectrum, or of frames closer than the relaxation time, are not independent: p comes out too small or too large.
 *
 * @param spacings 0 or more each, in any unit; none of them is changed
 * @returns NaN for the p-value below 5 spacings, and throughout when a spacing is NaN
 */
export function testSpacings(spacings: ArrayLike<number>, beta: Beta = 1): SpacingTest {
  const n = spacings.length;
  const unit = mean(spacings);
  const scaled = Float64Array.from(spacings, (spacing) => spacing / unit);
  const distance = kolmogorovSmirnovDistance(scaled, (s) => surmiseCdf(beta, s));
  const secondMoment = mean(scaled.map((s) => s * s));
  return { distance, pValue: spacingTestPValue(beta, distance, n), secondMoment, n };
}
