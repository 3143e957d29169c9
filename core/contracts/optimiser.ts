// Contract: optimiser. One update of the weights from the gradient on the batch of this step.
import type { Clock } from './clock.js';
import type { Model } from './model.js';
import type { Vector } from './vector.js';

/**
 * The gradient on the batch of this step, at any theta: implicit, Nesterov-type and Runge-Kutta schemes need it more
 * than once.
 */
export interface Objective {
  /** For integrators that need a capability of the model beside its gradient. */
  readonly model: Model;
  /** Gradient after `evaluate`; size of theta. Nothing in particular after `descend`. */
  readonly gradient: Vector;
  /** Loss of the batch at the weights given to `evaluate` or `descend`; 1 slot. */
  readonly value: Vector;
  evaluate(theta: Vector): void;
  /**
   * Evaluates at theta, then theta -= rate * gradient: the same bits as `evaluate` and `Kernels.sgdStep` without weight
   * decay, faster where the model can do both at once. For schemes that need no gradient.
   */
  descend(theta: Vector, rate: number): void;
}

/**
 * How a step of descent follows from gradients, for theory that is to hold for it: with g the gradient on the batch,
 * velocity <- momentum velocity + g + weightDecay theta, and theta <- theta - step size x velocity, or Nesterov's form of
 * it. All as they are in the coming step.
 */
export interface Descent {
  /** 0 for plain descent. */
  readonly momentum: number;
  /** Gradients are taken at the look-ahead point. */
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

export interface Optimiser {
  /** Named vectors (size of theta each) that the engine allocates, checkpoints and shows to observers. */
  readonly state: readonly string[];
  /**
   * Sets `at.stepSize` to the size of the coming step, before the batch is drawn: noise whose strength depends on the
   * step, such as Langevin noise, reads it there. Schemes without it cannot be combined with such noise.
   */
  plan?(at: Clock): void;
  /**
   * Optional: true when a step does nothing but call the objective and kernels, the same ones with the same arguments at
   * every step, and sets the step size that `plan` does, or always the same one. The engine may then record a step and play
   * it without JavaScript. Parameters that follow a schedule change the arguments: it does so with the numbers that are
   * such a parameter as it is, and makes steps one by one where anything else depends on it.
   */
  readonly recordable?: boolean;
  /** Missing where steps are not of this kind: observers that compare with theory then say that they cannot. */
  readonly descent?: Descent;
  /** Updates `theta` and `state` in place and sets `at.stepSize`. */
  step(theta: Vector, objective: Objective, state: readonly Vector[], at: Clock): void;
}
