import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { symmetricEigenWork } from '../../../core/kernels/kernels.js';
import { createBench } from './support.js';

const bench = createBench(100);
const { kernels } = bench;
const [matrix, work] = [bench.vector(20_000), bench.vector(21_000)];
const [values, vectors] = [bench.vector(130), bench.vector(20_000)];

function symmetric(n: number, seed: number): Float64Array {
  kernels.normals(seed, 0, 0, 0, 0, n * n, matrix);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix[i * n + j] = matrix[j * n + i];
  return matrix.slice(0, n * n);
}

/** Residual |A v - value v| and departure from orthonormal rows, relative to the size of the matrix. */
function defects(entries: Float64Array, n: number) {
  const size = Math.max(...entries.map(Math.abs), 1e-300);
  let [residual, orthogonality] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < n; r++) {
      let [image, product] = [0, 0];
      for (let l = 0; l < n; l++) {
        image += entries[r * n + l] * vectors[i * n + l];
        product += vectors[r * n + l] * vectors[i * n + l];
      }
      residual = Math.max(residual, Math.abs(image - values[i] * vectors[i * n + r]) / size);
      orthogonality = Math.max(orthogonality, Math.abs(product - (i === r ? 1 : 0)));
    }
  }
  return { residual, orthogonality };
}

describe('symmetricEigen', () => {
  test.each([1, 2, 3, 4, 5, 8, 16, 31, 32, 64, 128])('%d x %d agrees with ml-matrix', (n) => {
    const entries = symmetric(n, n);
    const size = symmetricEigenWork(n);
    work[size] = 4711;
    expect(kernels.symmetricEigen(matrix, n, work, values, vectors)).toBeGreaterThanOrEqual(0);
    expect(work[size]).toBe(4711);
    expect(matrix.slice(0, n * n)).toEqual(entries);
    const lines = Array.from({ length: n }, (_, i) => [...entries.subarray(i * n, (i + 1) * n)]);
    const expected = new EigenvalueDecomposition(new Matrix(lines), { assumeSymmetric: true }).realEigenvalues;
    expected.sort((a, b) => a - b);
    expected.forEach((value, i) => {
      expect(Math.abs(values[i] - value)).toBeLessThan(3e-15 * n + 1e-15);
      if (i > 0) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]);
    });
    const { residual, orthogonality } = defects(entries, n);
    expect(residual).toBeLessThan(1e-14 * Math.sqrt(n));
    expect(orthogonality).toBeLessThan(1e-14);
  });

  test('the second difference matrix has the values 2 - 2 cos(k pi / (n + 1))', () => {
    const n = 20;
    const entries = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      entries[i * n + i] = 2;
      if (i + 1 < n) entries[i * n + i + 1] = entries[(i + 1) * n + i] = -1;
    }
    matrix.set(entries);
    kernels.symmetricEigen(matrix, n, work, values, vectors);
    for (let k = 1; k <= n; k++) {
      expect(Math.abs(values[k - 1] - (2 - 2 * Math.cos((k * Math.PI) / (n + 1))))).toBeLessThan(1e-14);
    }
  });

  test('reads the upper triangle alone', () => {
    symmetric(6, 5);
    kernels.symmetricEigen(matrix, 6, work, values, vectors);
    const [first, rows] = [values.slice(0, 6), vectors.slice(0, 36)];
    for (let i = 0; i < 6; i++) for (let j = 0; j < i; j++) matrix[i * 6 + j] = 99;
    kernels.symmetricEigen(matrix, 6, work, values, vectors);
    expect(values.slice(0, 6)).toEqual(first);
    expect(vectors.slice(0, 36)).toEqual(rows);
  });

  test.each([
    ['zero', 0, [0, 0, 0, 0]],
    ['all ones', 1, [0, 0, 0, 4]],
    ['large', 1e300, [0, 0, 0, 4e300]],
    ['tiny', 1e-320, [0, 0, 0, 4e-320]],
  ])('degenerate values: %s', (_, entry, expected) => {
    const entries = new Float64Array(16).fill(entry);
    matrix.set(entries);
    expect(kernels.symmetricEigen(matrix, 4, work, values, vectors)).toBeGreaterThanOrEqual(0);
    expected.forEach((value, i) => {
      expect(Math.abs(values[i] - value)).toBeLessThanOrEqual(1e-15 * expected[3]);
    });
    expect(defects(entries, 4).orthogonality).toBeLessThan(1e-14);
  });

  test('the identity keeps its axes', () => {
    const entries = new Float64Array(25);
    for (let i = 0; i < 5; i++) entries[6 * i] = 1;
    matrix.set(entries);
    kernels.symmetricEigen(matrix, 5, work, values, vectors);
    expect([...values.subarray(0, 5)]).toEqual([1, 1, 1, 1, 1]);
    expect(vectors.slice(0, 25)).toEqual(entries);
  });

  test.each([NaN, Infinity])('%d fills both outputs with NaN and returns -1', (bad) => {
    symmetric(3, 2);
    matrix[5] = bad;
    expect(kernels.symmetricEigen(matrix, 3, work, values, vectors)).toBe(-1);
    for (let i = 0; i < 3; i++) expect(values[i]).toBeNaN();
    for (let i = 0; i < 9; i++) expect(vectors[i]).toBeNaN();
  });
});
