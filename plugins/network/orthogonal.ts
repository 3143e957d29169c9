// Orthogonal first weights: the Q of a matrix of standard normals, with the signs that make it Haar-distributed.
import type { Vector } from 'eigenflow';

/**
 * Turns standard normals into `scale` times a matrix with orthonormal rows or columns, whichever are fewer, by Gram and
 * Schmidt, twice against rounding: with R of positive diagonal, which is the sign convention that gives the Haar
 * measure (arXiv:math-ph/0609050).
 *
 * @param matrix rows x cols, overwritten
 */
export function drawOrthogonal(matrix: Vector, rows: number, cols: number, scale: number): void {
  const [count, length] = rows < cols ? [rows, cols] : [cols, rows];
  const at = (vector: number, i: number) => (rows < cols ? vector * cols + i : i * cols + vector);
  for (let v = 0; v < count; v++) {
    for (let pass = 0; pass < 2; pass++) {
      for (let u = 0; u < v; u++) {
        let product = 0;
        for (let i = 0; i < length; i++) product += matrix[at(u, i)] * matrix[at(v, i)];
        for (let i = 0; i < length; i++) matrix[at(v, i)] -= product * matrix[at(u, i)];
      }
      let square = 0;
      for (let i = 0; i < length; i++) square += matrix[at(v, i)] * matrix[at(v, i)];
      const norm = Math.sqrt(square);
      for (let i = 0; i < length; i++) matrix[at(v, i)] /= norm;
    }
  }
  for (let i = 0; i < matrix.length; i++) matrix[i] *= scale;
}
