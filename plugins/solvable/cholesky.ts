// Inverse and pivots of a symmetric positive definite matrix, without allocation.
import type { Arena, Vector } from 'eigenflow';
import { factorise, invertFactored } from 'eigenflow/theory';

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
