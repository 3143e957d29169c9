// Contract: optimiser. One update of the weights from the gradient on the batch of this step.
import type { Clock } from './clock.js';
import type { Vector } from './vector.js';

/**
 * The gradient on the batch of this step, at any theta: implicit, Nesterov-type and Runge-Kutta schemes need it more
 * than once.
 */
export interface Objective {
  /** Gradient after `evaluate`; size of theta. */
  readonly gradient: Vector;
  /** Loss of the batch at the weights given to `evaluate`; 1 slot. */
  readonly value: Vector;
  evaluate(theta: Vector): void;
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
   * Size of the coming step in learning time, a pure function of the step. It is asked before the batch is drawn: noise
   * whose strength depends on the step, such as Langevin noise, reads it as `at.stepSize`.
   */
  stepSize(at: Clock): number;
  /** Missing where steps are not of this kind: observers that compare with theory then say that they cannot. */
  readonly descent?: Descent;
  /** Updates `theta` and `state` in place, by a step of `at.stepSize`. */
  step(theta: Vector, objective: Objective, state: readonly Vector[], at: Clock): void;
}
