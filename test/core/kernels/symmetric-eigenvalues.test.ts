// Eigenvalues without vectors: against ml-matrix, closed forms, and the kernel with vectors.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { symmetricEigenvaluesWork, symmetricEigenWork } from '../../../core/kernels/kernels.js';
import { createBench, largestError } from './support.js';

const bench = createBench(100);
const { kernels } = bench;
const [matrix, work, values] = [bench.vector(20_000), bench.vector(20_000), bench.vector(140)];
const [eigenWork, expected, vectors] = [bench.vector(21_000), bench.vector(140), bench.vector(20_000)];

/** A random symmetric matrix: spacing i on the diagonal, and entries of standard deviation `noise`. */
function fill(n: number, spacing: number, noise: number, seed: number): void {
  kernels.normals(seed, n, 0, 0, 0, n * n, matrix);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      matrix[i * n + j] = noise * matrix[i * n + j] + (i === j ? spacing * i : 0);
      matrix[j * n + i] = matrix[i * n + j];
    }
  }
}

/** Runs the kernel and checks what every call promises. */
function solve(n: number): number {
  const before = matrix.slice(0, n * n);
  const size = symmetricEigenvaluesWork(n);
  work[size] = 4711;
  values[n] = 4711;
  const iterations = kernels.symmetricEigenvalues(matrix, n, work, values);
  expect(work[size]).toBe(4711);
  expect(values[n]).toBe(4711);
  expect(matrix.slice(0, n * n)).toEqual(before);
  for (let i = 1; i < n; i++) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]);
  return iterations;
}

/** Largest difference from the kernel with vectors, relative to the largest value. */
function errorAgainstVectors(n: number): number {
  kernels.symmetricEigen(matrix, n, eigenWork, expected, vectors);
  const size = Math.max(Math.abs(expected[0]), Math.abs(expected[n - 1]));
  return largestError(values.slice(0, n), expected.slice(0, n), size);
}

describe('symmetricEigenvalues', () => {
  test('the work space of the kernel with vectors is not less', () => {
    expect(symmetricEigenWork(140)).toBeLessThan(eigenWork.length);
  });

  test.each([1, 2, 3, 4, 5, 8, 16, 17, 31, 32, 64, 65, 128])('%d x %d agrees with ml-matrix', (n) => {
    fill(n, 0, 1, 1);
    expect(solve(n)).toBeGreaterThanOrEqual(0);
    const lines = Array.from({ length: n }, (_, i) => [...matrix.subarray(i * n, (i + 1) * n)]);
    const reference = new EigenvalueDecomposition(new Matrix(lines), { assumeSymmetric: true }).realEigenvalues;
    reference.sort((a, b) => a - b);
    const size = Math.max(...reference.map(Math.abs));
    expect(largestError(values.slice(0, n), reference, size)).toBeLessThan(1e-15 * (4 + n));
  });

  // From matrices that are their own diagonal to those that are all noise, across the switch between the two methods.
  test.each([0, 1e-9, 1e-4, 0.01, 0.1, 0.2, 0.3, 0.4, 1, 100])('noise %d beside a spacing of 1', (noise) => {
    for (const n of [2, 3, 7, 16, 33, 64]) {
      for (let seed = 0; seed < 8; seed++) {
        fill(n, 1, noise, seed);
        expect(solve(n)).toBeGreaterThanOrEqual(0);
        expect(errorAgainstVectors(n)).toBeLessThan(3e-15 * Math.sqrt(n));
      }
    }
  });

  test('values that nearly coincide', () => {
    for (const gap of [0, 1e-15, 1e-12, 1e-8, 1e-4]) {
      for (let seed = 0; seed < 50; seed++) {
        const n = 16;
        fill(n, 1, 1e-3, seed);
        for (let i = 1; i < n; i += 3) matrix[i * n + i] = matrix[(i - 1) * n + i - 1] + gap;
        for (let j = 0; j < n; j++) if (j !== 4) matrix[Math.min(4, j) * n + Math.max(4, j)] = 0;
        expect(solve(n)).toBeGreaterThanOrEqual(0);
        expect(errorAgainstVectors(n)).toBeLessThan(1e-14);
      }
    }
  });

  test('the second difference matrix has the values 2 - 2 cos(k pi / (n + 1))', () => {
    for (const n of [5, 20, 100]) {
      matrix.fill(0, 0, n * n);
      for (let i = 0; i < n; i++) {
        matrix[i * n + i] = 2;
        if (i + 1 < n) matrix[i * n + i + 1] = -1;
      }
      solve(n);
      for (let k = 1; k <= n; k++) {
        expect(Math.abs(values[k - 1] - (2 - 2 * Math.cos((k * Math.PI) / (n + 1))))).toBeLessThan(1e-14);
      }
    }
  });

  test('a nearly diagonal matrix takes few iterations, its diagonal in any order', () => {
    const n = 16;
    fill(n, 1, 0.03, 3);
    for (let i = 0; i < n; i++) matrix[i * n + i] = (7 * i) % 16;
    const iterations = solve(n);
    expect(iterations).toBeGreaterThan(0);
    expect(iterations).toBeLessThanOrEqual(3);
    expect(errorAgainstVectors(n)).toBeLessThan(1e-14);
  });

  test('reads the upper triangle alone', () => {
    fill(7, 1, 1, 5);
    solve(7);
    const first = values.slice(0, 7);
    for (let i = 0; i < 7; i++) for (let j = 0; j < i; j++) matrix[i * 7 + j] = Number.NaN;
    kernels.symmetricEigenvalues(matrix, 7, work, values);
    expect(values.slice(0, 7)).toEqual(first);
  });

  test.each([
    ['zero', 0, [0, 0, 0, 0]],
    ['all ones', 1, [0, 0, 0, 4]],
    ['large', 1e300, [0, 0, 0, 4e300]],
    ['tiny', 1e-320, [0, 0, 0, 4e-320]],
  ])('degenerate values: %s', (_, entry, wanted) => {
    matrix.fill(entry, 0, 16);
    expect(solve(4)).toBeGreaterThanOrEqual(0);
    wanted.forEach((value, i) => {
      expect(Math.abs(values[i] - value)).toBeLessThanOrEqual(1e-15 * wanted[3]);
    });
  });

  test('a diagonal matrix keeps its values, in order', () => {
    matrix.fill(0, 0, 25);
    [3, -1, 0, 3, 0.5].forEach((value, i) => {
      matrix[6 * i] = value;
    });
    solve(5);
    expect([...values.subarray(0, 5)]).toEqual([-1, 0, 0.5, 3, 3]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d fills the values with NaN and returns -1', (bad) => {
    for (const n of [1, 3, 16]) {
      fill(n, 1, 0.1, 2);
      matrix[n - 1] = bad;
      expect(kernels.symmetricEigenvalues(matrix, n, work, values)).toBe(-1);
      for (let i = 0; i < n; i++) expect(values[i]).toBeNaN();
    }
  });

  test('gives the same bits whatever stood in the work space', () => {
    fill(9, 1, 0.1, 8);
    work.fill(0);
    solve(9);
    const first = values.slice(0, 9);
    work.fill(Number.NaN);
    kernels.symmetricEigenvalues(matrix, 9, work, values);
    expect(values.slice(0, 9)).toEqual(first);
  });
});
