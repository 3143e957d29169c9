// Rank with the precision of the weights: what rounding makes of zeros is no level, and no level is taken for rounding.
import { describe, expect, test } from 'vitest';
import { openWorkspace } from '../../../../core/kernels/arena.js';
import { singularValuesWork } from '../../../../core/kernels/kernels.js';
import { createRandomSource } from '../../../../core/statistics/random-source.js';
import { fitMarchenkoPastur } from '../../../../core/theory/random-matrix/marchenko-pastur-fit.js';
import {
  distinctSides,
  numericalRank,
  type SignificantBits,
  significantBits,
} from '../../../../core/theory/random-matrix/numerical-rank.js';

/** To the nearest number of so many significant bits, for numbers within the range of every format. */
function round(x: number, bits: SignificantBits): number {
  if (x === 0 || bits === 53) return x;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) - bits + 1);
  return unit * Math.round(x / unit);
}

function gaussian(rows: number, cols: number, seed: number): Float64Array {
  const random = createRandomSource(seed, 'numerical rank');
  return Float64Array.from({ length: rows * cols }, () => random.normal());
}

/** B A with B rows x rank and A rank x cols. */
function product(rows: number, cols: number, rank: number, seed: number): Float64Array {
  const [b, a] = [gaussian(rows, rank, seed), gaussian(rank, cols, seed + 1000)];
  return Float64Array.from({ length: rows * cols }, (_, k) => {
    const [i, j] = [Math.floor(k / cols), k % cols];
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += b[i * rank + r] * a[r * cols + j];
    return sum;
  });
}

function singularValues(weights: Float64Array, rows: number, cols: number): Float64Array {
  const { arena, kernels } = openWorkspace(2 ** 24);
  const matrix = arena.vector(rows * cols);
  matrix.set(weights);
  const values = arena.vector(Math.min(rows, cols));
  kernels.singularValues(matrix, rows, cols, arena.vector(singularValuesWork(rows, cols)), values);
  return values.slice();
}

const rankOf = (weights: Float64Array, rows: number, cols: number) =>
  numericalRank(singularValues(weights, rows, cols), weights, rows, cols);

const formats = [8, 11, 24, 53] as const;

describe.each(formats)('weights of %d significant bits', (bits) => {
  const rounded = (weights: Float64Array) => weights.map((x) => round(x, bits));

  test('are recognised, however they are kept', () => {
    expect(significantBits(rounded(gaussian(20, 30, 1)))).toBe(bits);
  });

  test.each([
    [64, 64, 4],
    [16, 32, 2],
    [200, 10, 3],
    [64, 64, 40],
  ])('a product that is %d x %d has rank %d', (rows, cols, rank) => {
    for (let seed = 1; seed <= 5; seed++) {
      const found = rankOf(rounded(product(rows, cols, rank, seed)), rows, cols);
      expect(found).toMatchObject({ rank, significantBits: bits });
    }
  });

  test.each([
    [4, 4],
    [16, 16],
    [16, 32],
    [128, 128],
    [300, 20],
  ])('independent entries, %d x %d, have full rank', (rows, cols) => {
    // The lowest level of a square matrix can lie anywhere, also within the rounding of half precision.
    const loose = bits < 24 && rows === cols ? 1 : 0;
    const ranks = [1, 2, 3, 4, 5].map((seed) => rankOf(rounded(gaussian(rows, cols, seed)), rows, cols).rank);
    expect(Math.min(...ranks)).toBeGreaterThanOrEqual(Math.min(rows, cols) - loose);
    expect(Math.max(...ranks)).toBe(Math.min(rows, cols));
  });

  test('a few levels far above the others do not hide them', () => {
    const [noise, spike] = [gaussian(32, 48, 1), product(32, 48, 2, 3)];
    // bfloat16 has two digits: a spike a hundred times as large is rounded to the size of the noise.
    const strength = bits === 8 ? 3 : 30;
    const weights = rounded(noise.map((x, k) => x + strength * spike[k]));
    expect(rankOf(weights, 32, 48).rank).toBe(32);
  });
});

test('a product whose sums were rounded in float32 at each step keeps its rank', () => {
  const [rows, rank] = [64, 32];
  const [b, a] = [gaussian(rows, rank, 1), gaussian(rank, rows, 2)];
  const weights = Float64Array.from({ length: rows * rows }, (_, k) => {
    const [i, j] = [Math.floor(k / rows), k % rows];
    let sum = 0;
    for (let r = 0; r < rank; r++) sum = Math.fround(sum + Math.fround(b[i * rank + r] * a[r * rows + j]));
    return sum;
  });
  expect(rankOf(weights, rows, rows).rank).toBe(rank);
});

test('nothing, one, and the identity', () => {
  expect(rankOf(new Float64Array(12), 3, 4).rank).toBe(0);
  expect(rankOf(Float64Array.of(0.1), 1, 1).rank).toBe(1);
  expect(rankOf(Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), 3, 3).rank).toBe(3);
});

test('sides leave out rows and columns of zeros and count copies once', () => {
  const weights = Float64Array.of(1, 0, 2, 1, 0, 0, 0, 0, 1, 0, 2, 1, 3, 0, 5, 3);
  expect(distinctSides(weights, 4, 4)).toEqual({ rows: 2, cols: 2 });
  expect(distinctSides(new Float64Array(6), 2, 3)).toEqual({ rows: 0, cols: 0 });
});

// Rows of zeros, copies of all rows, a projection: the levels that are left follow the law of the smaller matrix.
test('what is left of pruned, copied and projected noise is noise of the smaller sides', () => {
  const [rows, cols] = [48, 96];
  const noise = gaussian(rows, cols, 5);
  const [pruned, copied] = [new Float64Array(2 * rows * cols), new Float64Array(2 * rows * cols)];
  pruned.set(noise);
  copied.set(noise);
  copied.set(noise, rows * cols);
  for (const [weights, variance] of [
    [pruned, 1],
    [copied, 2],
  ] as const) {
    const values = singularValues(weights, 2 * rows, cols);
    const { rank } = numericalRank(values, weights, 2 * rows, cols);
    const sides = distinctSides(weights, 2 * rows, cols);
    expect([rank, sides]).toEqual([rows, { rows, cols }]);
    const fit = fitMarchenkoPastur(
      values.subarray(0, rank).map((s) => s * s),
      rank,
      cols,
    );
    expect(fit.outliersAbove).toBe(0);
    expect(fit.distance).toBeLessThan(0.08);
    expect(Math.abs(fit.entryVariance / variance - 1)).toBeLessThan(0.1);
  }
});
