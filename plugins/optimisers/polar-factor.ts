// The orthogonal factor of a matrix, exactly.
import { type Arena, type Kernels, symmetricEigenWork } from 'eigenflow';
import type { Orthogonalise } from './newton-schulz.js';

const EPSILON = 2 ** -52;

/**
 * sum_i p_i q_i^T over the singular values above max(rows, cols) 2^-52 of the largest, p_i and q_i being singular
 * vectors: the polar factor where the rank is full. Below that, rounding would decide: a batch of B samples gives a
 * gradient of rank B at most. 0 for the zero matrix, NaN for one that is not finite. From the eigenvectors (p_i,
 * q_i)/sqrt(2) of the symmetric matrix with the given one beside its diagonal (Jordan and Wielandt), which keeps small
 * singular values apart from 0.
 *
 * @param rows of the matrices, row-major
 * @param cols of the matrices
 */
export function polarFactor(
  rows: number,
  cols: number,
  { arena, kernels }: { readonly arena: Arena; readonly kernels: Kernels },
): Orthogonalise {
  const n = rows + cols;
  const [doubled, vectors] = [arena.vector(n * n), arena.vector(n * n)];
  const values = arena.vector(n);
  const work = arena.vector(symmetricEigenWork(n));
  const short = Math.min(rows, cols);
  return (matrix) => {
    doubled.fill(0);
    for (let k = 0; k < rows; k++) {
      for (let l = 0; l < cols; l++) doubled[k * n + rows + l] = matrix[k * cols + l];
    }
    kernels.symmetricEigen(doubled, n, work, values, vectors);
    matrix.fill(Number.isFinite(values[n - 1]) ? 0 : Number.NaN);
    const cutoff = Math.max(rows, cols) * EPSILON * values[n - 1];
    // Ascending: the last `short` values are the singular values.
    for (let i = n - short; i < n; i++) {
      if (!(values[i] > cutoff)) continue;
      for (let k = 0; k < rows; k++) {
        const p = 2 * vectors[i * n + k];
        for (let l = 0; l < cols; l++) matrix[k * cols + l] += p * vectors[i * n + rows + l];
      }
    }
  };
}
