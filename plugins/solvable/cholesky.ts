// Inverse and pivots of a symmetric positive definite matrix, row by row in vectors, inside every step. ml-matrix, which
// `eigenflow/theory` has for work between runs, allocates.
import type { Arena, Vector } from 'eigenflow';

export interface Cholesky {
  /**
   * Factors A = L L^T and inverts it.
   *
   * @param matrix n x n, its lower triangle is read
   * @param inverse n x n, overwritten; NaN throughout when the matrix is not positive definite
   * @param pivots diagonal of L (n), overwritten: det A is the product of their squares. NaN likewise
   */
  invert(matrix: Vector, inverse: Vector, pivots: Vector): void;
}

/**
 * A = L L^T.
 *
 * @param matrix n x n, its lower triangle is read
 * @param factor n x n, its lower triangle is overwritten; may be `matrix`
 * @returns false when the matrix is not positive definite, or holds NaN; `factor` is of no use then
 */
function factorise(matrix: Vector, n: number, factor: Vector): boolean {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      const other = j * n;
      let sum = matrix[row + j];
      for (let k = 0; k < j; k++) sum -= factor[row + k] * factor[other + k];
      if (i === j) {
        // Written so that NaN, which compares as false, is caught too.
        if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) return false;
        factor[row + i] = Math.sqrt(sum);
      } else {
        factor[row + j] = sum / factor[other + j];
      }
    }
  }
  return true;
}

/**
 * @param factor L
 * @param inverseFactor n x n, overwritten with L^-1 in its lower triangle
 * @param inverse n x n, overwritten with (L L^T)^-1, both triangles
 */
function invertFactored(factor: Vector, n: number, inverseFactor: Vector, inverse: Vector): void {
  for (let j = 0; j < n; j++) {
    inverseFactor[j * n + j] = 1 / factor[j * n + j];
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= factor[i * n + k] * inverseFactor[k * n + j];
      inverseFactor[i * n + j] = sum / factor[i * n + i];
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += inverseFactor[k * n + i] * inverseFactor[k * n + j];
      inverse[i * n + j] = sum;
      inverse[j * n + i] = sum;
    }
  }
}

export function createCholesky(n: number, arena: Arena): Cholesky {
  const factor = arena.vector(n * n);
  const inverseFactor = arena.vector(n * n);
  return {
    invert(matrix, inverse, pivots) {
      if (!factorise(matrix, n, factor)) {
        inverse.fill(Number.NaN);
        pivots.fill(Number.NaN);
        return;
      }
      invertFactored(factor, n, inverseFactor, inverse);
      for (let i = 0; i < n; i++) pivots[i] = factor[i * n + i];
    },
  };
}
