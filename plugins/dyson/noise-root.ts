// The diagonal noise of a level process: a root of Q, which turns independent normals into increments of M.
import type { LevelProcess } from '../../core/contracts/level-process.js';
import type { Vector } from '../../core/contracts/vector.js';

/**
 * Cholesky's factor of a positive semidefinite matrix, lower triangle, rows of length n; the upper one is not written.
 * A pivot that is not positive, as rounding leaves it in a singular matrix, ends its column; NaN stays NaN.
 */
export function choleskyRoot(matrix: Vector, n: number, root: Vector): void {
  for (let j = 0; j < n; j++) {
    let pivot = matrix[j * n + j];
    for (let k = 0; k < j; k++) pivot -= root[j * n + k] * root[j * n + k];
    const diagonal = pivot <= 0 ? 0 : Math.sqrt(pivot);
    root[j * n + j] = diagonal;
    for (let i = j + 1; i < n; i++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= root[i * n + k] * root[j * n + k];
      root[i * n + j] = diagonal === 0 ? 0 : sum / diagonal;
    }
  }
}

export interface NoiseRoot {
  /** Brings the root to these levels; costs nothing again where the noise is constant. */
  at(levels: Vector): void;
  /** out = root times `normals`, K numbers each; out may not be normals. */
  apply(normals: Vector, out: Vector): void;
}

/** @param take carves room; see `divide` */
export function createNoiseRoot(process: LevelProcess, take: (length: number) => Vector): NoiseRoot {
  const { levels, constantNoise } = process;
  let known = false;
  if (!process.diagonalCovariance) {
    const root = take(levels);
    return {
      at(x) {
        if (known) return;
        process.diagonalVariance(x, root);
        for (let i = 0; i < levels; i++) root[i] = Math.sqrt(root[i]);
        known = constantNoise;
      },
      apply(normals, out) {
        for (let i = 0; i < levels; i++) out[i] = root[i] * normals[i];
      },
    };
  }
  const covariance = take(levels * levels);
  const root = take(levels * levels);
  return {
    at(x) {
      if (known) return;
      process.diagonalCovariance?.(x, covariance);
      choleskyRoot(covariance, levels, root);
      known = constantNoise;
    },
    apply(normals, out) {
      for (let i = 0; i < levels; i++) {
        let sum = 0;
        for (let j = 0; j <= i; j++) sum += root[i * levels + j] * normals[j];
        out[i] = sum;
      }
    },
  };
}
