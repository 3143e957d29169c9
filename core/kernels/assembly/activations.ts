/** Activations and their derivatives, element by element. The codes are those of `activationCode` in ../kernels.ts. */
import { erfPair } from './erf';
import { expPair } from './exp';
import { pair } from './simd';
import { tanhAll } from './tanh';

const TANH: i32 = 0;
const RELU: i32 = 1;
const IDENTITY: i32 = 2;
const TWO_OVER_SQRT_PI: f64 = 1.1283791670955126;

// @ts-ignore: decorator
@inline
function reluPair(x: v128): v128 {
  // A NaN must stay visible: the comparison is false for it, so test for "not negative".
  return v128.andnot(x, f64x2.le(x, pair(0)));
}

export function erfAll(x: usize, n: i32, out: usize): void {
  const end = x + ((<usize>n & ~1) << 3);
  for (; x < end; x += 16, out += 16) v128.store(out, erfPair(v128.load(x)));
  if (n & 1) store<f64>(out, f64x2.extract_lane(erfPair(v128.load64_splat(x)), 0));
}

function reluAll(x: usize, n: i32, out: usize): void {
  const end = x + ((<usize>n & ~1) << 3);
  for (; x < end; x += 16, out += 16) v128.store(out, reluPair(v128.load(x)));
  if (n & 1) store<f64>(out, f64x2.extract_lane(reluPair(v128.load64_splat(x)), 0));
}

export function activate(kind: i32, z: usize, n: i32, out: usize): void {
  if (kind == TANH) tanhAll(z, n, out);
  else if (kind == RELU) reluAll(z, n, out);
  else if (kind == IDENTITY) {
    if (z != out) memory.copy(out, z, <usize>n << 3);
  } else erfAll(z, n, out);
}

// @ts-ignore: decorator
@inline
function tanhGradient(value: v128, upstream: v128): v128 {
  return f64x2.mul(upstream, f64x2.sub(pair(1), f64x2.mul(value, value)));
}

// @ts-ignore: decorator
@inline
function reluGradient(z: v128, upstream: v128): v128 {
  return v128.andnot(upstream, f64x2.le(z, pair(0)));
}

// @ts-ignore: decorator
@inline
function erfGradient(z: v128, upstream: v128): v128 {
  return f64x2.mul(upstream, f64x2.mul(pair(TWO_OVER_SQRT_PI), expPair(f64x2.neg(f64x2.mul(z, z)))));
}

export function activationGradient(kind: i32, z: usize, value: usize, n: i32, upstream: usize, out: usize): void {
  const bytes = (<usize>n & ~1) << 3;
  if (kind == TANH) {
    const end = value + bytes, last = value + ((<usize>n & ~7) << 3);
    for (; value < last; value += 64, upstream += 64, out += 64) {
      const a = tanhGradient(v128.load(value), v128.load(upstream));
      const b = tanhGradient(v128.load(value, 16), v128.load(upstream, 16));
      const c = tanhGradient(v128.load(value, 32), v128.load(upstream, 32));
      const d = tanhGradient(v128.load(value, 48), v128.load(upstream, 48));
      v128.store(out, a);
      v128.store(out, b, 16);
      v128.store(out, c, 32);
      v128.store(out, d, 48);
    }
    for (; value < end; value += 16, upstream += 16, out += 16) {
      v128.store(out, tanhGradient(v128.load(value), v128.load(upstream)));
    }
    if (n & 1) {
      const g = tanhGradient(v128.load64_splat(value), v128.load64_splat(upstream));
      store<f64>(out, f64x2.extract_lane(g, 0));
    }
  } else if (kind == RELU) {
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(out + i, reluGradient(v128.load(z + i), v128.load(upstream + i)));
    }
    if (n & 1) {
      const g = reluGradient(v128.load64_splat(z + bytes), v128.load64_splat(upstream + bytes));
      store<f64>(out + bytes, f64x2.extract_lane(g, 0));
    }
  } else if (kind == IDENTITY) {
    if (upstream != out) memory.copy(out, upstream, <usize>n << 3);
  } else {
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(out + i, erfGradient(v128.load(z + i), v128.load(upstream + i)));
    }
    if (n & 1) {
      const g = erfGradient(v128.load64_splat(z + bytes), v128.load64_splat(upstream + bytes));
      store<f64>(out + bytes, f64x2.extract_lane(g, 0));
    }
  }
}
