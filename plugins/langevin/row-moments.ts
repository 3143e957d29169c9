// Moments over samples of the rows of outer products, without a matrix per sample.
import type { Arena, Kernels, Vector } from 'eigenflow';

/** Moments of the matrices G_n = a_n h_n^T, rows x cols, summed over each row; outputs hold `rows` numbers. */
export interface RowMoments {
  clear(): void;
  /** Adds samples. a: n x rows; h: n x cols. */
  add(a: Vector, h: Vector, n: number): void;
  /** sum_l E[G_il]^2. */
  squaredMean(out: Vector): void;
  /** sum_l Var[G_il], divisor N. */
  variance(out: Vector): void;
}

/** sum_l E[G_il^2] is E[a_i^2 |h|^2]. Cost O(N rows cols). */
export function createRowMoments(rows: number, cols: number, arena: Arena, kernels: Kernels): RowMoments {
  const sum = arena.vector(rows * cols);
  const part = arena.vector(rows * cols);
  const squares = arena.vector(rows);
  let count = 0;

  const squaredMeanOf = (i: number) => {
    let total = 0;
    for (let l = i * cols; l < (i + 1) * cols; l++) total += (sum[l] / count) ** 2;
    return total;
  };

  return {
    clear() {
      count = 0;
      sum.fill(0);
      squares.fill(0);
    },
    add(a, h, n) {
      count += n;
      kernels.outer(a, rows, h, cols, null, n, part);
      kernels.axpy(1, part, rows * cols, sum);
      for (let s = 0; s < n; s++) {
        let square = 0;
        for (let l = s * cols; l < (s + 1) * cols; l++) square += h[l] * h[l];
        for (let i = 0; i < rows; i++) squares[i] += a[s * rows + i] * a[s * rows + i] * square;
      }
    },
    squaredMean(out) {
      for (let i = 0; i < rows; i++) out[i] = squaredMeanOf(i);
    },
    variance(out) {
      for (let i = 0; i < rows; i++) out[i] = squares[i] / count - squaredMeanOf(i);
    },
  };
}
