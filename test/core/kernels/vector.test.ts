import { expect, test } from 'vitest';
import { createBench, largestError } from './support.js';

const bench = createBench(16);
const { kernels } = bench;
const [a, b, slot] = [bench.vector(1100), bench.vector(1100), bench.vector(2)];
const lengths = [0, 1, 2, 3, 6, 7, 8, 9, 15, 16, 17, 1001];

test.each(lengths)('dot and sumSquares add %d products', (n) => {
  kernels.normals(1, n, 0, 0, 0, 1100, a);
  kernels.normals(2, n, 0, 0, 0, 1100, b);
  let [product, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    product += a[i] * b[i];
    squares += a[i] * a[i];
  }
  kernels.dot(a, b, n, slot);
  expect(Math.abs(slot[0] - product)).toBeLessThan(1e-14 * (squares + 1));
  kernels.sumSquares(a, n, slot);
  expect(Math.abs(slot[0] - squares)).toBeLessThan(1e-14 * (squares + 1));
  expect(slot[1]).toBe(0);
});

test.each(lengths)('axpy, scale and copy change %d elements and no more', (n) => {
  kernels.normals(3, n, 0, 0, 0, 1100, a);
  kernels.normals(4, n, 0, 0, 0, 1100, b);
  const [x, y] = [a.slice(), b.slice()];
  kernels.axpy(-0.7, a, n, b);
  expect(
    largestError(
      b,
      y.map((v, i) => (i < n ? v - 0.7 * x[i] : v)),
    ),
  ).toBeLessThan(1e-15);
  expect(b.slice(n)).toEqual(y.slice(n));
  kernels.scale(3, a, n);
  expect(a.slice()).toEqual(x.map((v, i) => (i < n ? 3 * v : v)));
  kernels.copy(a, n, b);
  expect(b.slice(0, n)).toEqual(a.slice(0, n));
  expect(b.slice(n)).toEqual(y.slice(n));
});

test.each([1, 2, 3, 7, 8, 63, 64, 65])('gather copies rows of %d in the order of the index, and no more', (cols) => {
  kernels.normals(5, cols, 0, 0, 0, 1100, a);
  kernels.normals(6, cols, 0, 0, 0, 1100, b);
  const before = b.slice();
  const rows = [4, 0, 4, 7, 1];
  const index = bench.indices(rows.length);
  index.set(rows);
  kernels.gather(a, cols, index, rows.length, b);
  const copied = rows.flatMap((row) => [...a.subarray(row * cols, (row + 1) * cols)]);
  expect([...b.subarray(0, copied.length)]).toEqual(copied);
  expect(b.slice(copied.length)).toEqual(before.slice(copied.length));
});
