// The law of a soft spin phi = tanh(z) with Gaussian z: its density, its critical variance and its modes.
import { atanh, exp, tanh } from '../kernels/elementary.js';

/** Variance of z at which the density of tanh(z), z ~ N(0, variance), turns from one mode to two (arXiv:2509.01349). */
export const CRITICAL_VARIANCE = 0.5;

/**
 * Density of phi = tanh(z) at phi, z ~ N(0, variance):
 *
 *     p_tanh(phi) = exp(-artanh(phi)^2 / (2 variance)) / [(1 - phi^2) sqrt(2 pi variance)]
 *
 * (arXiv:2509.01349). 0 outside (-1, 1).
 */
export function tanhDensity(phi: number, variance: number): number {
  if (!(Math.abs(phi) < 1)) return Number.isNaN(phi) ? Number.NaN : 0;
  const z = atanh(phi);
  return exp(-(z * z) / (2 * variance)) / ((1 - phi * phi) * Math.sqrt(2 * Math.PI * variance));
}

/**
 * The mode of that density at phi >= 0: tanh(a) of the solution a > 0 of tanh(a) = a / (2 variance), 0 up to the
 * critical variance, above which the density has a mode on either side (derived).
 */
export function tanhMode(variance: number): number {
  if (!(variance > CRITICAL_VARIANCE)) return Number.isNaN(variance) ? Number.NaN : 0;
  // tanh(a) - a / (2 variance) is positive below the solution and negative above it, up to 2 variance.
  let [low, high] = [0, 2 * variance];
  for (let k = 0; k < 200 && low < high; k++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (tanh(middle) > middle / (2 * variance)) low = middle;
    else high = middle;
  }
  return tanh(high);
}

/**
 * The initial width sigma_W of a layer at which its pre-activations reach the critical variance: their variance is
 * sigma_W^2 times the mean square of what the layer reads (derived). 1/sqrt(2) for inputs of unit mean square, which is
 * the line drawn in arXiv:2509.01349; 1.13 for tanh of a standard normal.
 */
export function criticalWidth(meanSquareInput: number): number {
  return Math.sqrt(CRITICAL_VARIANCE / meanSquareInput);
}
