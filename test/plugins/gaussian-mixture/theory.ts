// What the plugin `gaussian-mixture` is held against, written without it.
import { distanceFromHull } from './distance-from-hull.js';

/**
 * Overlap after k full steps of planted regression, X with n = alpha d rows N(0, 1_d/d), alpha >= 1: an average over the
 * spectrum of X^T X, sqrt((b - g)(g - a))/(2 pi g) between a, b = (sqrt(alpha) -+ 1)^2. Masks of weights s/b leave the mean
 * over masks as it is, because the step is linear in w.
 */
export function plantedOverlap(
  k: number,
  { alpha, rate, decay, start }: { alpha: number; rate: number; decay: number; start: number },
): number {
  const [low, high] = [(Math.sqrt(alpha) - 1) ** 2, (Math.sqrt(alpha) + 1) ** 2];
  const points = 20_000;
  let sum = 0;
  // g = middle - half cos(angle): the root at both ends becomes a square of the sine.
  for (let i = 0; i < points; i++) {
    const angle = (Math.PI * (i + 0.5)) / points;
    const half = (high - low) / 2;
    const g = (high + low) / 2 - half * Math.cos(angle);
    const density = (half * Math.sin(angle)) ** 2 / (2 * Math.PI * g);
    const left = (1 - rate * (decay + g)) ** k;
    sum += density * (start * left + (g / (decay + g)) * (1 - left));
  }
  return (sum * Math.PI) / points;
}

/** Error after one step from w = 0 on two clusters, along the mean of label x input (Hebb's rule), any loss. */
export function hebbianError(
  noiseVariance: number,
  alpha: number,
  fraction: number,
  erfc: (x: number) => number,
): number {
  return erfc(1 / Math.sqrt(2 * noiseVariance * (1 + noiseVariance / (alpha * fraction)))) / 2;
}

/**
 * Whether a hyperplane through the origin separates rows x with signs y. It does not exactly where 0 is a convex combination
 * of the rows y x (Gordan's theorem).
 *
 * @param signed rows y x
 */
export const isSeparable = (signed: readonly Float64Array[]) => distanceFromHull(signed) > 1e-6;
