// The symmetric matrix that is factorised, by its eigenvalues and eigenvectors.
import type { Environment, Vector } from 'eigenflow';
import { Matrix, QrDecomposition } from 'eigenflow/theory';

export interface Spectrum {
  /** Eigenvalues of M, descending. */
  readonly values: Float64Array;
  /** Column i is the eigenvector of values[i]; n x n. */
  readonly vectors: Matrix;
  /** M, n x n, row-major. */
  readonly matrix: Vector;
}

/** Uniform over the orthogonal group: Q of a matrix of standard normals, R with a positive diagonal. */
function randomBasis(n: number, { arena, random }: Environment): Matrix {
  const normals = arena.vector(n * n);
  random.child('basis').normals(0, normals);
  const qr = new QrDecomposition(Matrix.from1DArray(n, n, [...normals]));
  const { orthogonalMatrix, upperTriangularMatrix } = qr;
  const signs = upperTriangularMatrix.diagonal().map((each) => (each < 0 ? -1 : 1));
  return orthogonalMatrix.mulRowVector(signs);
}

/** @param basis 'identity': M is diagonal; 'random': its eigenvectors are drawn for every seed */
export function createSpectrum(
  eigenvalues: readonly number[],
  basis: 'identity' | 'random',
  environment: Environment,
): Spectrum {
  const n = eigenvalues.length;
  const values = Float64Array.from(eigenvalues).sort().reverse();
  const vectors = basis === 'identity' ? Matrix.eye(n) : randomBasis(n, environment);
  const product = vectors.mmul(Matrix.diag([...values])).mmul(vectors.transpose());
  const matrix = environment.arena.vector(n * n);
  // Exactly symmetric, whatever rounding makes of the product.
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) matrix[i * n + j] = product.get(Math.min(i, j), Math.max(i, j));
  return { values, vectors, matrix };
}
