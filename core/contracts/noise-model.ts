// Contract: noise model. A law over sample weights, plus an optional additive perturbation. This one idea covers
// minibatches of every kind, masks, and the exact-covariance Langevin surrogate.
import type { Clock } from './clock.js';
import type { Indices, Vector } from './vector.js';

export interface NoiseModel {
  /** The most samples that one draw returns. */
  readonly maxBatch: number;
  /** Samples that one step counts for in an epoch. */
  readonly samplesPerStep: number;
  /**
   * Chooses the batch of step `at.step` as a pure function of the step: asking twice gives the same batch.
   *
   * @param batch sample numbers, overwritten in 0 .. n - 1
   * @param weights their weights in the gradient, overwritten in 0 .. n - 1
   * @param samples size of the data set
   * @returns n, the number of samples drawn
   */
  draw(batch: Indices, weights: Vector, samples: number, at: Clock): number;
  /** Adds to the gradient (size of theta). */
  perturb?(gradient: Vector, theta: Vector, at: Clock): void;
}
