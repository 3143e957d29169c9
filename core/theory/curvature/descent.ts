// Stability of descent with momentum on a quadratic form, with and without noise in its curvature.
import type { Descent, Optimiser } from '../../contracts/optimiser.js';
import { EigenflowError } from '../../errors.js';

/**
 * How steps follow from gradients, for an observer whose theory is about that. Called in `create`.
 *
 * @throws EigenflowError `component` when the optimiser does not say
 */
export function requireDescent(descent: Optimiser['descent'], observer: string): Descent {
  if (descent) return descent;
  throw new EigenflowError(
    'component',
    'observers',
    `${observer} holds for descent, with momentum or without; this optimiser does not say that its steps are of this kind`,
  );
}

/**
 * Step size times curvature above which a deviation grows: 2 for plain descent, 2 (1 + m) for the heavy ball,
 * 2 (1 + m)/(1 + 2 m) for Nesterov's form, m the momentum. From the roots of the recursions (Polyak 1964,
 * doi:10.1016/0041-5553(64)90137-5, for the heavy ball; the other derived).
 */
export function stableLimit({ momentum, nesterov }: Descent): number {
  const heavyBall = 2 * (1 + momentum);
  return nesterov ? heavyBall / (1 + 2 * momentum) : heavyBall;
}

/**
 * Weight of noise in the curvature. A deviation whose curvature in each step is h_k, independent, of mean h and variance v,
 * is stable in mean square where
 *
 *     2 eps h/limit + noiseWeight eps v/h < 2
 *
 * eps the step size and `limit` as above; noiseWeight is 1 for plain descent and 1/(1 - m) for the heavy ball. Derived: the
 * squared response to a unit impulse, summed over steps, times eps^2 v, is 1 at the limit; with Nesterov's form the
 * response is that of the look-ahead point, at which gradients are taken.
 *
 * @param x eps h
 */
export function noiseWeight({ momentum: m, nesterov }: Descent, x: number): number {
  if (!nesterov) return 1 / (1 - m);
  const q = 1 - x;
  return (((1 + m) ** 2 + m * m) * (1 + m * q) - 2 * m * q * (1 + m) ** 2) / ((1 - m * q) * (1 + m));
}

/** Learning times in which plain descent goes as far as this one in one, where gradients vary slowly: 1/(1 - momentum). */
export const descentGain = ({ momentum }: Descent): number => 1 / (1 - momentum);
