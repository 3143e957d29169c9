// The pass of a model that is linear in its weights: outputs theta . x_s of rows x_s.
import type { Indices, Kernels, ModelPass, Vector } from 'eigenflow';

/** Rows of a batch, and how they are found. */
interface BatchRows {
  prepare(batch: Indices, n: number): void;
  readonly values: Vector;
  readonly inOrder: boolean;
}

/** @param targets writes the targets of a batch whose rows have been prepared */
export function openLinearPass(
  kernels: Kernels,
  size: number,
  rows: BatchRows,
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
