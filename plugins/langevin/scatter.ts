// How far the gradients of single samples lie from their mean: the trace of their scatter matrix.
import type { Arena, Indices, Kernels, Loss, Model, Vector } from 'eigenflow';
import { openSampleDerivatives } from './sample-derivatives.js';

/** Writes sum_s |g_s - mean g|^2 over samples `batch[0..n)` into `trace[0]`. Allocates nothing. */
export type Scatter = (theta: Vector, batch: Indices, n: number, trace: Vector) => void;

/** sum_s |left_s|^2 |right_s|^2: the squared norms of outer products (left: n x rows; right: n x cols). */
function squaredNorms(left: Vector, rows: number, right: Vector, cols: number, n: number): number {
  let total = 0;
  for (let s = 0; s < n; s++) {
    let leftSquares = 0;
    for (let k = s * rows; k < (s + 1) * rows; k++) leftSquares += left[k] * left[k];
    let rightSquares = 0;
    for (let l = s * cols; l < (s + 1) * cols; l++) rightSquares += right[l] * right[l];
    total += leftSquares * rightSquares;
  }
  return total;
}

/**
 * With g_s the gradient of sample s with respect to all weights, the trace of the scatter is
 * sum_s |g_s|^2 - n |mean g|^2. |g_s|^2 comes from the factors of g_s, block by block, without forming g_s (derived).
 *
 * @throws EigenflowError `component` when the model has no sample gradients
 */
export function createScatter(model: Model, loss: Loss, arena: Arena, kernels: Kernels): Scatter {
  const { layout, size } = model;
  const derivatives = openSampleDerivatives(model, loss, arena, 'noise', 'isotropic Langevin noise');
  const { chunk } = derivatives;
  const left = arena.vector(chunk * Math.max(...layout.map(({ rows }) => rows)));
  const right = arena.vector(chunk * Math.max(...layout.map(({ cols }) => cols)));
  const part = arena.vector(size);
  const sum = arena.vector(size);

  return (theta, batch, n, trace) => {
    sum.fill(0);
    let squares = 0;
    for (let start = 0; start < n; start += chunk) {
      const count = Math.min(chunk, n - start);
      for (let i = 0; i < count; i++) derivatives.batch[i] = batch[start + i];
      derivatives.evaluate(theta, count);
      derivatives.sum(theta, count, part);
      kernels.axpy(1, part, size, sum);
      for (let b = 0; b < layout.length; b++) {
        const { rows, cols } = layout[b];
        derivatives.factors(theta, count, layout[b], left, right);
        squares += squaredNorms(left, rows, right, cols, count);
      }
    }
    kernels.sumSquares(sum, size, trace);
    // Rounding must not turn a scatter of zero into a negative one.
    trace[0] = Math.max(0, squares - trace[0] / n);
  };
}
