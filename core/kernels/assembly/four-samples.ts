/**
 * Sum over four samples of upstream[s][k] x[index[s]][l], written into a matrix or used at once for a step on it: the
 * fast path of `outer` and of `outerDescend`. The upstream numbers of two rows stay in registers while the columns pass.
 *
 * `descends` is a constant wherever these functions are inlined, so each use is compiled for its own case.
 */
import { madd } from './simd';

/** Row `index[s]` of x, or row s without an index. */
// @ts-ignore: decorator
@inline
export function rowOf(x: usize, stride: usize, index: usize, s: i32): usize {
  return x + (index ? <usize>load<i32>(index + (<usize>s << 2)) : <usize>s) * stride;
}

// @ts-ignore: decorator
@inline
export function fourTerms(u0: v128, u1: v128, u2: v128, u3: v128, x0: v128, x1: v128, x2: v128, x3: v128): v128 {
  return madd(u3, x3, madd(u2, x2, madd(u1, x1, f64x2.mul(u0, x0))));
}

/** matrix = sum, or matrix += minusRate sum. */
// @ts-ignore: decorator
@inline
function put(to: usize, sum: v128, minusRate: v128, descends: bool): void {
  v128.store(to, descends ? madd(minusRate, sum, v128.load(to)) : sum);
}

/** The same for a single column, at the end of an odd row. */
// @ts-ignore: decorator
@inline
function putLast(to: usize, sum: v128, minusRate: v128, descends: bool): void {
  v128.store64_lane(to, descends ? madd(minusRate, sum, v128.load64_splat(to)) : sum, 0);
}

/** Columns at a fixed offset of two rows, g and h. */
// @ts-ignore: decorator
@inline
function twoRows(
  u0: v128, u1: v128, u2: v128, u3: v128, v0: v128, v1: v128, v2: v128, v3: v128,
  x0: usize, x1: usize, x2: usize, x3: usize, g: usize, h: usize, offset: usize, minusRate: v128, descends: bool,
): void {
  const a = v128.load(x0 + offset), b = v128.load(x1 + offset);
  const c = v128.load(x2 + offset), d = v128.load(x3 + offset);
  put(g + offset, fourTerms(u0, u1, u2, u3, a, b, c, d), minusRate, descends);
  put(h + offset, fourTerms(v0, v1, v2, v3, a, b, c, d), minusRate, descends);
}

// @ts-ignore: decorator
@inline
export function fourSamples(
  upstream: usize, rows: i32, x: usize, cols: i32, index: usize, matrix: usize, minusRate: v128, descends: bool,
): void {
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
    let a = x0, b = x1, c = x2, d = x3, g = matrix, h = matrix + stride;
    const last = matrix + (even & ~63), end = matrix + even;
    // Pointers move once in four steps, with fixed offsets between: less address arithmetic than an index.
    while (g < last) {
      twoRows(u0, u1, u2, u3, v0, v1, v2, v3, a, b, c, d, g, h, 0, minusRate, descends);
      twoRows(u0, u1, u2, u3, v0, v1, v2, v3, a, b, c, d, g, h, 16, minusRate, descends);
      twoRows(u0, u1, u2, u3, v0, v1, v2, v3, a, b, c, d, g, h, 32, minusRate, descends);
      twoRows(u0, u1, u2, u3, v0, v1, v2, v3, a, b, c, d, g, h, 48, minusRate, descends);
      a += 64;
      b += 64;
      c += 64;
      d += 64;
      g += 64;
      h += 64;
    }
    while (g < end) {
      twoRows(u0, u1, u2, u3, v0, v1, v2, v3, a, b, c, d, g, h, 0, minusRate, descends);
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
      putLast(g, fourTerms(u0, u1, u2, u3, p0, p1, p2, p3), minusRate, descends);
      putLast(h, fourTerms(v0, v1, v2, v3, p0, p1, p2, p3), minusRate, descends);
    }
    matrix += 2 * stride;
  }
  if (k < rows) {
    const u0 = v128.load64_splat(upstream), u1 = v128.load64_splat(upstream + up);
    const u2 = v128.load64_splat(upstream + 2 * up), u3 = v128.load64_splat(upstream + 3 * up);
    for (let i: usize = 0; i < even; i += 16) {
      const sum = fourTerms(u0, u1, u2, u3,
        v128.load(x0 + i), v128.load(x1 + i), v128.load(x2 + i), v128.load(x3 + i));
      put(matrix + i, sum, minusRate, descends);
    }
    if (cols & 1) {
      const sum = fourTerms(u0, u1, u2, u3, v128.load64_splat(x0 + even),
        v128.load64_splat(x1 + even), v128.load64_splat(x2 + even), v128.load64_splat(x3 + even));
      putLast(matrix + even, sum, minusRate, descends);
    }
  }
}
