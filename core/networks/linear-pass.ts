// The pass of a model that is linear in its weights: one output theta . x_s for each row x_s of numbers.
import type { ModelPass } from '../contracts/model.js';
import type { Indices, Vector } from '../contracts/vector.js';
import type { Kernels } from '../kernels/kernels.js';

/** The rows of a batch, and how they are found. */
export interface LinearRows {
  /** Makes the rows of a batch available. */
  prepare(batch: Indices, n: number): void;
  /** Rows, one below the other. */
  readonly values: Vector;
  /** Whether the rows of a batch are rows 0 .. n - 1; else they stand at their sample numbers. */
  readonly inOrder: boolean;
}

/**
 * With sample gradients and exact Hessian-vector products.
 *
 * @param size numbers in a row, and weights
 * @param targets writes the targets of a batch whose rows have been prepared
 */
export function openLinearPass(
  kernels: Kernels,
  size: number,
  rows: LinearRows,
  targets: (batch: Indices, n: number, out: Vector) => void,
): ModelPass {
  const { values, inOrder } = rows;
  const indexOf = (batch: Indices) => (inOrder ? null : batch);
  return {
    forward(theta, batch, n, out) {
      rows.prepare(batch, n);
      kernels.dense(theta, 1, size, values, indexOf(batch), n, out);
    },
    targets(batch, n, out) {
      rows.prepare(batch, n);
      targets(batch, n, out);
    },
    backward(_theta, batch, n, dOut, gradient) {
      rows.prepare(batch, n);
      kernels.outer(dOut, 1, values, size, indexOf(batch), n, gradient);
    },
    sampleGradients: {
      factors(_theta, batch, n, dOut, _block, left, right) {
        rows.prepare(batch, n);
        kernels.copy(dOut, n, left);
        if (inOrder) kernels.copy(values, n * size, right);
        else kernels.gather(values, size, batch, n, right);
      },
    },
    hessianVector: {
      outputs(_theta, direction, batch, n, out) {
        rows.prepare(batch, n);
        kernels.dense(direction, 1, size, values, indexOf(batch), n, out);
      },
      gradient(_theta, _direction, batch, n, _dOut, dOutChange, out) {
        rows.prepare(batch, n);
        kernels.outer(dOutChange, 1, values, size, indexOf(batch), n, out);
      },
    },
  };
}
