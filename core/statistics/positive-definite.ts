// Symmetric positive definite matrices in flat arrays, by the Cholesky decomposition of ml-matrix: square roots, sums,
// products and quotients only, so the bits are the same everywhere. For work between runs: ml-matrix allocates.
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** The whole matrix from its lower triangle (n x n, row by row); undefined when a number there is not finite. */
function fromLower(matrix: Float64Array, n: number): Matrix | undefined {
  const whole = new Matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = matrix[i * n + j];
      if (!Number.isFinite(value)) return undefined;
      whole.set(i, j, value);
      whole.set(j, i, value);
    }
  }
  return whole;
}

/** Makes the upper triangle that of the transpose: rounding may have made it differ, which ml-matrix refuses. */
function mirrorLower(matrix: Matrix): Matrix {
  for (let i = 0; i < matrix.rows; i++) for (let j = 0; j < i; j++) matrix.set(j, i, matrix.get(i, j));
  return matrix;
}

/**
 * A = L L^T.
 *
 * @param matrix A, n x n, row by row; its lower triangle is read
 * @param n at least 1
 * @returns undefined when the matrix is not positive definite, or a number in it is not finite
 */
export function choleskyOf(matrix: Float64Array, n: number): CholeskyDecomposition | undefined {
  const whole = fromLower(matrix, n);
  const cholesky = whole && new CholeskyDecomposition(whole);
  return cholesky?.isPositiveDefinite() ? cholesky : undefined;
}

/** Side up to which a matrix is inverted in one piece: smaller pieces are not faster (measured from 8 to 150). */
const ONE_PIECE = 32;

function invert(matrix: Matrix): Matrix | undefined {
  const n = matrix.rows;
  if (n <= ONE_PIECE) {
    const cholesky = new CholeskyDecomposition(matrix);
    return cholesky.isPositiveDefinite() ? mirrorLower(cholesky.solve(Matrix.eye(n, n))) : undefined;
  }
  const m = Math.floor(n / 2);
  const first = invert(matrix.subMatrix(0, m - 1, 0, m - 1));
  if (!first) return undefined;
  const below = matrix.subMatrix(m, n - 1, 0, m - 1);
  const weights = below.mmul(first);
  const rest = matrix.subMatrix(m, n - 1, m, n - 1).sub(weights.mmul(below.transpose()));
  const last = invert(mirrorLower(rest));
  if (!last) return undefined;
  const corner = last.mmul(weights).neg();
  const inverse = new Matrix(n, n);
  inverse.setSubMatrix(first.sub(weights.transpose().mmul(corner)), 0, 0);
  inverse.setSubMatrix(corner, m, 0);
  inverse.setSubMatrix(last, m, m);
  return mirrorLower(inverse);
}

/**
 * A^-1, by halves: with A = [B, C^T; C, D] and S = D - C B^-1 C^T,
 *
 *     A^-1 = [B^-1 + B^-1 C^T S^-1 C B^-1,  .  ;  -S^-1 C B^-1,  S^-1]
 *
 * (Banachiewicz 1937). For side 300 products of ml-matrix take a third of the time that solving against the identity
 * takes.
 *
 * @param matrix A, n x n, row by row; its lower triangle is read
 * @param n at least 1
 * @returns n x n, row by row, exactly symmetric; undefined when the matrix is not positive definite, or a number in it
 *   is not finite
 */
export function inverseOf(matrix: Float64Array, n: number): Float64Array | undefined {
  const whole = fromLower(matrix, n);
  const inverse = whole && invert(whole);
  if (!inverse) return undefined;
  const flat = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) flat[i * n + j] = inverse.get(i, j);
  return flat;
}
