// Contract: noise model. A law over sample weights, plus an optional additive perturbation. This one idea covers
// minibatches of every kind, masks, and the exact-covariance Langevin surrogate.
import type { Clock } from './clock.js';
import type { Indices, Vector } from './vector.js';

/**
 * How the gradient of a step is drawn at given weights, for theory that needs more of the noise than T. With C the
 * covariance of the gradients of single samples (divisor N) and B the batch size, the gradient of one step has the
 * covariance C/B for `iid` and (N - B)/(N - 1) C/B for `fresh-subset` and `reshuffled`, whose steps cancel over an epoch.
 */
export interface Sampling {
  readonly batchSize: number;
  /** As in `batchParameters`. `cyclic` with all samples in every batch has no noise. */
  readonly order: 'cyclic' | 'reshuffled' | 'fresh-subset' | 'iid';
  /**
   * Variance that `perturb` adds to each component of the gradient of a step of this size, independent in each; with
   * another `addedShape` the factor of it.
   */
  addedVariance(stepSize: number): number;
  /** Optional: `hessian` where what `perturb` adds has the covariance addedVariance x H, H the Hessian of the loss. */
  readonly addedShape?: 'identity' | 'hessian';
}

/** Masks: every sample takes part in a step or not, by itself, in a stationary process of two states. */
export interface Masks {
  /** Probability that a sample takes part in a step, f; 1 where all do. */
  readonly fraction: number;
  /**
   * Correlation of a sample's taking part between a step of this size and the next, r; it is r^k after k steps. 0 where
   * masks are drawn anew in every step.
   */
  correlation(stepSize: number): number;
}

export interface NoiseModel {
  /** The most samples that one draw returns. */
  readonly maxBatch: number;
  /** Samples that one step counts for in an epoch. */
  readonly samplesPerStep: number;
  /**
   * Chooses the batch of step `at.step` as a pure function of the step: asking twice gives the same batch. The size of
   * the coming step is `at.stepSize`.
   *
   * @param batch sample numbers, overwritten in 0 .. n - 1
   * @param weights their weights in the gradient, overwritten in 0 .. n - 1
   * @returns n, the number of samples drawn
   */
  draw(batch: Indices, weights: Vector, at: Clock): number;
  /**
   * Optional: so many steps later the same batch comes again, with the same weights, whatever the size of the step. A
   * positive whole number. What has been drawn once need not be drawn again then.
   */
  readonly period?: number;
  /**
   * T, the strength of the noise for a step of this size: per learning time the weights gain the covariance T C, with C
   * the covariance of the gradients of single samples. Learning rate / batch size for minibatches, whether or not they
   * are drawn with replacement, as arXiv:2509.01349 defines it. Absent where noise is not of this kind.
   */
  temperature?(stepSize: number): number;
  /** Optional, on a data set: how batches are drawn. Samples of a batch weigh the same. Absent for noise of other kinds. */
  readonly sampling?: Sampling;
  /** Optional, where noise is masks with weights 1/(f N): their law, for theory that is to hold for it. */
  readonly masks?: Masks;
  /** Vectors that must survive a checkpoint, such as persistent chains. Most noise is a pure function of the step. */
  readonly state?: readonly Vector[];
  /** Adds to the gradient (size of theta), which is already computed; may be called more than once a step. */
  perturb?(gradient: Vector, theta: Vector, at: Clock): void;
}
