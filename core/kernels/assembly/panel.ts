/**
 * C[i][j] = sum over k of A[i][k] B[k][j], with any strides in A, rows of B through an index, and C contiguous rows: the
 * common form of `denseTransposed` (A = upstream) and `outer` (A = upstream transposed). Each element is one sum in the
 * order of k, starting with the first product.
 *
 * Strips of eight columns of B are copied into a panel first, and so are the elements of A where consecutive k lie far
 * apart: numbers that lie a power of two apart would otherwise compete for the same few cache lines. A panel holds
 * DEPTH terms; longer sums continue in C.
 */
import { madd, pair } from './simd';

const DEPTH: i32 = 256;
/** Rows of A in its panel. */
const HEIGHT: i32 = 32;
/** DEPTH x 8 elements of B, rows one after another. */
const panel: usize = memory.data(16384, 64);
/** HEIGHT / 2 times DEPTH x 2 elements of A: two rows side by side. */
const side: usize = memory.data(65536, 64);

// @ts-ignore: decorator
@inline
function rowOf(b: usize, stride: usize, index: usize, k: i32): usize {
  return b + (index ? <usize>load<i32>(index + (<usize>k << 2)) : <usize>k) * stride;
}

/** Copies `depth` rows of eight columns. */
function pack(b: usize, stride: usize, index: usize, from: i32, depth: i32): void {
  let to = panel;
  for (let k = 0; k < depth; k++, to += 64) {
    const row = rowOf(b, stride, index, from + k);
    v128.store(to, v128.load(row));
    v128.store(to, v128.load(row, 16), 16);
    v128.store(to, v128.load(row, 32), 32);
    v128.store(to, v128.load(row, 48), 48);
  }
}

/** Copies `height` rows, `depth` terms of A, pairs of rows side by side. An odd last row is not copied. */
function packSide(a: usize, aRow: usize, aStep: usize, height: i32, depth: i32): void {
  let to = side;
  for (let i = 0; i + 2 <= height; i += 2, a += 2 * aRow) {
    let ak = a;
    // In `outer` the two rows stand side by side already.
    if (aRow == 8) {
      for (let k = 0; k < depth; k++, ak += aStep, to += 16) v128.store(to, v128.load(ak));
      continue;
    }
    for (let k = 0; k < depth; k++, ak += aStep, to += 16) {
      store<f64>(to, load<f64>(ak));
      store<f64>(to, load<f64>(ak + aRow), 8);
    }
  }
}

/** Two rows of C, eight columns, B in the panel; aRow is the distance from the one row's element of A to the other's. */
// @ts-ignore: decorator
@inline
function twoByEight(a: usize, aRow: usize, aStep: usize, depth: i32, c: usize, cRow: usize, resume: bool): void {
  let c0 = pair(0), c1 = pair(0), c2 = pair(0), c3 = pair(0);
  let d0 = pair(0), d1 = pair(0), d2 = pair(0), d3 = pair(0);
  const d = c + cRow;
  if (resume) {
    c0 = v128.load(c);
    c1 = v128.load(c, 16);
    c2 = v128.load(c, 32);
    c3 = v128.load(c, 48);
    d0 = v128.load(d);
    d1 = v128.load(d, 16);
    d2 = v128.load(d, 32);
    d3 = v128.load(d, 48);
  }
  let b = panel;
  let a1 = a + aRow;
  const end = b + (<usize>depth << 6);
  for (; b < end; b += 64, a += aStep, a1 += aStep) {
    const u = v128.load64_splat(a), v = v128.load64_splat(a1);
    const p = v128.load(b), q = v128.load(b, 16), r = v128.load(b, 32), t = v128.load(b, 48);
    c0 = madd(u, p, c0);
    d0 = madd(v, p, d0);
    c1 = madd(u, q, c1);
    d1 = madd(v, q, d1);
    c2 = madd(u, r, c2);
    d2 = madd(v, r, d2);
    c3 = madd(u, t, c3);
    d3 = madd(v, t, d3);
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
  v128.store(d, d0);
  v128.store(d, d1, 16);
  v128.store(d, d2, 32);
  v128.store(d, d3, 48);
}

/** One row of C, eight columns, B in the panel. */
// @ts-ignore: decorator
@inline
function oneByEight(a: usize, aStep: usize, depth: i32, c: usize, resume: bool): void {
  let c0 = pair(0), c1 = pair(0), c2 = pair(0), c3 = pair(0);
  if (resume) {
    c0 = v128.load(c);
    c1 = v128.load(c, 16);
    c2 = v128.load(c, 32);
    c3 = v128.load(c, 48);
  }
  let b = panel;
  const end = b + (<usize>depth << 6);
  for (; b < end; b += 64, a += aStep) {
    const u = v128.load64_splat(a);
    c0 = madd(u, v128.load(b), c0);
    c1 = madd(u, v128.load(b, 16), c1);
    c2 = madd(u, v128.load(b, 32), c2);
    c3 = madd(u, v128.load(b, 48), c3);
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
}

/** Columns from..to of C without a panel: pairs of columns, then a last single one. */
function directColumns(
  a: usize, aRow: usize, aStep: usize, m: i32, depth: i32,
  b: usize, bStride: usize, index: usize, c: usize, cRow: usize, from: i32, to: i32,
): void {
  for (let i = 0; i < m; i++, a += aRow, c += cRow) {
    let j = from;
    for (; j + 2 <= to; j += 2) {
      let sum = pair(0);
      let ak = a;
      for (let k = 0; k < depth; k++, ak += aStep) {
        sum = madd(v128.load64_splat(ak), v128.load(rowOf(b, bStride, index, k) + (<usize>j << 3)), sum);
      }
      v128.store(c + (<usize>j << 3), sum);
    }
    if (j < to) {
      let sum = pair(0);
      let ak = a;
      for (let k = 0; k < depth; k++, ak += aStep) {
        sum = madd(v128.load64_splat(ak), v128.load64_splat(rowOf(b, bStride, index, k) + (<usize>j << 3)), sum);
      }
      v128.store64_lane(c + (<usize>j << 3), sum, 0);
    }
  }
}

/** A is m x depth with aRow bytes from row to row and aStep from element to element; B is depth x p; C is m x p. */
export function combine(
  a: usize, aRow: usize, aStep: usize, m: i32, depth: i32, b: usize, index: usize, p: i32, c: usize,
): void {
  const stride = <usize>p << 3;
  const strips = p & ~7;
  if (depth <= 0) {
    memory.fill(c, 0, <usize>m * stride);
    return;
  }
  const packed = aStep > 64 && strips >= 32;
  const height = packed ? HEIGHT : m;
  for (let top = 0; top < m; top += height) {
    const rows = min(height, m - top);
    for (let k = 0; k < depth; k += DEPTH) {
      const part = min(DEPTH, depth - k);
      const corner = a + <usize>top * aRow + <usize>k * aStep;
      if (packed) packSide(corner, aRow, aStep, rows, part);
      for (let j = 0; j < strips; j += 8) {
        const offset = <usize>j << 3;
        pack(b + offset, stride, index, k, part);
        let ai = packed ? side : corner;
        let ci = c + <usize>top * stride + offset;
        let i = 0;
        for (; i + 2 <= rows; i += 2, ci += 2 * stride) {
          if (packed) {
            twoByEight(ai, 8, 16, part, ci, stride, k > 0);
            ai += <usize>part << 4;
          } else {
            twoByEight(ai, aRow, aStep, part, ci, stride, k > 0);
            ai += 2 * aRow;
          }
        }
        if (i < rows) oneByEight(corner + <usize>i * aRow, aStep, part, ci, k > 0);
      }
    }
  }
  if (strips < p) directColumns(a, aRow, aStep, m, depth, b, stride, index, c, stride, strips, p);
}
