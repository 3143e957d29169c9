// Loss and gradient over the whole data set at fixed weights, in chunks of bounded memory and fixed order.
import type { Environment } from '../contracts/environment.js';
import type { Loss } from '../contracts/loss.js';
import type { Model } from '../contracts/model.js';
import type { Evaluation } from '../contracts/observer.js';
import type { Vector } from '../contracts/vector.js';
import { EigenflowError, inSlot } from '../errors.js';
import { openPasses } from './passes.js';

/** Samples per chunk. Part of the definition of the sum's order: changing it moves the last bits of full-batch results. */
export const CHUNK = 256;

/** @returns a function that evaluates at `theta`; it throws EigenflowError `scenario` for one-pass data. */
export function createFullBatch(
  model: Model,
  loss: Loss,
  { arena, kernels }: Pick<Environment, 'arena' | 'kernels'>,
): (theta: Vector) => Evaluation {
  const { outputs, samples } = model;
  if (!Number.isFinite(samples)) {
    return () => {
      throw new EigenflowError(
        'scenario',
        'observers',
        'one-pass data have no full batch; observe the test loss instead, or give the model a finite number of samples',
      );
    };
  }
  const capacity = Math.min(CHUNK, samples);
  const { modelPass, lossPass } = openPasses(model, loss, capacity);
  const batch = arena.indices(capacity);
  const weights = arena.vector(capacity).fill(1 / samples);
  const out = arena.vector(capacity * outputs);
  const target = arena.vector(capacity * outputs);
  const dOut = arena.vector(capacity * outputs);
  const part = arena.vector(model.size);
  const gradient = arena.vector(model.size);
  const value = arena.vector(1);

  return (theta) => {
    gradient.fill(0);
    let total = 0;
    for (let start = 0; start < samples; start += CHUNK) {
      const n = Math.min(CHUNK, samples - start);
      for (let i = 0; i < n; i++) batch[i] = start + i;
      inSlot('model', () => {
        modelPass.forward(theta, batch, n, out);
        modelPass.targets(batch, n, target);
      });
      inSlot('loss', () => lossPass.valueAndGradient(out, target, weights, n, dOut, value));
      inSlot('model', () => modelPass.backward(theta, batch, n, dOut, part));
      kernels.axpy(1, part, model.size, gradient);
      total += value[0] * n;
    }
    return { loss: total / samples, gradient };
  };
}

/**
 * Fails before the first step, not at the first frame. For observers of the whole data set, in `create`.
 *
 * @throws EigenflowError `scenario` for one-pass data.
 */
export function requireFiniteData({ samples }: Model, observer: string): void {
  if (Number.isFinite(samples)) return;
  throw new EigenflowError(
    'scenario',
    'observers',
    `${observer} needs the whole data set, which one-pass data do not have; use test-loss or batch-loss, or give the ` +
      'model a finite number of samples',
  );
}
