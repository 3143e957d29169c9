// Cholesky factors of symmetric positive definite matrices, row by row in flat arrays. Square roots and sums only, so
// the bits are the same everywhere; nothing is allocated.

/**
 * A = L L^T.
 *
 * @param matrix n x n, its lower triangle is read
 * @param factor n x n, its lower triangle is overwritten; may be `matrix`
 * @returns false when the matrix is not positive definite, or holds NaN; `factor` is of no use then
 */
export function factorise(matrix: Float64Array, n: number, factor: Float64Array): boolean {
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

/** x <- L^-1 x */
export function solveLower(factor: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * x[k];
    x[i] = sum / factor[i * n + i];
  }
}

/** x <- L^-T x */
export function solveUpper(factor: Float64Array, n: number, x: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    x[i] /= factor[i * n + i];
    for (let k = 0; k < i; k++) x[k] -= factor[i * n + k] * x[i];
  }
}

/**
 * @param factor L
 * @param inverseFactor n x n, overwritten with L^-1 in its lower triangle
 * @param inverse n x n, overwritten with (L L^T)^-1, both triangles
 */
export function invertFactored(
  factor: Float64Array,
  n: number,
  inverseFactor: Float64Array,
  inverse: Float64Array,
): void {
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
