// Wigner's semicircle: the density of the levels of a large symmetric Gaussian matrix, and of an n-fold degenerate level
// under Dyson dynamics.
import { asin } from '../../kernels/elementary.js';
import { type Estimate, mean } from '../../statistics/estimate.js';
import { jackknifeAll } from '../../statistics/jackknife.js';

export interface Semicircle {
  readonly centre: number;
  /** Half the width of the support. */
  readonly radius: number;
}

/** 2/(pi radius^2) sqrt(radius^2 - (x - centre)^2), 0 outside. Source: Wigner 1958, doi:10.2307/1970008. */
export function semicircleDensity({ centre, radius }: Semicircle, x: number): number {
  const u = (x - centre) / radius;
  return Math.abs(u) >= 1 ? 0 : (2 / (Math.PI * radius)) * Math.sqrt(1 - u * u);
}

/** Distribution function of the same law. */
export function semicircleCdf({ centre, radius }: Semicircle, x: number): number {
  const u = Math.min(1, Math.max(-1, (x - centre) / radius));
  return 0.5 + (u * Math.sqrt(1 - u * u) + asin(u)) / Math.PI;
}

/**
 * Radius for a level of given degeneracy, sigma sqrt(2 degeneracy): limit of a large degeneracy of the law
 * prod |x_i - x_j| exp(-sum (x_i - centre)^2 / (2 sigma^2)) (derived; in arXiv:2407.16427's notation).
 */
export function clusterRadius(sigma: number, degeneracy: number): number {
  return sigma * Math.sqrt(2 * degeneracy);
}

/**
 * Fit by moments: the centre is the mean and the radius twice the standard deviation of the levels about it. Maximum
 * likelihood would be ruled by the one level that lies farthest out, because the density ends.
 *
 * @param levels all levels of all realisations, in any order
 */
export function fitSemicircle(levels: ArrayLike<number>): Semicircle {
  const centre = mean(levels);
  let sum = 0;
  for (let i = 0; i < levels.length; i++) sum += (levels[i] - centre) ** 2;
  return { centre, radius: 2 * Math.sqrt(sum / levels.length) };
}

/**
 * The same fit with jackknife errors over independent spectra. Finite matrices have wider tails than the semicircle:
 * the radius of n levels comes out larger than that of the limit by a factor sqrt(1 + 1/n) for beta = 1 (derived).
 *
 * @throws RangeError below two spectra
 */
export function estimateSemicircle(spectra: readonly ArrayLike<number>[]): {
  readonly centre: Estimate;
  readonly radius: Estimate;
} {
  const [centre, radius] = jackknifeAll(spectra, (some) => {
    const fit = fitSemicircle(some.flatMap((levels) => Array.from(levels)));
    return [fit.centre, fit.radius];
  });
  return { centre, radius };
}
