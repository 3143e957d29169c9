// Rows with given overlaps: the Cholesky factor of their overlaps times orthonormal rows.
import { EigenflowError } from 'eigenflow';

/** As a share of the diagonal: what is left of a pivot is rounding. */
const NOTHING_LEFT = 1e-12;

/**
 * L with L L^T = overlaps, lower triangle. Rows may depend on those before them (a student unit that is a teacher unit,
 * or one that is 0), so that pivots may vanish.
 *
 * @param overlaps n x n, symmetric
 * @throws EigenflowError `parameter` where no rows have such overlaps
 */
export function rootOf(overlaps: Float64Array, n: number, path: string): Float64Array {
  const root = new Float64Array(n * n);
  const refuse = (i: number): never => {
    throw new EigenflowError(
      'parameter',
      path,
      `no weights have these overlaps: row ${i + 1} of (T, R; R, Q) is longer in the direction of those before it than it ` +
        'is itself. Make R smaller, or T and Q larger',
    );
  };
  for (let i = 0; i < n; i++) {
    const length = overlaps[i * (n + 1)];
    if (!(length >= 0)) refuse(i);
    for (let j = 0; j <= i; j++) {
      let sum = overlaps[i * n + j];
      for (let k = 0; k < j; k++) sum -= root[i * n + k] * root[j * n + k];
      const pivot = root[j * (n + 1)];
      const scale = Math.sqrt(length * overlaps[j * (n + 1)]);
      if (i === j) {
        if (sum < -NOTHING_LEFT * length) refuse(i);
        root[i * (n + 1)] = sum > NOTHING_LEFT * length ? Math.sqrt(sum) : 0;
      } else if (pivot > 0) root[i * n + j] = sum / pivot;
      else if (Math.abs(sum) > Math.sqrt(NOTHING_LEFT) * scale) refuse(i);
    }
  }
  return root;
}

/**
 * Makes rows orthogonal to those before them and of length 1, one after the other, so that the first ones stay the same
 * whatever comes after them. Square roots and sums only: the same bits everywhere.
 *
 * @param rows count x width, overwritten; rows of standard normals become uniform over all orthonormal sets
 */
export function orthonormalise(rows: Float64Array, count: number, width: number): void {
  for (let i = 0; i < count; i++) {
    // Twice is enough to be orthogonal to rounding.
    for (let round = 0; round < 2; round++) {
      for (let j = 0; j < i; j++) {
        let overlap = 0;
        for (let k = 0; k < width; k++) overlap += rows[i * width + k] * rows[j * width + k];
        for (let k = 0; k < width; k++) rows[i * width + k] -= overlap * rows[j * width + k];
      }
    }
    let square = 0;
    for (let k = 0; k < width; k++) square += rows[i * width + k] * rows[i * width + k];
    const norm = Math.sqrt(square);
    for (let k = 0; k < width; k++) rows[i * width + k] /= norm;
  }
}
