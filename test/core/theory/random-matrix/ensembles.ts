// Random matrices drawn directly, without any dynamics, to hold the laws of levels against.
import { openWorkspace } from '../../../../core/kernels/arena.js';
import { singularValuesWork, symmetricEigenWork } from '../../../../core/kernels/kernels.js';
import { createRandomSource } from '../../../../core/statistics/random-source.js';

/**
 * Levels of symmetric n x n Gaussian matrices (beta = 1) with variance sigma^2 on the diagonal and sigma^2/2 off it, each
 * spectrum ascending.
 */
export function gaussianSpectra(n: number, count: number, sigma: number, seed: number): Float64Array[] {
  const random = createRandomSource(seed, `gaussian ${n}`);
  const { arena, kernels } = openWorkspace();
  const [matrix, vectors] = [arena.vector(n * n), arena.vector(n * n)];
  const [work, values] = [arena.vector(symmetricEigenWork(n)), arena.vector(n)];
  return Array.from({ length: count }, () => {
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        const value = sigma * random.normal() * (i === j ? 1 : Math.SQRT1_2);
        matrix[i * n + j] = value;
        matrix[j * n + i] = value;
      }
    }
    kernels.symmetricEigen(matrix, n, work, values, vectors);
    return values.slice();
  });
}

/** Levels of W W^T for W of independent standard normals plus `spike` at (0, 0), ascending, without trivial zeros. */
export function wishartSpectra(rows: number, cols: number, count: number, seed: number, spike = 0): Float64Array[] {
  const random = createRandomSource(seed, `wishart ${rows} x ${cols}`);
  const { arena, kernels } = openWorkspace();
  const matrix = arena.vector(rows * cols);
  const work = arena.vector(singularValuesWork(rows, cols));
  const values = arena.vector(Math.min(rows, cols));
  return Array.from({ length: count }, () => {
    for (let i = 0; i < matrix.length; i++) matrix[i] = random.normal();
    matrix[0] += spike;
    kernels.singularValues(matrix, rows, cols, work, values);
    return values.map((value) => value * value).reverse();
  });
}
