// The eigenbasis of W W^T, levels in descending order.
import { type Arena, type Kernels, symmetricEigenWork, type Vector } from 'eigenflow';

export interface LevelBasis {
  /** Descending; K numbers. */
  readonly levels: Vector;
  /** Row i is the unit eigenvector of level i, its sign arbitrary but fixed; K x K. */
  readonly vectors: Vector;
  /** Diagonalises W W^T for these weights (K x cols); all NaN when one is not finite. */
  diagonalise(weights: Vector): void;
  /** x_s in this basis: n x K, to n x K. */
  rotate(x: Vector, n: number, out: Vector): void;
  /** U^T M U of a symmetric matrix, K x K, in place. */
  rotateMatrix(matrix: Vector): void;
}

export function createLevelBasis(rows: number, cols: number, arena: Arena, kernels: Kernels): LevelBasis {
  const area = rows * rows;
  const [scratch, ascendingVectors, vectors] = Array.from({ length: 3 }, () => arena.vector(area));
  const ascending = arena.vector(rows);
  const levels = arena.vector(rows);
  const work = arena.vector(symmetricEigenWork(rows));
  return {
    levels,
    vectors,
    diagonalise(weights) {
      kernels.dense(weights, rows, cols, weights, null, rows, scratch);
      kernels.symmetricEigen(scratch, rows, work, ascending, ascendingVectors);
      for (let i = 0; i < rows; i++) {
        const from = rows - 1 - i;
        levels[i] = ascending[from];
        for (let k = 0; k < rows; k++) vectors[i * rows + k] = ascendingVectors[from * rows + k];
      }
    },
    rotate: (x, n, out) => kernels.dense(vectors, rows, rows, x, null, n, out),
    rotateMatrix(matrix) {
      kernels.dense(vectors, rows, rows, matrix, null, rows, scratch);
      kernels.denseTransposed(scratch, rows, rows, vectors, rows, matrix);
    },
  };
}
