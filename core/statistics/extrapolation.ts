// Means at step size zero from runs at two step sizes: the second weak order for the Langevin equation.
import { type Estimate, meanEstimate } from './estimate.js';

/**
 * Talay-Tubaro extrapolation: the error of a mean under Euler-Maruyama is c h + O(h^2), so
 *
 *     (ratio fine - coarse)/(ratio - 1),     coarse step = ratio x fine step,
 *
 * is of weak order 2 (Talay and Tubaro 1990; for a smooth observable of the weights at a fixed time).
 *
 * This, and no one-step scheme, because the noise here is multiplicative with one Brownian motion for each of the N
 * samples. A weak second-order scheme for the Ito equation needs every sample's gradient at weights of its own, N full
 * gradients a step, or the gradient of tr C. Schemes that average gradients over the step with the same normals (Heun
 * and other Runge-Kutta schemes) are cheap and converge to the Stratonovich equation, which is another one.
 *
 * The two estimates must be independent: take different replicas, for runs at different step sizes draw the same normals
 * in steps of the same number. Pairs on the same Brownian path are better, see `extrapolatePairs`.
 *
 * @param ratio coarse step / fine step, above 1
 */
export function extrapolate(fine: Estimate, coarse: Estimate, ratio = 2): Estimate {
  return {
    value: (ratio * fine.value - coarse.value) / (ratio - 1),
    error: Math.sqrt((ratio * fine.error) ** 2 + coarse.error ** 2) / (ratio - 1),
    n: Math.min(fine.n, coarse.n),
  };
}

/**
 * The same from pairs of runs on the same Brownian path: `increments: ratio` for the coarse ones (see `langevin`). The
 * noise of the two nearly cancels in their difference, so the error bar is close to that of the fine runs alone, where
 * independent runs give sqrt(ratio^2 + 1)/(ratio - 1) times as much.
 *
 * @param fine one number per replica
 * @param coarse one number per replica, in the same order
 * @throws RangeError when the lengths differ or there are fewer than two pairs
 */
export function extrapolatePairs(fine: ArrayLike<number>, coarse: ArrayLike<number>, ratio = 2): Estimate {
  const n = fine.length;
  if (coarse.length !== n || n < 2) {
    throw new RangeError(`extrapolation needs two or more pairs, found ${n} fine and ${coarse.length} coarse runs`);
  }
  return meanEstimate(Float64Array.from(fine, (value, i) => (ratio * value - coarse[i]) / (ratio - 1)));
}
