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
 * velocity <- momentum velocity + g + weightDecay theta, and theta <- theta - step size x velocity, or Nesterov's form
 * of it. All as they are in the coming step.
 */
export interface Descent {
  /** 0 for plain descent. */
  readonly momentum: number;
  /** Gradients are taken at the look-ahead point. */
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

/**
 * A number that depends on the step alone, such as a bias correction. The engine brings it to its value before each
 * step and hands it to captured kernel calls; `step` reads the slot and hands it on as it is.
 */
export interface StepNumber {
  /** Its value; 1 slot. */
  readonly slot: Float64Array;
  /** Smallest and largest value that it takes. */
  readonly range: readonly [number, number];
  /** Writes the value for the step `at.step` into the slot. */
  follow(at: Clock): void;
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
  /**
   * Optional, for steps whose size differs from weight to weight: the diagonal P, after `at.step` steps and with the
   * state that they left. A gradient g that stays the same moves the weights by -stepSize P g a step, once averages and
   * velocities have settled: P holds what accumulating momentum gains, 1/(1 - momentum), while an average gains
   * nothing. NaN before the first step, where there is none. Missing where the idea means nothing, and where steps are
   * of `descent`.
   *
   * @param out size of theta, overwritten
   */
  preconditioner?(state: readonly Vector[], at: Clock, out: Vector): void;
  /**
   * Optional, beside `preconditioner`: on a quadratic, steps of this size are stable where stepSize times the largest
   * eigenvalue of P^(1/2) H P^(1/2) is below this number, with P held fixed. H includes the decay that enters
   * gradients.
   */
  stableLimit?(at: Clock): number;
  /**
   * Optional, for steps that are linear in weights, state and gradient: what the coming step does to a mode of curvature
   * h of a quadratic loss. With q the weight less that of least loss, s the state vectors along the mode and e what noise
   * adds to its gradient, (q, s) becomes matrix (q, s) + noise e. All that theory of a mode needs: its decay, its
   * oscillation, where it diverges, and its variance.
   *
   * @param matrix (1 + states) x (1 + states), row-major, overwritten
   * @param noise 1 + states, overwritten
   * @returns false where a step is no such map with the parameters as they are, such as weight decay, which moves the
   * minimum; nothing is written then
   */
  modeStep?(curvature: number, at: Clock, matrix: Vector, noise: Vector): boolean;
  /** Numbers that depend on the step alone, by which a step of kernel calls stays one that can be captured. */
  readonly stepNumbers?: readonly StepNumber[];
  /** Updates `theta` and `state` in place, by a step of `at.stepSize`. */
  step(theta: Vector, objective: Objective, state: readonly Vector[], at: Clock): void;
}
