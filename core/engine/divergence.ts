// Watches the weights of a run for the ends that a bounded loss cannot show: a blow-up of the norm, and saturation.
import type { RunStatus } from '../contracts/classifier.js';
import type { Arena } from '../contracts/environment.js';
import type { Model } from '../contracts/model.js';
import type { Evaluation } from '../contracts/observer.js';
import type { Vector } from '../contracts/vector.js';
import type { Kernels } from '../kernels/kernels.js';

export interface Watch {
  /** Whether the norm of the weights is a finite number: where it is not, there is nothing to measure. */
  isFinite(theta: Vector): boolean;
  /**
   * @param gradient on the last batch; asked only while the weights stand still
   * @returns 'diverged', 'saturated', or 'completed' when nothing is wrong.
   */
  check(theta: Vector, gradient: () => Vector, fullBatch: () => Evaluation): RunStatus;
  /** Must survive a checkpoint. */
  readonly state: Vector;
}

/**
 * Diverged: the Frobenius norm exceeds `weightGrowth` times the larger of its initial value and sqrt(size), or is not
 * finite. The norm bounds the largest singular value of every block.
 *
 * Saturated: the gradient on the whole data set is exactly zero at a loss above zero and the weights have stood still
 * since the last check: every derivative of the activations has rounded to zero and nothing can move any more (derived).
 */
export function createWatch(
  limits: { readonly weightGrowth: number },
  model: Model,
  initial: Vector,
  arena: Arena,
  kernels: Kernels,
): Watch {
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
}
