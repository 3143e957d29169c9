// Inverse and pivots of a symmetric positive definite matrix, without allocation. Square roots and sums only, so its bits
// are the same everywhere.
import type { Arena } from '../../core/contracts/environment.js';
import type { Vector } from '../../core/contracts/vector.js';

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

export function createCholesky(n: number, arena: Arena): Cholesky {
  const factor = arena.vector(n * n);
  const inverseFactor = arena.vector(n * n);

  /** @returns whether all pivots are positive. */
  const factorise = (matrix: Vector): boolean => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = matrix[i * n + j];
        for (let k = 0; k < j; k++) sum -= factor[i * n + k] * factor[j * n + k];
        if (i === j) {
          // Written so that NaN, which compares as false, is caught too.
          if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) return false;
          factor[i * n + i] = Math.sqrt(sum);
        } else {
          factor[i * n + j] = sum / factor[j * n + j];
        }
      }
    }
    return true;
  };

  const invertFactor = () => {
    for (let j = 0; j < n; j++) {
      inverseFactor[j * n + j] = 1 / factor[j * n + j];
      for (let i = j + 1; i < n; i++) {
        let sum = 0;
        for (let k = j; k < i; k++) sum -= factor[i * n + k] * inverseFactor[k * n + j];
        inverseFactor[i * n + j] = sum / factor[i * n + i];
      }
    }
  };

  return {
    invert(matrix, inverse, pivots) {
      if (!factorise(matrix)) {
        inverse.fill(Number.NaN);
        pivots.fill(Number.NaN);
        return;
      }
      invertFactor();
      for (let i = 0; i < n; i++) {
        pivots[i] = factor[i * n + i];
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let k = i; k < n; k++) sum += inverseFactor[k * n + i] * inverseFactor[k * n + j];
          inverse[i * n + j] = sum;
          inverse[j * n + i] = sum;
        }
      }
    },
  };
}
