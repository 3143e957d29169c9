// The objective of one step: loss and gradient on the batch that was drawn, at any weights.
import type { Clock } from '../contracts/clock.js';
import type { Arena } from '../contracts/environment.js';
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
}

export function createObjective(
  model: Model,
  loss: Loss,
  noise: NoiseModel,
  clock: Clock,
  arena: Arena,
): BatchObjective {
  const { maxBatch } = noise;
  const { outputs, samples } = model;
  const batch = arena.indices(maxBatch);
  const weights: Vector = arena.vector(maxBatch);
  const out: Vector = arena.vector(maxBatch * outputs);
  const target: Vector = arena.vector(maxBatch * outputs);
  const dOut: Vector = arena.vector(maxBatch * outputs);
  const gradient: Vector = arena.vector(model.size);
  const value: Vector = arena.vector(1);
  let n = 0;

  const evaluate = (theta: Vector) => {
    model.forward(theta, batch, n, out);
    model.targets(batch, n, target);
    loss.valueAndGradient(out, target, weights, n, outputs, dOut, value);
    model.backward(theta, batch, n, dOut, gradient);
  };
  const evaluateWithPerturbation = (theta: Vector) => {
    evaluate(theta);
    noise.perturb?.(gradient, theta, clock);
  };

  return {
    model,
    batch,
    gradient,
    value,
    draw(at) {
      n = noise.draw(batch, weights, samples, at);
    },
    evaluate: noise.perturb ? evaluateWithPerturbation : evaluate,
  };
}
