/**
 * Activations and their derivatives, element by element. The codes are those of `activationCode` in ../kernels.ts.
 */
import { erfPair } from './erf';
import { expPair } from './exp';
import { pair } from './simd';
import {
  geluFirst, geluPair, geluSecond, sigmoidFirst, sigmoidPair, sigmoidSecond, softplusPair,
} from './smooth-activations';
import { tanhAll } from './tanh';
import { cosPair, sinPair } from './trigonometry';
import { sinAll } from './vector';

const TANH: i32 = 0;
const RELU: i32 = 1;
const IDENTITY: i32 = 2;
const ERF: i32 = 3;
const GELU: i32 = 4;
const SIGMOID: i32 = 5;
const SOFTPLUS: i32 = 6;
const SINE: i32 = 7;
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

function geluAll(x: usize, n: i32, out: usize): void {
  const end = x + ((<usize>n & ~1) << 3);
  for (; x < end; x += 16, out += 16) v128.store(out, geluPair(v128.load(x)));
  if (n & 1) store<f64>(out, f64x2.extract_lane(geluPair(v128.load64_splat(x)), 0));
}

function sigmoidAll(x: usize, n: i32, out: usize): void {
  const end = x + ((<usize>n & ~1) << 3);
  for (; x < end; x += 16, out += 16) v128.store(out, sigmoidPair(v128.load(x)));
  if (n & 1) store<f64>(out, f64x2.extract_lane(sigmoidPair(v128.load64_splat(x)), 0));
}

function softplusAll(x: usize, n: i32, out: usize): void {
  const end = x + ((<usize>n & ~1) << 3);
  for (; x < end; x += 16, out += 16) v128.store(out, softplusPair(v128.load(x)));
  if (n & 1) store<f64>(out, f64x2.extract_lane(softplusPair(v128.load64_splat(x)), 0));
}

export function activate(kind: i32, z: usize, n: i32, out: usize): void {
  if (kind == TANH) tanhAll(z, n, out);
  else if (kind == RELU) reluAll(z, n, out);
  else if (kind == IDENTITY) {
    if (z != out) memory.copy(out, z, <usize>n << 3);
  } else if (kind == ERF) erfAll(z, n, out);
  else if (kind == GELU) geluAll(z, n, out);
  else if (kind == SIGMOID) sigmoidAll(z, n, out);
  else if (kind == SOFTPLUS) softplusAll(z, n, out);
  else sinAll(z, n, out);
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

/** Of gelu, sigmoid, softplus and sine. */
function gradientPair(kind: i32, z: v128, upstream: v128): v128 {
  if (kind == GELU) return f64x2.mul(upstream, geluFirst(z));
  if (kind == SIGMOID) return f64x2.mul(upstream, sigmoidFirst(z));
  if (kind == SOFTPLUS) return f64x2.mul(upstream, sigmoidPair(z));
  return f64x2.mul(upstream, cosPair(z));
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
  } else if (kind == ERF) {
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(out + i, erfGradient(v128.load(z + i), v128.load(upstream + i)));
    }
    if (n & 1) {
      const g = erfGradient(v128.load64_splat(z + bytes), v128.load64_splat(upstream + bytes));
      store<f64>(out + bytes, f64x2.extract_lane(g, 0));
    }
  } else {
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(out + i, gradientPair(kind, v128.load(z + i), v128.load(upstream + i)));
    }
    if (n & 1) {
      const g = gradientPair(kind, v128.load64_splat(z + bytes), v128.load64_splat(upstream + bytes));
      store<f64>(out + bytes, f64x2.extract_lane(g, 0));
    }
  }
}

/** upstream f''(z) change, rounded in this order. */
function curvaturePair(kind: i32, z: v128, value: v128, upstream: v128, change: v128): v128 {
  if (kind == TANH) {
    const twice = f64x2.mul(pair(-2), value);
    return f64x2.mul(f64x2.mul(twice, tanhGradient(value, upstream)), change);
  }
  if (kind == ERF) {
    const twice = f64x2.mul(pair(-2), z);
    return f64x2.mul(f64x2.mul(twice, erfGradient(z, upstream)), change);
  }
  const product = f64x2.mul(upstream, change);
  if (kind == GELU) return f64x2.mul(product, geluSecond(z));
  if (kind == SIGMOID) return f64x2.mul(product, sigmoidSecond(z));
  if (kind == SOFTPLUS) return f64x2.mul(product, sigmoidFirst(z));
  return f64x2.neg(f64x2.mul(product, sinPair(z)));
}

export function activationCurvature(
  kind: i32, z: usize, value: usize, n: i32, upstream: usize, change: usize, out: usize,
): void {
  if (kind == RELU || kind == IDENTITY) return;
  const bytes = (<usize>n & ~1) << 3;
  let i: usize = 0;
  for (; i < bytes; i += 16) {
    const added = curvaturePair(
      kind, v128.load(z + i), v128.load(value + i), v128.load(upstream + i), v128.load(change + i),
    );
    v128.store(out + i, f64x2.add(v128.load(out + i), added));
  }
  if (n & 1) {
    const added = curvaturePair(
      kind, v128.load64_splat(z + i), v128.load64_splat(value + i), v128.load64_splat(upstream + i),
      v128.load64_splat(change + i),
    );
    store<f64>(out + i, load<f64>(out + i) + f64x2.extract_lane(added, 0));
  }
}
