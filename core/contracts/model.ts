// Contract: model. Architecture and task together, as a physicist says "model": parameters, samples, outputs.
import type { Block } from './block.js';
import type { Committee } from './committee.js';
import type { LevelProcess } from './level-process.js';
import type { Indices, Vector } from './vector.js';

export type { Block };

/** Inputs that are never trained on, with everything that order parameters need. */
export interface HeldOut {
  readonly samples: number;
  /**
   * What an error over seeds leaves out, to follow "errors leave out": the scatter of these inputs where all seeds have
   * the same ones. Absent where every seed has inputs of its own, so that nothing is left out.
   */
  readonly leavesOut?: string;
  /** Network outputs at `theta`, samples x outputs. */
  forward(theta: Vector, out: Vector): void;
  /** What the outputs should be, without label noise of the model's own: samples x outputs. */
  targets(out: Vector): void;
  /** Units in the last hidden layer (the soft spins of arXiv:2509.01349). */
  readonly features: number;
  /** Values of these units at `theta`, samples x features. */
  featuresAt(theta: Vector, out: Vector): void;
  /** What these units apply their activation to, samples x features. Absent where they do not depend on the weights. */
  preactivationsAt?(theta: Vector, out: Vector): void;
  /**
   * Local field on each of these units, h = Z^T y with y the targets, samples x features; derived from the quadratic
   * loss for a read-out Z that stays as it is. Absent where it has no meaning: where the read-out is trained or has
   * biases.
   */
  localField?(theta: Vector, out: Vector): void;
  /**
   * Optional: as `SampleGradients.factors`, for all of these inputs at `theta`.
   *
   * @param dOut samples x outputs
   * @param left samples x rows of the block, overwritten
   * @param right samples x cols of the block, overwritten
   */
  factors?(theta: Vector, dOut: Vector, block: Block, left: Vector, right: Vector): void;
}

/** Gradients sample by sample, as the outer products that they are in a layered network. */
export interface SampleGradients {
  /**
   * For the batch and weights of the last `forward`: the gradient of dOut_s . out_s with respect to a block is
   * left_s right_s^T.
   *
   * @param dOut n x outputs
   * @param left n x rows of the block, overwritten
   * @param right n x cols of the block, overwritten
   */
  factors(theta: Vector, batch: Indices, n: number, dOut: Vector, block: Block, left: Vector, right: Vector): void;
}

/**
 * Exact derivatives along a direction in the space of weights (size of theta), of what `forward` and `backward`
 * compute: all that a product of a Hessian with a vector needs (Pearlmutter 1994, doi:10.1162/neco.1994.6.1.147). Both
 * follow a `forward` on the same batch and weights.
 */
export interface HessianVector {
  /** Derivative of the outputs, n x outputs: the Jacobian times the direction. */
  outputs(theta: Vector, direction: Vector, batch: Indices, n: number, out: Vector): void;
  /**
   * After `outputs` along the same direction: derivative of the gradient of sum_s dOut_s . out_s when the weights move
   * along the direction and dOut by dOutChange (n x outputs each).
   *
   * @param out size of theta, overwritten
   */
  gradient(
    theta: Vector,
    direction: Vector,
    batch: Indices,
    n: number,
    dOut: Vector,
    dOutChange: Vector,
    out: Vector,
  ): void;
}

/**
 * Forward and backward pass, with the memory that they need. `forward` precedes `backward` on the same batch and
 * weights, so activations may be kept between the two; no other pass disturbs them.
 */
export interface ModelPass {
  /** Outputs of samples `batch[0..n)`, n x outputs. */
  forward(theta: Vector, batch: Indices, n: number, out: Vector): void;
  /** Targets of samples `batch[0..n)`, n x outputs. */
  targets(batch: Indices, n: number, out: Vector): void;
  /** Gradient of sum_s dOut_s . out_s with respect to theta (size), overwritten. */
  backward(theta: Vector, batch: Indices, n: number, dOut: Vector, gradient: Vector): void;
  /** Optional: gradients sample by sample. */
  readonly sampleGradients?: SampleGradients;
  /** Optional: exact derivatives along a direction. */
  readonly hessianVector?: HessianVector;
}

/**
 * Factors of the learning rate, one for each block in the order of `layout`, that the parametrisation of a model asks
 * for (arXiv:2011.14522). An optimiser multiplies its learning rate by the factor of a block wherever the rate
 * multiplies that block, weight decay included, as the parameter groups of PyTorch do; `partsByRate` gives it the
 * blocks. What it says as `stepSize`, and learning time with it, is without factors.
 */
export interface LearningRateFactors {
  /** For a step that grows like the gradient: SGD, momentum, Nesterov, gradient flow, Langevin. */
  readonly proportional: readonly number[];
  /**
   * For a step that keeps its size when all gradients are multiplied by a number: Adam, RMSprop, Adagrad, Lion,
   * sign-SGD, Muon.
   */
  readonly normalised: readonly number[];
}

/** The engine owns the parameters; the model computes on them. */
export interface Model {
  /** The trained blocks. Together they cover 0 .. size without overlap. */
  readonly layout: readonly Block[];
  /** Length of the parameter vector. */
  readonly size: number;
  /** Numbers per sample in `forward` and `targets`. */
  readonly outputs: number;
  /**
   * Optional: what the targets are. `classes`: labels, of which accuracy has a meaning: one-hot rows where there are
   * several outputs, 0 or 1 where there is one. `regression`: numbers.
   */
  readonly task?: 'regression' | 'classes';
  /** Optional: factors of the learning rate block by block; 1 throughout where it is absent. */
  readonly learningRateFactors?: LearningRateFactors;
  /** Size of the data set; Infinity for one-pass data, where the sample number is the time. */
  readonly samples: number;
  /** Writes the initial weights (size). */
  initialise(theta: Vector): void;
  /** A pass of its own for whoever asks: before the first step, because it takes memory for `capacity` samples. */
  open(capacity: number): ModelPass;
  /**
   * Optional, for dynamics that follow no loss: subtracts from the gradient (size of theta), which `backward` has
   * written, a force that is the gradient of nothing, such as that of a rotation. Every evaluation of a step has it,
   * once. Losses, their gradients over the whole data set and Hessians are without it.
   */
  subtractForce?(theta: Vector, gradient: Vector): void;
  /** Optional: inputs kept apart from training. */
  readonly heldOut?: HeldOut;
  /** Optional, where there is no `heldOut`: why, and what would give some, to follow "needs held-out inputs, and". */
  readonly withoutHeldOut?: string;
  /** Optional: writes weights (size) at which the outputs are the noiseless targets, such as those of a teacher. */
  targetWeights?(out: Vector): void;
  /** Optional: the parameters are levels that move by a Dyson equation. */
  readonly levelProcess?: LevelProcess;
  /** Optional: the model is a committee that learns another one on endless normal inputs. */
  readonly committee?: Committee;
}
