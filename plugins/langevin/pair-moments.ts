// Moments over samples of the symmetric products of two vectors, without a matrix per sample.
import type { Arena, Kernels, Vector } from 'eigenflow';

/** Moments of s_ij = z_i a_j + a_i z_j over samples. Every output is width x width, overwritten. */
export interface PairMoments {
  clear(): void;
  /** Adds samples. z, a: n x width. */
  add(z: Vector, a: Vector, n: number): void;
  /** E[s_ij]. */
  mean(out: Vector): void;
  /** Var[s_ij], divisor N. */
  variance(out: Vector): void;
  /** Cov[s_ii, s_jj], divisor N. */
  diagonalCovariance(out: Vector): void;
}

/**
 * Three sums of outer products suffice (derived): with R = sum z_i a_j, M = sum z_i^2 a_j^2,
 * P = sum z_i a_i z_j a_j,
 *
 *     E[s_ij] = (R_ij + R_ji)/N,   E[s_ij^2] = (M_ij + M_ji + 2 P_ij)/N,   Cov[s_ii, s_jj] = 4 (P_ij/N - R_ii R_jj/N^2)
 *
 * Cost O(N width^2), memory O((chunk + width) width). A variance loses the digits by which it is smaller than the
 * squared mean.
 *
 * @param chunk most samples of one `add`
 */
export function createPairMoments(width: number, chunk: number, arena: Arena, kernels: Kernels): PairMoments {
  const area = width * width;
  const [products, squares, diagonals, part] = Array.from({ length: 4 }, () => arena.vector(area));
  const [zz, aa, za] = Array.from({ length: 3 }, () => arena.vector(chunk * width));
  let count = 0;

  const accumulate = (x: Vector, y: Vector, n: number, sum: Vector) => {
    kernels.outer(x, width, y, width, null, n, part);
    kernels.axpy(1, part, area, sum);
  };
  const meanOf = (i: number, j: number) => (products[i * width + j] + products[j * width + i]) / count;
  const fill = (out: Vector, element: (i: number, j: number) => number) => {
    for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) out[i * width + j] = element(i, j);
  };

  return {
    clear() {
      count = 0;
      for (const sum of [products, squares, diagonals]) sum.fill(0);
    },
    add(z, a, n) {
      count += n;
      for (let k = 0; k < n * width; k++) {
        zz[k] = z[k] * z[k];
        aa[k] = a[k] * a[k];
        za[k] = z[k] * a[k];
      }
      accumulate(z, a, n, products);
      accumulate(zz, aa, n, squares);
      accumulate(za, za, n, diagonals);
    },
    mean: (out) => fill(out, meanOf),
    variance: (out) =>
      fill(out, (i, j) => {
        const second = squares[i * width + j] + squares[j * width + i] + 2 * diagonals[i * width + j];
        return second / count - meanOf(i, j) ** 2;
      }),
    diagonalCovariance: (out) =>
      fill(out, (i, j) => (4 * diagonals[i * width + j]) / count - meanOf(i, i) * meanOf(j, j)),
  };
}
