/** Backward pass of a dense layer: the gradient with respect to its inputs and to its weights. */
import { combine } from './panel';
import { madd } from './simd';

/** One row of weights: out[s][l] = upstream[s] weights[l]. */
function oneRow(weights: usize, cols: i32, upstream: usize, n: i32, out: usize): void {
  const end = weights + ((<usize>cols & ~1) << 3), last = weights + ((<usize>cols & ~7) << 3);
  for (let s = 0; s < n; s++, upstream += 8) {
    const u = v128.load64_splat(upstream);
    let w = weights;
    for (; w < last; w += 64, out += 64) {
      v128.store(out, f64x2.mul(u, v128.load(w)));
      v128.store(out, f64x2.mul(u, v128.load(w, 16)), 16);
      v128.store(out, f64x2.mul(u, v128.load(w, 32)), 32);
      v128.store(out, f64x2.mul(u, v128.load(w, 48)), 48);
    }
    for (; w < end; w += 16, out += 16) v128.store(out, f64x2.mul(u, v128.load(w)));
    if (cols & 1) {
      v128.store64_lane(out, f64x2.mul(u, v128.load64_splat(w)), 0);
      out += 8;
    }
  }
}

export function denseTransposed(weights: usize, rows: i32, cols: i32, upstream: usize, n: i32, out: usize): void {
  if (rows == 1) oneRow(weights, cols, upstream, n, out);
  else combine(upstream, <usize>rows << 3, 8, n, rows, weights, 0, cols, out);
}

// @ts-ignore: decorator
@inline
function rowOf(x: usize, stride: usize, index: usize, s: i32): usize {
  return x + (index ? <usize>load<i32>(index + (<usize>s << 2)) : <usize>s) * stride;
}

// @ts-ignore: decorator
@inline
function fourTerms(u0: v128, u1: v128, u2: v128, u3: v128, x0: v128, x1: v128, x2: v128, x3: v128): v128 {
  return madd(u3, x3, madd(u2, x2, madd(u1, x1, f64x2.mul(u0, x0))));
}

/** Columns at a fixed offset of two rows of the gradient. */
// @ts-ignore: decorator
@inline
function twoRows(
  u0: v128, u1: v128, u2: v128, u3: v128, v0: v128, v1: v128, v2: v128, v3: v128,
  x0: usize, x1: usize, x2: usize, x3: usize, g: usize, h: usize, offset: usize,
): void {
  const a = v128.load(x0 + offset), b = v128.load(x1 + offset);
  const c = v128.load(x2 + offset), d = v128.load(x3 + offset);
  v128.store(g + offset, fourTerms(u0, u1, u2, u3, a, b, c, d));
  v128.store(h + offset, fourTerms(v0, v1, v2, v3, a, b, c, d));
}

/** Four samples: the upstream numbers of two rows stay in registers while the columns pass. */
function outerFour(upstream: usize, rows: i32, x: usize, cols: i32, index: usize, gradient: usize): void {
  const stride = <usize>cols << 3;
  const even = (<usize>cols & ~1) << 3;
  const up = <usize>rows << 3;
  const x0 = rowOf(x, stride, index, 0), x1 = rowOf(x, stride, index, 1);
  const x2 = rowOf(x, stride, index, 2), x3 = rowOf(x, stride, index, 3);
  let k = 0;
  for (; k + 2 <= rows; k += 2, upstream += 16) {
    const p = v128.load(upstream), q = v128.load(upstream + up);
    const r = v128.load(upstream + 2 * up), t = v128.load(upstream + 3 * up);
    const u0 = v128.shuffle<f64>(p, p, 0, 0), v0 = v128.shuffle<f64>(p, p, 1, 1);
    const u1 = v128.shuffle<f64>(q, q, 0, 0), v1 = v128.shuffle<f64>(q, q, 1, 1);
    const u2 = v128.shuffle<f64>(r, r, 0, 0), v2 = v128.shuffle<f64>(r, r, 1, 1);
    const u3 = v128.shuffle<f64>(t, t, 0, 0), v3 = v128.shuffle<f64>(t, t, 1, 1);
    let a = x0, b = x1, c = x2, d = x3, g = gradient, h = gradient + stride;
    const last = gradient + (even & ~63), end = gradient + even;
    // Pointers move once in four steps, with fixed offsets between: less address arithmetic than an index.
    while (g < last) {
      twoRows(u0, u1, u2, u3, v0, v1, v2, v3, a, b, c, d, g, h, 0);
      twoRows(u0, u1, u2, u3, v0, v1, v2, v3, a, b, c, d, g, h, 16);
      twoRows(u0, u1, u2, u3, v0, v1, v2, v3, a, b, c, d, g, h, 32);
      twoRows(u0, u1, u2, u3, v0, v1, v2, v3, a, b, c, d, g, h, 48);
      a += 64;
      b += 64;
      c += 64;
      d += 64;
      g += 64;
      h += 64;
    }
    while (g < end) {
      twoRows(u0, u1, u2, u3, v0, v1, v2, v3, a, b, c, d, g, h, 0);
      a += 16;
      b += 16;
      c += 16;
      d += 16;
      g += 16;
      h += 16;
    }
    if (cols & 1) {
      const p0 = v128.load64_splat(a), p1 = v128.load64_splat(b);
      const p2 = v128.load64_splat(c), p3 = v128.load64_splat(d);
      v128.store64_lane(g, fourTerms(u0, u1, u2, u3, p0, p1, p2, p3), 0);
      v128.store64_lane(h, fourTerms(v0, v1, v2, v3, p0, p1, p2, p3), 0);
    }
    gradient += 2 * stride;
  }
  if (k < rows) {
    const u0 = v128.load64_splat(upstream), u1 = v128.load64_splat(upstream + up);
    const u2 = v128.load64_splat(upstream + 2 * up), u3 = v128.load64_splat(upstream + 3 * up);
    for (let i: usize = 0; i < even; i += 16) {
      v128.store(gradient + i, fourTerms(u0, u1, u2, u3,
        v128.load(x0 + i), v128.load(x1 + i), v128.load(x2 + i), v128.load(x3 + i)));
    }
    if (cols & 1) {
      v128.store64_lane(gradient + even, fourTerms(u0, u1, u2, u3, v128.load64_splat(x0 + even),
        v128.load64_splat(x1 + even), v128.load64_splat(x2 + even), v128.load64_splat(x3 + even)), 0);
    }
  }
}

/** One sample: gradient[k][l] = upstream[k] x[l]. */
function outerOne(upstream: usize, rows: i32, x: usize, cols: i32, gradient: usize): void {
  const even = (<usize>cols & ~1) << 3;
  for (let k = 0; k < rows; k++, upstream += 8) {
    const u = v128.load64_splat(upstream);
    for (let i: usize = 0; i < even; i += 16) v128.store(gradient + i, f64x2.mul(u, v128.load(x + i)));
    gradient += even;
    if (cols & 1) {
      v128.store64_lane(gradient, f64x2.mul(u, v128.load64_splat(x + even)), 0);
      gradient += 8;
    }
  }
}

export function outer(upstream: usize, rows: i32, x: usize, cols: i32, index: usize, n: i32, gradient: usize): void {
  if (n == 4) outerFour(upstream, rows, x, cols, index, gradient);
  else if (n == 1) outerOne(upstream, rows, rowOf(x, <usize>cols << 3, index, 0), cols, gradient);
  else combine(upstream, 8, <usize>rows << 3, rows, n, x, index, cols, gradient);
}
