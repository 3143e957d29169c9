/** The fused step against the two kernels that it replaces, bit for bit. */
import { describe, expect, test } from 'vitest';
import { createBench } from './support.js';

const SAMPLES = 40;
const LARGEST = 40;
const bench = createBench(64);
const { kernels } = bench;
const size = LARGEST * LARGEST;
const [fused, plain, gradient, scratch] = [1, 2, 3, 4].map(() => bench.vector(size + 1));
const [x, upstream] = [bench.vector(SAMPLES * LARGEST), bench.vector(SAMPLES * LARGEST)];
const index = bench.indices(SAMPLES);

/** Steps from the same weights by both routes, new samples and gradients at each. */
function walk(rows: number, cols: number, n: number, steps: number, gathered: boolean): void {
  const length = rows * cols;
  kernels.normals(1, rows, cols, n, 0, size + 1, fused);
  plain.set(fused);
  kernels.normals(2, rows, cols, n, 0, SAMPLES * cols, x);
  for (let step = 0; step < steps; step++) {
    const rate = 0.1 + 0.9 / (step + 1);
    const rowIndex = gathered ? index : null;
    kernels.normals(3, rows, step, n, 0, n * rows, upstream);
    kernels.integers(SAMPLES, 4, rows, step, n, 0, n, index);
    kernels.outer(upstream, rows, x, cols, rowIndex, n, gradient);
    kernels.sgdStep(plain, gradient, length, rate, 0);
    kernels.outerDescend(upstream, rows, x, cols, rowIndex, n, fused, rate, scratch);
  }
  const [found, expected] = [fused, plain].map((view) => Buffer.from(view.slice().buffer));
  expect(found.equals(expected), `${rows} x ${cols}, ${n} samples`).toBe(true);
}

describe('outerDescend has the bits of outer followed by sgdStep', () => {
  test('over thousands of steps of the published size', () => walk(16, 32, 4, 5000, true));

  test.each([1, 2, 3, 4, 5, 7, 8, 16, 33])('for any number of columns, %d rows', (rows) => {
    for (let cols = 1; cols <= LARGEST; cols++) {
      for (const n of [1, 2, 3, 4, 5, 8, 17]) {
        walk(rows, cols, n, 2, false);
        walk(rows, cols, n, 2, true);
      }
    }
  });
});

test('signs of zero and numbers that are not finite pass as they do on the way of two kernels', () => {
  const special = [0, -0, Number.POSITIVE_INFINITY, Number.NaN, 5e-324, -1];
  const [cols, n] = [special.length, 4];
  for (const u of special) {
    for (const start of special) {
      upstream.fill(u, 0, n);
      for (let i = 0; i < n * cols; i++) x[i] = special[(i + Math.floor(i / cols)) % cols];
      fused.fill(start);
      plain.fill(start);
      kernels.outer(upstream, 1, x, cols, null, n, gradient);
      kernels.sgdStep(plain, gradient, cols, 0.5, 0);
      kernels.outerDescend(upstream, 1, x, cols, null, n, fused, 0.5, scratch);
      // toEqual tells 0 from -0, and takes one NaN for another.
      expect([...fused]).toEqual([...plain]);
    }
  }
});
