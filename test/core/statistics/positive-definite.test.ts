// Symmetric positive definite matrices against elimination written out here, and closed forms.
import { Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { choleskyOf, inverseOf } from '../../../core/statistics/positive-definite.js';
import { createRandomSource } from '../../../core/statistics/random-source.js';
import { eliminate } from './eliminate.js';

/** G G^T + 1 with normal entries of G; n x n. */
function randomMatrix(n: number): Float64Array {
  const random = createRandomSource(n, 'positive definite');
  const root = Float64Array.from({ length: n * n }, () => random.normal());
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = i === j ? 1 : 0;
    for (let k = 0; k < n; k++) sum += root[i * n + k] * root[j * n + k];
    return sum;
  });
}

const identity = (n: number) => Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('the inverse', () => {
  // In one piece, at the border, in halves of equal and unequal sides, in halves of halves.
  test.each([1, 2, 3, 31, 32, 33, 64, 65, 129])('of %d x %d is that of elimination, and symmetric to the bit', (n) => {
    const matrix = randomMatrix(n);
    const inverse = inverseOf(matrix, n) as Float64Array;
    const expected = eliminate(matrix, n, identity(n), n);
    expect(largest(inverse.map((value, at) => value - expected[at]))).toBeLessThan(1e-12 * n * largest(expected));
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) expect(inverse[i * n + j]).toBe(inverse[j * n + i]);
  });

  test.each([5, 40, 100])('of the second difference on %d points is (min + 1)(n - max)/(n + 1)', (n) => {
    const matrix = identity(n).map((value, at) => {
      const apart = Math.abs(Math.floor(at / n) - (at % n));
      return value === 1 ? 2 : apart === 1 ? -1 : 0;
    });
    const inverse = inverseOf(matrix, n) as Float64Array;
    inverse.forEach((value, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      expect(value).toBeCloseTo(((Math.min(i, j) + 1) * (n - Math.max(i, j))) / (n + 1), 9);
    });
  });

  test('reads the lower triangle and leaves the matrix as it is', () => {
    const matrix = Float64Array.of(4, 77, 2, 5);
    expect([...(inverseOf(matrix, 2) as Float64Array)]).toEqual([5 / 16, -1 / 8, -1 / 8, 1 / 4]);
    expect([...matrix]).toEqual([4, 77, 2, 5]);
  });

  test('is undefined where the matrix has a direction without or with negative variance, however large it is', () => {
    expect(inverseOf(Float64Array.of(1, 0, 2, 1), 2)).toBeUndefined();
    expect(inverseOf(Float64Array.of(0), 1)).toBeUndefined();
    for (const at of [0, 20, 49, 50, 99]) {
      const matrix = identity(100);
      matrix[at * 101] = -1;
      expect(inverseOf(matrix, 100)).toBeUndefined();
    }
  });
});

describe('the decomposition', () => {
  test('solves as elimination does, and its factor gives the matrix back', () => {
    const n = 23;
    const matrix = randomMatrix(n);
    const cholesky = choleskyOf(matrix, n);
    const lower = cholesky?.lowerTriangularMatrix;
    const side = Float64Array.from({ length: n }, (_, i) => 1 + i);
    const expected = eliminate(matrix, n, side, 1);
    const found = cholesky?.solve(Matrix.columnVector(side));
    expected.forEach((value, i) => {
      expect(found?.get(i, 0)).toBeCloseTo(value, 11);
    });
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k <= j; k++) sum += (lower?.get(i, k) as number) * (lower?.get(j, k) as number);
        expect(sum).toBeCloseTo(matrix[i * n + j], 11);
      }
    }
  });

  test('is undefined where a number is not finite', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(choleskyOf(Float64Array.of(value), 1)).toBeUndefined();
      expect(choleskyOf(Float64Array.of(1, 0, value, 1), 2)).toBeUndefined();
      expect(inverseOf(Float64Array.of(1, 0, 0, value), 2)).toBeUndefined();
    }
    expect(choleskyOf(Float64Array.of(1, Number.NaN, 0, 1), 2)).toBeDefined();
  });
});
