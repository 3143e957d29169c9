// The usual check of the weights: for a blow-up of the norm, and for saturation.
import type { Arena } from '../contracts/environment.js';
import type { RunServices } from '../contracts/services.js';
import type { Kernels } from '../kernels/kernels.js';

/** Steps between two checks of the weights. Part of what a run is: it decides at which step divergence is found. */
export const CHECK_INTERVAL = 100;

/**
 * Diverged: the Frobenius norm exceeds `weightGrowth` times the larger of its initial value and sqrt(size), or is not
 * finite. The norm bounds the largest singular value of every block.
 *
 * Saturated: the gradient on the whole data set is exactly zero at a loss above zero and the weights have stood still
 * since the last check: every derivative of the activations has rounded to zero and nothing can move any more (derived).
 */
export function openDivergenceCheck(arena: Arena, kernels: Kernels): RunServices['divergence'] {
  return (limits, model, initial) => {
    const { size, samples } = model;
    const slot = arena.vector(1);
    kernels.sumSquares(initial, size, slot);
    const limitSquared = limits.weightGrowth ** 2 * Math.max(slot[0], size);
    const lastNorm = arena.vector(1).fill(slot[0]);
    return {
      state: lastNorm,
      isFinite(theta) {
        kernels.sumSquares(theta, size, slot);
        return slot[0] < Number.POSITIVE_INFINITY;
      },
      check(theta, gradient, fullBatch) {
        kernels.sumSquares(theta, size, slot);
        const norm = slot[0];
        if (!(norm <= limitSquared)) return 'diverged';
        const still = norm === lastNorm[0];
        lastNorm[0] = norm;
        if (!still || !Number.isFinite(samples)) return 'completed';
        kernels.sumSquares(gradient(), size, slot);
        if (slot[0] !== 0) return 'completed';
        const all = fullBatch();
        kernels.sumSquares(all.gradient, size, slot);
        return slot[0] === 0 && all.loss > 0 ? 'saturated' : 'completed';
      },
    };
  };
}
