// The objective of one step: loss and gradient on the batch that was drawn, at any weights.
import type { Workspace } from '../arena.js';
import type { Clock } from '../contracts/clock.js';
import type { Loss } from '../contracts/loss.js';
import type { Model } from '../contracts/model.js';
import type { NoiseModel } from '../contracts/noise-model.js';
import type { Objective } from '../contracts/optimiser.js';
import type { Indices, Vector } from '../contracts/vector.js';

/** Chooses a batch, then evaluates on it as often as the optimiser asks. */
export interface BatchObjective extends Objective {
  /** Draws the batch of step `at.step`. */
  draw(at: Clock): void;
  /** The batch drawn last; sample numbers. */
  readonly batch: Indices;
  /**
   * The gradient evaluated last; after a step that left none, that of the same batch at `theta`. For questions between
   * steps, at no cost to the steps.
   */
  latestGradient(theta: Vector): Vector;
}

export function createObjective(
  model: Model,
  loss: Loss,
  noise: NoiseModel,
  clock: Clock,
  { arena, kernels }: Workspace,
): BatchObjective {
  const { maxBatch } = noise;
  const { outputs, samples, size } = model;
  const batch = arena.indices(maxBatch);
  const weights: Vector = arena.vector(maxBatch);
  const out: Vector = arena.vector(maxBatch * outputs);
  const target: Vector = arena.vector(maxBatch * outputs);
  const dOut: Vector = arena.vector(maxBatch * outputs);
  const gradient: Vector = arena.vector(size);
  const value: Vector = arena.vector(1);
  let n = 0;
  let hasGradient = true;

  const pass = (theta: Vector) => {
    model.forward(theta, batch, n, out);
    model.targets(batch, n, target);
    loss.valueAndGradient(out, target, weights, n, outputs, dOut, value);
  };
  const evaluate = (theta: Vector) => {
    pass(theta);
    model.backward(theta, batch, n, dOut, gradient);
    hasGradient = true;
  };
  const evaluateWithPerturbation = (theta: Vector) => {
    evaluate(theta);
    noise.perturb?.(gradient, theta, clock);
  };
  const evaluateAny = noise.perturb ? evaluateWithPerturbation : evaluate;

  const descendByGradient = (theta: Vector, rate: number) => {
    evaluateAny(theta);
    kernels.sgdStep(theta, gradient, size, rate, 0);
  };
  const descendAtOnce = (theta: Vector, rate: number) => {
    pass(theta);
    model.descend?.(theta, batch, n, dOut, rate, gradient);
    hasGradient = false;
  };

  return {
    model,
    batch,
    gradient,
    value,
    draw(at) {
      n = noise.draw(batch, weights, samples, at);
    },
    evaluate: evaluateAny,
    // A perturbation acts on the gradient, so it needs one.
    descend: model.descend && !noise.perturb ? descendAtOnce : descendByGradient,
    latestGradient(theta) {
      if (!hasGradient) evaluate(theta);
      return gradient;
    },
  };
}
