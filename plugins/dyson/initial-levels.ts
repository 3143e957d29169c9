// Where levels start: as given, evenly spaced, drawn from an ensemble of random matrices, or at the most probable
// positions in such an ensemble. All in ascending order.
import {
  EigenflowError,
  type Environment,
  numbers,
  singularValuesWork,
  symmetricEigenvaluesWork,
  type Vector,
} from 'eigenflow';

export const initialLevelsParameter = numbers({
  doc: 'levels at the start, in any order',
  unit: '1',
  optional: true,
});

/** @throws EigenflowError `parameter` when there are not `levels` of them or one lies below `floor`. */
export function givenLevels(given: readonly number[], levels: number, floor: number): number[] {
  if (given.length !== levels) {
    throw new EigenflowError('parameter', 'model.initialLevels', `expected ${levels} levels, found ${given.length}`);
  }
  const below = given.find((level) => level < floor);
  if (below !== undefined) {
    throw new EigenflowError('parameter', 'model.initialLevels', `${below} lies below ${floor}, where no level can be`);
  }
  return [...given].sort((a, b) => a - b);
}

/** `count` levels from `from` to `to`, both included; the middle for a single one. */
export function spacedLevels(count: number, from: number, to: number): number[] {
  if (count === 1) return [(from + to) / 2];
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}

/** Eigenvalues, ascending, of the symmetric tridiagonal matrix with this diagonal and these elements beside it. */
function tridiagonalLevels(
  diagonal: ArrayLike<number>,
  beside: ArrayLike<number>,
  { arena, kernels }: Environment,
): number[] {
  const n = diagonal.length;
  const matrix = arena.vector(n * n);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = diagonal[i];
    if (i + 1 < n) matrix[i * n + i + 1] = beside[i];
  }
  const values = arena.vector(n);
  kernels.symmetricEigenvalues(matrix, n, arena.vector(symmetricEigenvaluesWork(n)), values);
  return [...values];
}

/**
 * Draws levels with the density prod_{i<j} |x_i - x_j|^beta exp(-sum_i x_i^2 / 2): eigenvalues of the tridiagonal
 * matrix with N(0, 1) on the diagonal and chi_{beta k} / sqrt(2), k = 1 .. count - 1, beside it (Dumitriu and Edelman
 * 2002, doi:10.1063/1.1507823). A diagonal element of the full matrix has variance 1.
 */
export function gaussianEnsemble(count: number, beta: number, environment: Environment): number[] {
  const { arena, random } = environment;
  const stream = random.child('initial');
  const diagonal: Vector = arena.vector(count);
  stream.normals(0, diagonal);
  const beside = Array.from({ length: count - 1 }, (_, i) => {
    const components = arena.vector(beta * (i + 1));
    stream.normals(i + 1, components);
    return Math.sqrt(components.reduce((sum, x) => sum + x * x, 0) / 2);
  });
  return tridiagonalLevels(diagonal, beside, environment);
}

/**
 * The maximum of that density: sqrt(beta) times the zeros of the Hermite polynomial of degree `count` (Stieltjes;
 * Mehta, Random matrices, appendix A.6), whose density for many levels is the semicircle of radius sqrt(2 beta count).
 */
export function mostProbableLevels(count: number, beta: number, environment: Environment): number[] {
  const beside = Array.from({ length: count - 1 }, (_, i) => Math.sqrt((beta * (i + 1)) / 2));
  return tridiagonalLevels(new Float64Array(count), beside, environment);
}

/**
 * Draws the levels of W W^T, W of shape rows x cols, rows <= cols, with independent entries N(0, 1/cols): the Wishart
 * ensemble, mean level 1.
 */
export function wishartEnsemble(rows: number, cols: number, { arena, kernels, random }: Environment): number[] {
  const weights = arena.vector(rows * cols);
  random.child('initial').normals(0, weights);
  const values = arena.vector(rows);
  kernels.singularValues(weights, rows, cols, arena.vector(singularValuesWork(rows, cols)), values);
  return [...values].map((value) => (value * value) / cols).reverse();
}
