// Products of the Hessian of the loss over the whole data set with vectors, in chunks of bounded memory and fixed order.
import type { Environment } from '../../contracts/environment.js';
import type { Loss, LossPass } from '../../contracts/loss.js';
import type { Model, ModelPass } from '../../contracts/model.js';
import type { Vector } from '../../contracts/vector.js';
import { CHUNK, createFullBatch } from '../../engine/full-batch.js';
import { openPasses } from '../../engine/passes.js';

/** out = A(theta) direction for a symmetric matrix A that depends on the weights; size of theta each. */
export type Curvature = (theta: Vector, direction: Vector, out: Vector) => void;

/** Cube root of the rounding error of a double, which balances rounding against the truncation of a central difference. */
const RELATIVE_STEP = 6e-6;

type Room = Pick<Environment, 'arena' | 'kernels'>;

/** The product by central differences of the gradient, at theta +- h direction / |direction|. */
function byDifferences(model: Model, loss: Loss, room: Room): Curvature {
  const { size } = model;
  const { arena, kernels } = room;
  const gradientAt = createFullBatch(model, loss, room);
  const moved = arena.vector(size);
  const slot = arena.vector(1);
  const norm = (x: Vector) => {
    kernels.sumSquares(x, size, slot);
    return Math.sqrt(slot[0]);
  };
  return (theta, direction, out) => {
    const length = norm(direction);
    const h = (RELATIVE_STEP * (1 + norm(theta) / Math.sqrt(size))) / length;
    kernels.copy(theta, size, moved);
    kernels.axpy(h, direction, size, moved);
    kernels.copy(gradientAt(moved).gradient, size, out);
    kernels.copy(theta, size, moved);
    kernels.axpy(-h, direction, size, moved);
    kernels.axpy(-1, gradientAt(moved).gradient, size, out);
    kernels.scale(1 / (2 * h), out, size);
  };
}

function exact(
  model: Model,
  modelPass: ModelPass,
  { outputs, gradient }: NonNullable<ModelPass['hessianVector']>,
  lossPass: LossPass,
  curvature: NonNullable<LossPass['curvature']>,
  { arena, kernels }: Room,
): Curvature {
  const { samples, size, outputs: width } = model;
  const capacity = Math.min(CHUNK, samples);
  const batch = arena.indices(capacity);
  const weights = arena.vector(capacity).fill(1 / samples);
  const [out, target, dOut, change, dOutChange] = Array.from({ length: 5 }, () => arena.vector(capacity * width));
  const part = arena.vector(size);
  const value = arena.vector(1);
  return (theta, direction, product) => {
    product.fill(0);
    for (let start = 0; start < samples; start += CHUNK) {
      const n = Math.min(CHUNK, samples - start);
      for (let i = 0; i < n; i++) batch[i] = start + i;
      modelPass.forward(theta, batch, n, out);
      modelPass.targets(batch, n, target);
      lossPass.valueAndGradient(out, target, weights, n, dOut, value);
      outputs(theta, direction, batch, n, change);
      curvature(out, target, weights, n, change, dOutChange);
      gradient(theta, direction, batch, n, dOut, dOutChange, part);
      kernels.axpy(1, part, size, product);
    }
  };
}

/**
 * Exact where passes of the model have `hessianVector` and those of the loss `curvature`, else from differences of the gradient, which are
 * good to about 1e-9 of the curvature and smooth the kinks of an activation. Called while vectors can be carved.
 *
 * @param model of a finite data set
 */
export function createHessian(model: Model, loss: Loss, room: Room): Curvature {
  const { modelPass, lossPass } = openPasses(model, loss, Math.min(CHUNK, model.samples));
  const { hessianVector } = modelPass;
  const { curvature } = lossPass;
  return hessianVector && curvature
    ? exact(model, modelPass, hessianVector, lossPass, curvature, room)
    : byDifferences(model, loss, room);
}
