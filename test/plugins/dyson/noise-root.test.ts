// The root of a covariance: its square gives the covariance back, singular ones included.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { covarianceRoot } from '../../../plugins/dyson/noise-root.js';

/** Squares of entries below 1e-150 are denormal and have no relative accuracy. */
const UNDERFLOW = 1e-300;

test('root times its transpose is the matrix, of full rank or not', () => {
  const sizes = fc.integer({ min: 1, max: 6 }).chain((n) =>
    fc.record({
      n: fc.constant(n),
      rank: fc.integer({ min: 0, max: n }),
      entries: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: n * n, maxLength: n * n }),
    }),
  );
  fc.assert(
    fc.property(sizes, ({ n, rank, entries }) => {
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          for (let k = 0; k < rank; k++) matrix[i * n + j] += entries[i * n + k] * entries[j * n + k];
        }
      }
      const root = new Float64Array(n * n);
      covarianceRoot(matrix, n, root, new Float64Array(n));
      const size = Math.max(...matrix);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let product = 0;
          for (let k = 0; k < n; k++) product += root[i * n + k] * root[j * n + k];
          expect(Math.abs(product - matrix[i * n + j])).toBeLessThanOrEqual(1e-13 * size + UNDERFLOW);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('NaN is passed on', () => {
  const root = new Float64Array(4);
  covarianceRoot(Float64Array.of(Number.NaN, 0, 0, 1), 2, root, new Float64Array(2));
  expect(root[0]).toBeNaN();
});
