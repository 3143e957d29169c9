/**
 * Outputs of a dense layer: out[s][k] = sum over l of weights[k][l] x[row(s)][l], row(s) = index[s] or s.
 *
 * Every output is one sum over even l, one over odd l, the two added, then the last term of an odd length: this order
 * belongs to `cols` alone, whatever block of outputs the sum was computed in. Blocks of 2 rows x 4 samples keep eight
 * running pairs in registers for six loads.
 */
import { madd, pair, sums } from './simd';

// @ts-ignore: decorator
@inline
function rowOf(x: usize, stride: usize, index: usize, s: i32): usize {
  return x + (index ? <usize>load<i32>(index + (<usize>s << 2)) : <usize>s) * stride;
}

/** Last term of an odd length for two rows and one sample. */
// @ts-ignore: decorator
@inline
function lastTerm(w0: usize, w1: usize, x: usize, value: v128): v128 {
  const w = v128.load64_lane(w1, v128.load64_splat(w0), 1);
  return madd(w, v128.load64_splat(x), value);
}

// @ts-ignore: decorator
@inline
function twoByFour(
  w: usize, stride: usize, even: usize, odd: bool, x0: usize, x1: usize, x2: usize, x3: usize,
  out: usize, outStride: usize,
): void {
  let a0 = pair(0), a1 = pair(0), a2 = pair(0), a3 = pair(0);
  let b0 = pair(0), b1 = pair(0), b2 = pair(0), b3 = pair(0);
  const w1 = w + stride;
  const l0 = w + even, l1 = w1 + even, m0 = x0 + even, m1 = x1 + even, m2 = x2 + even, m3 = x3 + even;
  if (even) {
    let w0 = w, v0 = w1;
    let u: v128, v: v128, x: v128;
    let left = even;
    // Pointers move once in four steps, with fixed offsets between: less address arithmetic than an index. The exits
    // end each step's block of instructions; in one long block V8 would load everything first and then spill.
    for (;;) {
      u = v128.load(w0);
      v = v128.load(v0);
      x = v128.load(x0);
      a0 = madd(u, x, a0);
      b0 = madd(v, x, b0);
      x = v128.load(x1);
      a1 = madd(u, x, a1);
      b1 = madd(v, x, b1);
      x = v128.load(x2);
      a2 = madd(u, x, a2);
      b2 = madd(v, x, b2);
      x = v128.load(x3);
      a3 = madd(u, x, a3);
      b3 = madd(v, x, b3);
      if (left == 16) break;
      u = v128.load(w0, 16);
      v = v128.load(v0, 16);
      x = v128.load(x0, 16);
      a0 = madd(u, x, a0);
      b0 = madd(v, x, b0);
      x = v128.load(x1, 16);
      a1 = madd(u, x, a1);
      b1 = madd(v, x, b1);
      x = v128.load(x2, 16);
      a2 = madd(u, x, a2);
      b2 = madd(v, x, b2);
      x = v128.load(x3, 16);
      a3 = madd(u, x, a3);
      b3 = madd(v, x, b3);
      if (left == 32) break;
      u = v128.load(w0, 32);
      v = v128.load(v0, 32);
      x = v128.load(x0, 32);
      a0 = madd(u, x, a0);
      b0 = madd(v, x, b0);
      x = v128.load(x1, 32);
      a1 = madd(u, x, a1);
      b1 = madd(v, x, b1);
      x = v128.load(x2, 32);
      a2 = madd(u, x, a2);
      b2 = madd(v, x, b2);
      x = v128.load(x3, 32);
      a3 = madd(u, x, a3);
      b3 = madd(v, x, b3);
      if (left == 48) break;
      u = v128.load(w0, 48);
      v = v128.load(v0, 48);
      x = v128.load(x0, 48);
      a0 = madd(u, x, a0);
      b0 = madd(v, x, b0);
      x = v128.load(x1, 48);
      a1 = madd(u, x, a1);
      b1 = madd(v, x, b1);
      x = v128.load(x2, 48);
      a2 = madd(u, x, a2);
      b2 = madd(v, x, b2);
      x = v128.load(x3, 48);
      a3 = madd(u, x, a3);
      b3 = madd(v, x, b3);
      left -= 64;
      if (left == 0) break;
      w0 += 64;
      v0 += 64;
      x0 += 64;
      x1 += 64;
      x2 += 64;
      x3 += 64;
    }
  }
  let s0 = sums(a0, b0), s1 = sums(a1, b1), s2 = sums(a2, b2), s3 = sums(a3, b3);
  if (odd) {
    s0 = lastTerm(l0, l1, m0, s0);
    s1 = lastTerm(l0, l1, m1, s1);
    s2 = lastTerm(l0, l1, m2, s2);
    s3 = lastTerm(l0, l1, m3, s3);
  }
  v128.store(out, s0);
  v128.store(out + outStride, s1);
  v128.store(out + 2 * outStride, s2);
  v128.store(out + 3 * outStride, s3);
}

/** The last row of an odd number of rows, or the only one: four samples at once. */
// @ts-ignore: decorator
@inline
function oneByFour(
  w: usize, even: usize, odd: bool, x0: usize, x1: usize, x2: usize, x3: usize, out: usize, outStride: usize,
): void {
  let a0 = pair(0), a1 = pair(0), a2 = pair(0), a3 = pair(0);
  const last = w + (even & ~31), end = w + even;
  while (w < last) {
    let u = v128.load(w);
    a0 = madd(u, v128.load(x0), a0);
    a1 = madd(u, v128.load(x1), a1);
    a2 = madd(u, v128.load(x2), a2);
    a3 = madd(u, v128.load(x3), a3);
    u = v128.load(w, 16);
    a0 = madd(u, v128.load(x0, 16), a0);
    a1 = madd(u, v128.load(x1, 16), a1);
    a2 = madd(u, v128.load(x2, 16), a2);
    a3 = madd(u, v128.load(x3, 16), a3);
    w += 32;
    x0 += 32;
    x1 += 32;
    x2 += 32;
    x3 += 32;
  }
  if (w < end) {
    const u = v128.load(w);
    a0 = madd(u, v128.load(x0), a0);
    a1 = madd(u, v128.load(x1), a1);
    a2 = madd(u, v128.load(x2), a2);
    a3 = madd(u, v128.load(x3), a3);
    w += 16;
    x0 += 16;
    x1 += 16;
    x2 += 16;
    x3 += 16;
  }
  let s01 = sums(a0, a1), s23 = sums(a2, a3);
  if (odd) {
    s01 = lastTerm(x0, x1, w, s01);
    s23 = lastTerm(x2, x3, w, s23);
  }
  v128.store64_lane(out, s01, 0);
  v128.store64_lane(out + outStride, s01, 1);
  v128.store64_lane(out + 2 * outStride, s23, 0);
  v128.store64_lane(out + 3 * outStride, s23, 1);
}

/** One sample, all rows, four at a time. */
function oneSample(weights: usize, rows: i32, stride: usize, even: usize, odd: bool, x: usize, out: usize): void {
  let w = weights;
  let k = 0;
  for (; k + 4 <= rows; k += 4, w += 4 * stride, out += 32) {
    const w1 = w + stride, w2 = w1 + stride, w3 = w2 + stride;
    let a0 = pair(0), a1 = pair(0), a2 = pair(0), a3 = pair(0);
    for (let i: usize = 0; i < even; i += 16) {
      const p = v128.load(x + i);
      a0 = madd(v128.load(w + i), p, a0);
      a1 = madd(v128.load(w1 + i), p, a1);
      a2 = madd(v128.load(w2 + i), p, a2);
      a3 = madd(v128.load(w3 + i), p, a3);
    }
    let s01 = sums(a0, a1), s23 = sums(a2, a3);
    if (odd) {
      s01 = lastTerm(w + even, w1 + even, x + even, s01);
      s23 = lastTerm(w2 + even, w3 + even, x + even, s23);
    }
    v128.store(out, s01);
    v128.store(out, s23, 16);
  }
  for (; k < rows; k++, w += stride, out += 8) {
    let a = pair(0);
    for (let i: usize = 0; i < even; i += 16) a = madd(v128.load(w + i), v128.load(x + i), a);
    a = sums(a, a);
    if (odd) a = madd(v128.load64_splat(w + even), v128.load64_splat(x + even), a);
    v128.store64_lane(out, a, 0);
  }
}

/** One row of weights and rows of x one after another: a read-out. Four samples at a time, the rest one by one. */
function readOut(w: usize, cols: i32, x: usize, n: i32, out: usize): void {
  const stride = <usize>cols << 3;
  const even = (<usize>cols & ~1) << 3;
  const odd = (cols & 1) != 0;
  for (; n >= 4; n -= 4, x += 4 * stride, out += 32) {
    oneByFour(w, even, odd, x, x + stride, x + 2 * stride, x + 3 * stride, out, 8);
  }
  for (; n > 0; n--, x += stride, out += 8) oneSample(w, 1, stride, even, odd, x, out);
}

export function dense(weights: usize, rows: i32, cols: i32, x: usize, index: usize, n: i32, out: usize): void {
  if (rows == 1 && !index) {
    readOut(weights, cols, x, n, out);
    return;
  }
  const stride = <usize>cols << 3;
  const even = (<usize>cols & ~1) << 3;
  const odd = (cols & 1) != 0;
  const outStride = <usize>rows << 3;
  let s = 0;
  for (; s + 4 <= n; s += 4, out += 4 * outStride) {
    const x0 = rowOf(x, stride, index, s);
    const x1 = rowOf(x, stride, index, s + 1);
    const x2 = rowOf(x, stride, index, s + 2);
    const x3 = rowOf(x, stride, index, s + 3);
    let w = weights;
    let k = 0;
    for (; k + 2 <= rows; k += 2, w += 2 * stride) {
      twoByFour(w, stride, even, odd, x0, x1, x2, x3, out + (<usize>k << 3), outStride);
    }
    if (k < rows) oneByFour(w, even, odd, x0, x1, x2, x3, out + (<usize>k << 3), outStride);
  }
  for (; s < n; s++, out += outStride) {
    oneSample(weights, rows, stride, even, odd, rowOf(x, stride, index, s), out);
  }
}
