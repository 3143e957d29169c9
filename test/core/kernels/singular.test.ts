import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { singularValuesWork } from '../../../core/kernels/kernels.js';
import { createBench } from './support.js';

interface Case {
  name: string;
  rows: number;
  cols: number;
  matrix: number[];
  values: number[];
  accurate: 'each' | 'largest';
}

const cases = JSON.parse(readFileSync(new URL('./tables/singular.json', import.meta.url), 'utf8')) as Case[];
const bench = createBench(200);
const { kernels } = bench;
const [matrix, work, out] = [bench.vector(90_000), bench.vector(200_000), bench.vector(301)];

/** Singular values of `entries`, in work space of exactly the size that is asked for. */
function singularValues(entries: ArrayLike<number>, rows: number, cols: number) {
  matrix.set(entries);
  const size = singularValuesWork(rows, cols);
  work.fill(NaN);
  work[size] = 4711;
  const short = Math.min(rows, cols);
  out.fill(NaN);
  const sweeps = kernels.singularValues(matrix, rows, cols, work, out);
  expect(work[size]).toBe(4711);
  expect(out[short]).toBeNaN();
  expect(matrix.slice(0, rows * cols)).toEqual(Float64Array.from(entries));
  return { sweeps, values: [...out.subarray(0, short)] };
}

function normals(n: number, seed: number): Float64Array {
  kernels.normals(seed, 0, 0, 0, 0, n, matrix);
  return matrix.slice(0, n);
}

function transposed(entries: ArrayLike<number>, rows: number, cols: number): number[] {
  return Array.from({ length: rows * cols }, (_, i) => entries[(i % rows) * cols + Math.floor(i / rows)]);
}

describe.each(cases)('$name', ({ rows, cols, matrix: entries, values, accurate }) => {
  test.each(['as it is', 'transposed'])('has the values of 120-digit arithmetic, %s', (way) => {
    const result =
      way === 'transposed'
        ? singularValues(transposed(entries, rows, cols), cols, rows)
        : singularValues(entries, rows, cols);
    expect(result.sweeps).toBeGreaterThan(0);
    result.values.forEach((value, i) => {
      const error = Math.abs(value - values[i]) / (accurate === 'each' ? values[i] : values[0]);
      expect(error, `value ${i}: ${value} for ${values[i]}`).toBeLessThan(1e-14);
    });
  });
});

describe('shapes', () => {
  const shapes = [
    [1, 1],
    [1, 9],
    [9, 1],
    [2, 2],
    [2, 3],
    [3, 2],
    [16, 32],
    [32, 16],
    [17, 31],
    [40, 40],
    [300, 5],
  ];
  test.each(shapes)('%d x %d agrees with ml-matrix', (rows, cols) => {
    const entries = normals(rows * cols, rows * 100 + cols);
    const { sweeps, values } = singularValues(entries, rows, cols);
    const lines = Array.from({ length: rows }, (_, i) => [...entries.subarray(i * cols, (i + 1) * cols)]);
    const expected = new SingularValueDecomposition(new Matrix(lines), {
      autoTranspose: true,
      computeLeftSingularVectors: false,
      computeRightSingularVectors: false,
    }).diagonal;
    expect(sweeps).toBeGreaterThan(0);
    values.forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(1e-14 * Math.sqrt(rows * cols) * expected[0]);
    });
  });

  test('any shape: descending, sum of squares is that of the entries, scaling by powers of two is exact', () => {
    const side = fc.integer({ min: 1, max: 25 });
    fc.assert(
      fc.property(side, side, fc.nat(1000), fc.integer({ min: -1000, max: 1000 }), (rows, cols, seed, power) => {
        const entries = normals(rows * cols, seed);
        const { values } = singularValues(entries, rows, cols);
        const squares = entries.reduce((sum, x) => sum + x * x, 0);
        expect(Math.abs(values.reduce((sum, x) => sum + x * x, 0) / squares - 1)).toBeLessThan(1e-13);
        for (let i = 1; i < values.length; i++) expect(values[i]).toBeLessThanOrEqual(values[i - 1]);
        const scaled = singularValues(
          entries.map((x) => x * 2 ** power),
          rows,
          cols,
        ).values;
        expect(scaled).toEqual(values.map((x) => x * 2 ** power));
      }),
      { numRuns: 150, seed: 11 },
    );
  });
});

describe('edges', () => {
  test('the zero matrix has zeros', () => {
    expect(singularValues(new Float64Array(12), 3, 4)).toEqual({ sweeps: 1, values: [0, 0, 0] });
  });

  test('a diagonal matrix gives its sorted absolute entries exactly', () => {
    const entries = new Float64Array(25);
    [3, -7, 0, 1e-300, 2].forEach((x, i) => {
      entries[6 * i] = x;
    });
    const { values } = singularValues(entries, 5, 5);
    expect(values.slice(0, 3)).toEqual([7, 3, 2]);
    expect(Math.abs(values[3] / 1e-300 - 1)).toBeLessThan(1e-14);
    expect(values[4]).toBe(0);
  });

  test('equal rows: one value, the rest zero up to rounding', () => {
    const { values } = singularValues(new Float64Array(64).fill(1), 8, 8);
    expect(Math.abs(values[0] / 8 - 1)).toBeLessThan(1e-14);
    for (const value of values.slice(1)) expect(value).toBeLessThan(1e-14);
  });

  test('a scaled orthogonal matrix has equal values', () => {
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const { values } = singularValues([2 * c, -2 * s, 2 * s, 2 * c], 2, 2);
    for (const value of values) expect(Math.abs(value / 2 - 1)).toBeLessThan(1e-15);
  });

  test.each([1e308, 1e-308, 5e-324])('entries of size %d neither overflow nor vanish', (size) => {
    const { values } = singularValues([size, 0, 0, size], 2, 2);
    expect(values).toEqual([size, size]);
  });

  test.each([NaN, Infinity, -Infinity])('%d anywhere fills the values with NaN and returns -1', (bad) => {
    for (const at of [0, 7, 14]) {
      const entries = normals(15, 1);
      entries[at] = bad;
      matrix.set(entries);
      expect(kernels.singularValues(matrix, 3, 5, work, out)).toBe(-1);
      expect([...out.subarray(0, 3)]).toEqual([NaN, NaN, NaN]);
    }
  });

  test('256 x 300 converges within a dozen sweeps', () => {
    const entries = normals(256 * 300, 3);
    const { sweeps, values } = singularValues(entries, 256, 300);
    expect(sweeps).toBeGreaterThan(0);
    expect(sweeps).toBeLessThan(13);
    const squares = entries.reduce((sum, x) => sum + x * x, 0);
    expect(Math.abs(values.reduce((sum, x) => sum + x * x, 0) / squares - 1)).toBeLessThan(1e-13);
  });
});
