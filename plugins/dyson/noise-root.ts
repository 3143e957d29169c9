// The diagonal noise of a level process: a root of Q, which turns independent normals into increments of M.
import type { Arena, LevelProcess, Vector } from 'eigenflow';

/** Pivots below this fraction of the largest diagonal element are rounding. */
const ROUNDING = 1e-15;
/** In place of what is left of a diagonal element that was a pivot: less than any remainder, zero included. */
const TAKEN = -1;

/**
 * A root R of a positive semidefinite n x n matrix, R R^T = matrix to rounding, whatever its rank: Cholesky's method
 * with diagonal pivoting (Higham 1990, Analysis of the Cholesky decomposition of a semi-definite matrix). NaN is
 * passed on.
 *
 * @param root n x n, overwritten
 * @param rest n numbers of work space
 */
export function covarianceRoot(matrix: Vector, n: number, root: Vector, rest: Vector): void {
  root.fill(0);
  let largest = 0;
  for (let i = 0; i < n; i++) {
    rest[i] = matrix[i * n + i];
    largest = Math.max(largest, rest[i]);
  }
  if (Number.isNaN(largest)) {
    root.fill(Number.NaN);
    return;
  }
  for (let k = 0; k < n; k++) {
    let pivot = 0;
    for (let i = 1; i < n; i++) if (rest[i] > rest[pivot]) pivot = i;
    if (rest[pivot] <= ROUNDING * largest) return;
    const diagonal = Math.sqrt(rest[pivot]);
    for (let i = 0; i < n; i++) {
      if (i === pivot || rest[i] === TAKEN) continue;
      let sum = matrix[i * n + pivot];
      for (let m = 0; m < k; m++) sum -= root[i * n + m] * root[pivot * n + m];
      root[i * n + k] = sum / diagonal;
      rest[i] = Math.max(0, rest[i] - root[i * n + k] * root[i * n + k]);
    }
    root[pivot * n + k] = diagonal;
    rest[pivot] = TAKEN;
  }
}

export interface NoiseRoot {
  /** Brings the root to these levels; does nothing where the noise is constant. */
  at(levels: Vector): void;
  /** out = root times `normals`, K numbers each; out may not be normals. */
  apply(normals: Vector, out: Vector): void;
}

const nothing = () => {};

/** Constant noise is the same at all levels: its root is taken here, once, at levels 0. */
export function createNoiseRoot(process: LevelProcess, arena: Arena): NoiseRoot {
  const { levels, constantNoise } = process;
  if (!process.diagonalCovariance) {
    const root = arena.vector(levels);
    const bring = (x: Vector) => {
      process.diagonalVariance(x, root);
      for (let i = 0; i < levels; i++) root[i] = Math.sqrt(root[i]);
    };
    if (constantNoise) bring(arena.vector(levels));
    return {
      at: constantNoise ? nothing : bring,
      apply(normals, out) {
        for (let i = 0; i < levels; i++) out[i] = root[i] * normals[i];
      },
    };
  }
  const covariance = arena.vector(levels * levels);
  const root = arena.vector(levels * levels);
  const rest = arena.vector(levels);
  const bring = (x: Vector) => {
    process.diagonalCovariance?.(x, covariance);
    covarianceRoot(covariance, levels, root, rest);
  };
  if (constantNoise) bring(arena.vector(levels));
  return {
    at: constantNoise ? nothing : bring,
    apply(normals, out) {
      for (let i = 0; i < levels; i++) {
        let sum = 0;
        for (let j = 0; j < levels; j++) sum += root[i * levels + j] * normals[j];
        out[i] = sum;
      }
    },
  };
}
