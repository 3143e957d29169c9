// The matrix itself, simulated without any level dynamics: real symmetric, Hermitian and quaternion self-dual matrices
// as real symmetric matrices of 1, 2 and 4 times the size, whose levels come in groups of equal ones.
import { openWorkspace } from '../../../core/kernels/arena.js';
import { symmetricEigenWork } from '../../../core/kernels/kernels.js';
import type { RandomSource } from '../../../core/statistics/random-source.js';

export type Beta = 1 | 2 | 4;

/** Real matrices of 1, i, j, k, row-major; the conjugate of a unit is the transpose of its matrix. */
const UNITS: Readonly<Record<Beta, readonly (readonly number[])[]>> = {
  1: [[1]],
  2: [
    [1, 0, 0, 1],
    [0, -1, 1, 0],
  ],
  4: [
    [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    [0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0],
    [0, 0, -1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, -1, 0, 0],
    [0, 0, 0, -1, 0, 0, -1, 0, 0, 1, 0, 0, 1, 0, 0, 0],
  ],
};

/** A matrix of K x K elements, each a real number, a complex number or a quaternion. */
export interface DirectMatrix {
  /** Sets it to a diagonal matrix. */
  setDiagonal(levels: readonly number[]): void;
  /** Adds noise: each component beside the diagonal has this standard deviation, sqrt(2) times it on the diagonal. */
  addNoise(deviation: number): void;
  /** X <- factor X. */
  scale(factor: number): void;
  /** X <- X - h U'(X), U' = sum_k slope[k] x^k. */
  descend(slope: readonly number[], h: number): void;
  /** Ascending, each once. */
  levels(): number[];
}

export function createDirectMatrix(n: number, beta: Beta, random: RandomSource): DirectMatrix {
  const units = UNITS[beta];
  const size = n * beta;
  const { arena, kernels } = openWorkspace(2 ** 21);
  const x = arena.vector(size * size);
  const power = new Float64Array(size * size);
  const next = new Float64Array(size * size);
  const sum = new Float64Array(size * size);
  const [work, values, vectors] = [
    arena.vector(symmetricEigenWork(size)),
    arena.vector(size),
    arena.vector(size * size),
  ];
  const add = (i: number, j: number, unit: readonly number[], amount: number) => {
    for (let a = 0; a < beta; a++) {
      for (let b = 0; b < beta; b++) x[(i * beta + a) * size + j * beta + b] += amount * unit[a * beta + b];
    }
  };
  const multiplyByX = () => {
    next.fill(0);
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < size; k++) {
        const factor = power[i * size + k];
        for (let j = 0; j < size; j++) next[i * size + j] += factor * x[k * size + j];
      }
    }
    power.set(next);
  };
  return {
    setDiagonal(levels) {
      x.fill(0);
      levels.forEach((level, i) => {
        add(i, i, units[0], level);
      });
    },
    addNoise(deviation) {
      for (let i = 0; i < n; i++) {
        add(i, i, units[0], Math.SQRT2 * deviation * random.normal());
        for (let j = i + 1; j < n; j++) {
          for (let c = 0; c < beta; c++) {
            const amount = deviation * random.normal();
            add(i, j, units[c], amount);
            // The conjugate, transposed: minus the imaginary units, whose matrices are antisymmetric.
            add(j, i, units[c], c === 0 ? amount : -amount);
          }
        }
      }
    },
    scale(factor) {
      for (let k = 0; k < x.length; k++) x[k] *= factor;
    },
    descend(slope, h) {
      power.fill(0);
      sum.fill(0);
      for (let i = 0; i < size; i++) power[i * size + i] = 1;
      slope.forEach((coefficient, k) => {
        if (k > 0) multiplyByX();
        if (coefficient !== 0) for (let e = 0; e < sum.length; e++) sum[e] += coefficient * power[e];
      });
      for (let e = 0; e < sum.length; e++) x[e] -= h * sum[e];
    },
    levels() {
      kernels.symmetricEigen(x, size, work, values, vectors);
      return Array.from({ length: n }, (_, i) => values[i * beta]);
    },
  };
}
