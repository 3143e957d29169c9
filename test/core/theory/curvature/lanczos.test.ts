// Eigenvalues by the method of Lanczos against a dense decomposition, with the cases in which it is known to fail.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { openWorkspace } from '../../../../core/kernels/arena.js';
import { createRandomSource } from '../../../../core/statistics/random-source.js';
import { createLanczos } from '../../../../core/theory/curvature/lanczos.js';

function topOf(matrix: Matrix, count: number, { iterations = 300, tolerance = 1e-10 } = {}) {
  const { arena, kernels } = openWorkspace(2 ** 23);
  const random = createRandomSource(1, 'lanczos');
  const size = matrix.rows;
  let products = 0;
  const lanczos = createLanczos(
    size,
    { count, iterations, tolerance },
    (_counter, out) => {
      for (let i = 0; i < size; i++) out[i] = random.normal();
    },
    arena,
    kernels,
  );
  const { values, residuals } = lanczos((direction, out) => {
    products += 1;
    out.set(matrix.mmul(Matrix.columnVector([...direction])).to1DArray());
  });
  return { values: [...values], residuals: [...residuals], products };
}

function symmetric(size: number, seed: number): Matrix {
  const random = createRandomSource(seed, 'matrix');
  const matrix = new Matrix(Array.from({ length: size }, () => Array.from({ length: size }, () => random.normal())));
  return matrix.clone().add(matrix.transpose());
}

const diagonal = (values: readonly number[]) => Matrix.diag([...values]);

describe('the largest eigenvalues', () => {
  test.each([3, 20, 80])('of a random symmetric matrix of size %i are those of a dense decomposition', (size) => {
    const matrix = symmetric(size, size);
    const { realEigenvalues } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
    const expected = [...realEigenvalues].sort((a, b) => b - a).slice(0, 3);
    const { values, residuals } = topOf(matrix, 3);
    for (const [i, value] of values.entries()) expect(Math.abs(value - expected[i])).toBeLessThan(1e-9 * expected[0]);
    for (const residual of residuals) expect(residual).toBeLessThan(1e-9 * expected[0]);
  });

  test.each([
    { matrix: [3, 2, -1], expected: [3, 2] },
    // The eigenvalue of largest modulus is negative: it is not the largest.
    { matrix: [-50, 3, 1, 0], expected: [3, 1] },
    { matrix: [-5, -2, -3], expected: [-2, -3] },
    // Multiple ones come as often as they are, although one start vector sees a single copy.
    { matrix: [2, 2, 2, 1], expected: [2, 2] },
    { matrix: [0, 0, 0, 0, 0], expected: [0, 0] },
    // One direction of curvature among many flat ones.
    { matrix: [7, ...Array(40).fill(0)], expected: [7, 0] },
  ])('of diag($matrix) are $expected', ({ matrix, expected }) => {
    const { values } = topOf(diagonal(matrix), 2);
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i], 9);
  });

  test('of a small matrix are as many as it has', () => {
    const { values, residuals } = topOf(diagonal([2, 1]), 4);
    expect(values.slice(0, 2)).toEqual([expect.closeTo(2, 12), expect.closeTo(1, 12)]);
    expect([...values.slice(2), ...residuals.slice(2)].every(Number.isNaN)).toBe(true);
  });
});

test('a residual bounds the distance to an eigenvalue, and the error is of second order in it', () => {
  const matrix = symmetric(80, 5);
  const { realEigenvalues } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const largest = Math.max(...realEigenvalues);
  const rough = topOf(matrix, 1, { tolerance: 1e-2 });
  expect(rough.residuals[0]).toBeGreaterThan(1e-6 * largest);
  expect(Math.abs(rough.values[0] - largest)).toBeLessThan(rough.residuals[0] / 10);
  expect(rough.products).toBeLessThan(topOf(matrix, 1).products);
});

test('few products, or products that are not numbers, do not end in an endless search', () => {
  const few = topOf(symmetric(80, 6), 1, { iterations: 5 });
  expect(few.products).toBe(5);
  expect(few.residuals[0]).toBeGreaterThan(0.01);
  const broken = symmetric(10, 7);
  broken.set(0, 0, Number.NaN);
  expect(topOf(broken, 1).values[0]).toBeNaN();
});
