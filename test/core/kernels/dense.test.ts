import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBench, largestError } from './support.js';

const LARGEST = 70;
const bench = createBench(100);
const { kernels } = bench;
const size = LARGEST * LARGEST;
const [weights, x, upstream, out] = [
  bench.vector(size),
  bench.vector(size),
  bench.vector(size),
  bench.vector(size + 1),
];
const index = bench.indices(LARGEST);

const plain = {
  dense(rows: number, cols: number, row: (s: number) => number, n: number): number[] {
    const result: number[] = [];
    for (let s = 0; s < n; s++) {
      for (let k = 0; k < rows; k++) {
        let sum = 0;
        for (let l = 0; l < cols; l++) sum += weights[k * cols + l] * x[row(s) * cols + l];
        result.push(sum);
      }
    }
    return result;
  },
  transposed(rows: number, cols: number, n: number): number[] {
    const result: number[] = [];
    for (let s = 0; s < n; s++) {
      for (let l = 0; l < cols; l++) {
        let sum = 0;
        for (let k = 0; k < rows; k++) sum += upstream[s * rows + k] * weights[k * cols + l];
        result.push(sum);
      }
    }
    return result;
  },
  outer(rows: number, cols: number, row: (s: number) => number, n: number): number[] {
    const result: number[] = [];
    for (let k = 0; k < rows; k++) {
      for (let l = 0; l < cols; l++) {
        let sum = 0;
        for (let s = 0; s < n; s++) sum += upstream[s * rows + k] * x[row(s) * cols + l];
        result.push(sum);
      }
    }
    return result;
  },
};

function fill(seed: number): void {
  kernels.normals(seed, 0, 0, 0, 0, size, weights);
  kernels.normals(seed, 1, 0, 0, 0, size, x);
  kernels.normals(seed, 2, 0, 0, 0, size, upstream);
  kernels.integers(LARGEST - 1, seed, 3, 0, 0, 0, LARGEST, index);
}

/** Compares all three with plain loops, and sees that nothing is written behind the result. */
function compare(rows: number, cols: number, n: number, gathered: boolean): void {
  const row = gathered ? (s: number) => index[s] : (s: number) => s;
  const rowIndex = gathered ? index : null;
  const check = (name: string, length: number, expected: number[]) => {
    expect(largestError(out.subarray(0, length), expected), name).toBeLessThan(1e-13);
    expect(out[length], `${name} writes no more than its result`).toBeNaN();
    out.fill(NaN, 0, length + 1);
  };
  out.fill(NaN);
  kernels.dense(weights, rows, cols, x, rowIndex, n, out);
  check('dense', n * rows, plain.dense(rows, cols, row, n));
  kernels.denseTransposed(weights, rows, cols, upstream, n, out);
  check('denseTransposed', n * cols, plain.transposed(rows, cols, n));
  kernels.outer(upstream, rows, x, cols, rowIndex, n, out);
  check('outer', rows * cols, plain.outer(rows, cols, row, n));
}

describe('dense, denseTransposed and outer agree with plain loops', () => {
  const shapes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 66];
  test.each(shapes)('for %d rows', (rows) => {
    fill(rows);
    for (const cols of shapes) {
      for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 11, 16]) {
        compare(rows, cols, n, false);
        compare(rows, cols, n, true);
      }
    }
  });

  test('for any shape', () => {
    const side = fc.integer({ min: 1, max: LARGEST });
    fill(99);
    fc.assert(
      fc.property(side, side, side, fc.boolean(), (rows, cols, n, gathered) => compare(rows, cols, n, gathered)),
      { numRuns: 300, seed: 7 },
    );
  });

  test('for long sums and many rows, where the work is split into panels', () => {
    const big = createBench(800);
    const [rows, cols, n] = [75, 613, 301];
    const a = big.vector(rows * cols);
    const b = big.vector(n * cols);
    const c = big.vector(n * rows);
    const result = big.vector(rows * cols);
    const back = big.vector(n * cols);
    big.kernels.normals(1, 0, 0, 0, 0, rows * cols, a);
    big.kernels.normals(2, 0, 0, 0, 0, n * cols, b);
    big.kernels.dense(a, rows, cols, b, null, n, c);
    big.kernels.outer(c, rows, b, cols, null, n, result);
    big.kernels.denseTransposed(a, rows, cols, c, n, back);
    for (const [k, l] of [
      [0, 0],
      [74, 612],
      [31, 8],
      [32, 607],
      [33, 608],
      [74, 0],
    ]) {
      let sum = 0;
      for (let s = 0; s < n; s++) sum += c[s * rows + k] * b[s * cols + l];
      expect(Math.abs(result[k * cols + l] - sum)).toBeLessThan(1e-13 * n * 100);
    }
    for (const [s, l] of [
      [0, 0],
      [300, 612],
      [299, 600],
      [7, 611],
    ]) {
      let sum = 0;
      for (let k = 0; k < rows; k++) sum += c[s * rows + k] * a[k * cols + l];
      expect(Math.abs(back[s * cols + l] - sum)).toBeLessThan(1e-13 * rows * 100);
    }
    for (const [s, k] of [
      [0, 0],
      [300, 74],
      [299, 73],
      [298, 74],
    ]) {
      let sum = 0;
      for (let l = 0; l < cols; l++) sum += a[k * cols + l] * b[s * cols + l];
      expect(Math.abs(c[s * rows + k] - sum)).toBeLessThan(1e-13 * cols);
    }
  });
});

test('the output of a sample has the same bits in any batch and at any place in it', () => {
  fill(5);
  for (const [rows, cols] of [
    [16, 32],
    [7, 9],
    [1, 16],
    [1, 17],
    [5, 64],
  ]) {
    kernels.dense(weights, rows, cols, x, null, 13, out);
    const whole = out.slice(0, 13 * rows);
    for (let s = 0; s < 13; s++) {
      for (const n of [1, 2, 3, 4, 6]) {
        for (let i = 0; i < n; i++) index[i] = i === n - 1 ? s : (s + 5 * i) % 13;
        kernels.dense(weights, rows, cols, x, index, n, out);
        expect(out.slice((n - 1) * rows, n * rows)).toEqual(whole.slice(s * rows, (s + 1) * rows));
      }
    }
  }
});

test('an index and the gathered rows give the same bits', () => {
  fill(6);
  const rows = bench.vector(size);
  const other = bench.vector(size);
  for (const [k, l, n] of [
    [16, 32, 4],
    [9, 7, 5],
    [24, 40, 12],
    [1, 8, 4],
  ]) {
    kernels.gather(x, l, index, n, rows);
    for (let s = 0; s < n; s++) {
      expect(rows.slice(s * l, (s + 1) * l)).toEqual(x.slice(index[s] * l, (index[s] + 1) * l));
    }
    kernels.dense(weights, k, l, x, index, n, out);
    kernels.dense(weights, k, l, rows, null, n, other);
    expect(other.slice(0, n * k)).toEqual(out.slice(0, n * k));
    kernels.outer(upstream, k, x, l, index, n, out);
    kernels.outer(upstream, k, rows, l, null, n, other);
    expect(other.slice(0, k * l)).toEqual(out.slice(0, k * l));
  }
});

test('an empty batch gives no outputs and a zero gradient', () => {
  out.fill(7);
  kernels.dense(weights, 3, 5, x, null, 0, out);
  kernels.denseTransposed(weights, 3, 5, upstream, 0, out);
  expect(out[0]).toBe(7);
  kernels.outer(upstream, 3, x, 5, null, 0, out);
  expect([...out.subarray(0, 16)]).toEqual([...new Array(15).fill(0), 7]);
});

test('NaN and Infinity go where the sums carry them and nowhere else', () => {
  fill(8);
  x[2 * 9 + 4] = NaN;
  weights[3 * 9 + 8] = Infinity;
  kernels.dense(weights, 5, 9, x, null, 6, out);
  for (let s = 0; s < 6; s++) {
    for (let k = 0; k < 5; k++) {
      if (s === 2) expect(out[s * 5 + k]).toBeNaN();
      else if (k === 3) expect(Math.abs(out[s * 5 + k])).toBe(Infinity);
      else expect(Number.isFinite(out[s * 5 + k])).toBe(true);
    }
  }
});
