// Random orthogonal bases, and symmetric matrices with a given spectrum.
import type { Environment, Stream, Vector } from 'eigenflow';

/**
 * Rows of an orthogonal matrix, uniform over the orthogonal group: modified Gram-Schmidt on the rows of a matrix of
 * standard normals. Square roots and sums only, so its bits are the same everywhere.
 *
 * @param basis n x n, overwritten
 */
export function drawBasis(stream: Stream, n: number, basis: Vector): void {
  stream.normals(0, basis, n * n);
  for (let i = 0; i < n; i++) {
    // Twice is enough to be orthogonal to rounding.
    for (let round = 0; round < 2; round++) {
      for (let j = 0; j < i; j++) {
        let overlap = 0;
        for (let k = 0; k < n; k++) overlap += basis[i * n + k] * basis[j * n + k];
        for (let k = 0; k < n; k++) basis[i * n + k] -= overlap * basis[j * n + k];
      }
    }
    let square = 0;
    for (let k = 0; k < n; k++) square += basis[i * n + k] ** 2;
    const norm = Math.sqrt(square);
    for (let k = 0; k < n; k++) basis[i * n + k] /= norm;
  }
}

/**
 * O^T diag(levels) O, n x n, in the arena.
 *
 * @param basis 'identity' for O = 1, or the stream that O is drawn from
 */
export function symmetricMatrix(
  levels: readonly number[],
  basis: 'identity' | Stream,
  { arena }: Pick<Environment, 'arena'>,
): Vector {
  const n = levels.length;
  const matrix = arena.vector(n * n);
  if (basis === 'identity') {
    for (let i = 0; i < n; i++) matrix[i * n + i] = levels[i];
    return matrix;
  }
  const rows = arena.vector(n * n);
  drawBasis(basis, n, rows);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += levels[k] * rows[k * n + i] * rows[k * n + j];
      matrix[i * n + j] = sum;
    }
  }
  return matrix;
}
