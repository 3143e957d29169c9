// Products of the Hessian of the loss over the whole data set with vectors, in chunks of bounded memory and fixed order.
import type { Arena } from '../../contracts/environment.js';
import type { Loss } from '../../contracts/loss.js';
import type { Model } from '../../contracts/model.js';
import type { Vector } from '../../contracts/vector.js';
import { CHUNK, createFullBatch } from '../../engine/full-batch.js';
import type { Kernels } from '../../kernels/kernels.js';

/** out = A(theta) direction for a symmetric matrix A that depends on the weights; size of theta each. */
export type Curvature = (theta: Vector, direction: Vector, out: Vector) => void;

/** Cube root of the rounding error of a double, which balances rounding against the truncation of a central difference. */
const RELATIVE_STEP = 6e-6;

/** The product by central differences of the gradient, at theta +- h direction / |direction|. */
function byDifferences(model: Model, loss: Loss, arena: Arena, kernels: Kernels): Curvature {
  const { size } = model;
  const gradientAt = createFullBatch(model, loss, arena, kernels);
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
  loss: Loss,
  curvature: NonNullable<Loss['curvature']>,
  { outputs, gradient }: NonNullable<Model['hessianVector']>,
  arena: Arena,
  kernels: Kernels,
): Curvature {
  const { samples, size, outputs: width } = model;
  const batch = arena.indices(CHUNK);
  const weights = arena.vector(CHUNK).fill(1 / samples);
  const [out, target, dOut, change, dOutChange] = Array.from({ length: 5 }, () => arena.vector(CHUNK * width));
  const part = arena.vector(size);
  const value = arena.vector(1);
  return (theta, direction, product) => {
    product.fill(0);
    for (let start = 0; start < samples; start += CHUNK) {
      const n = Math.min(CHUNK, samples - start);
      for (let i = 0; i < n; i++) batch[i] = start + i;
      model.forward(theta, batch, n, out);
      model.targets(batch, n, target);
      loss.valueAndGradient(out, target, weights, n, width, dOut, value);
      outputs(theta, direction, batch, n, change);
      curvature(out, target, weights, n, width, change, dOutChange);
      gradient(theta, direction, batch, n, dOut, dOutChange, part);
      kernels.axpy(1, part, size, product);
    }
  };
}

/**
 * Exact where the model has `hessianVector` and the loss `curvature`, else from differences of the gradient, which are
 * good to about 1e-9 of the curvature and smooth the kinks of an activation. Called while vectors can be carved.
 *
 * @param model of a finite data set
 */
export function createHessian(model: Model, loss: Loss, arena: Arena, kernels: Kernels): Curvature {
  const { hessianVector } = model;
  const { curvature } = loss;
  return hessianVector && curvature
    ? exact(model, loss, curvature, hessianVector, arena, kernels)
    : byDifferences(model, loss, arena, kernels);
}
