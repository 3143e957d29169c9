/** Backward pass of a dense layer: the gradient with respect to its inputs and to its weights. */
import { fourSamples, rowOf } from './four-samples';
import { sgdStep } from './optimisers';
import { combine } from './panel';
import { pair } from './simd';

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
  if (n == 4) fourSamples(upstream, rows, x, cols, index, gradient, pair(0), false);
  else if (n == 1) outerOne(upstream, rows, rowOf(x, <usize>cols << 3, index, 0), cols, gradient);
  else combine(upstream, 8, <usize>rows << 3, rows, n, x, index, cols, gradient);
}

/** theta -= rate gradient. The sums are those of `outer`, the step is that of `sgdStep` without decay: same bits. */
export function outerDescend(
  upstream: usize, rows: i32, x: usize, cols: i32, index: usize, n: i32, theta: usize, rate: f64, scratch: usize,
): void {
  if (n == 4) {
    fourSamples(upstream, rows, x, cols, index, theta, pair(-rate), true);
    return;
  }
  outer(upstream, rows, x, cols, index, n, scratch);
  sgdStep(theta, scratch, rows * cols, rate, 0);
}
