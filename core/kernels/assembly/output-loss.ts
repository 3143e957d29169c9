/**
 * Losses that are sums over outputs of a function of one output and its target: value, gradient, and second derivative
 * times a change. Averages over outputs and samples. The kinds are those of `outputLossCode` in ../kernels.ts.
 */
import { expPair } from './exp';
import { logNormal } from './log';
import { atLeast, atMost, pair, sum } from './simd';

const MEAN_SQUARE: i32 = 0;
const HUBER: i32 = 1;
const LOGISTIC: i32 = 2;
const HINGE: i32 = 3;

/** Below this exp(-|x|) is nothing beside 1, and log(w)/(w - 1) would be 0/0. */
// @ts-ignore: decorator
@inline
function log1p(e: v128): v128 {
  const w = f64x2.add(e, pair(1));
  const rest = f64x2.sub(w, pair(1));
  // The rounding of 1 + e cancels in the quotient.
  const value = f64x2.mul(e, f64x2.div(logNormal(w), rest));
  return v128.bitselect(e, value, f64x2.eq(rest, pair(0)));
}

/** x where it is above zero or NaN, else 0. */
// @ts-ignore: decorator
@inline
function positive(x: v128): v128 {
  return v128.andnot(x, f64x2.le(x, pair(0)));
}

/** +1 for a target above zero, else -1. */
// @ts-ignore: decorator
@inline
function side(target: v128): v128 {
  return v128.bitselect(pair(1), pair(-1), f64x2.gt(target, pair(0)));
}

// @ts-ignore: decorator
@inline
function valueOf(kind: i32, x: v128, target: v128, parameter: f64): v128 {
  if (kind == MEAN_SQUARE) {
    const e = f64x2.sub(x, target);
    return f64x2.mul(e, e);
  }
  if (kind == HUBER) {
    const e = f64x2.sub(x, target), size = f64x2.abs(e), delta = pair(parameter);
    const linear = f64x2.mul(delta, f64x2.sub(size, pair(0.5 * parameter)));
    return v128.bitselect(f64x2.mul(pair(0.5), f64x2.mul(e, e)), linear, f64x2.lt(size, delta));
  }
  if (kind == LOGISTIC) {
    const t = atLeast(target, 0), size = f64x2.abs(x);
    const wrong = v128.bitselect(f64x2.sub(pair(1), t), t, f64x2.ge(x, pair(0)));
    return f64x2.add(f64x2.mul(size, wrong), log1p(expPair(f64x2.neg(size))));
  }
  const missing = positive(f64x2.sub(pair(1), f64x2.mul(side(target), x)));
  return kind == HINGE ? missing : f64x2.mul(missing, missing);
}

// @ts-ignore: decorator
@inline
function slopeOf(kind: i32, x: v128, target: v128, parameter: f64): v128 {
  if (kind == MEAN_SQUARE) return f64x2.mul(pair(2), f64x2.sub(x, target));
  if (kind == HUBER) return atLeast(atMost(f64x2.sub(x, target), parameter), -parameter);
  if (kind == LOGISTIC) {
    // sigmoid(x) - t, as what is missing on the side of the output: 1 - t - e/(1 + e) above zero, e/(1 + e) - t below.
    const t = atLeast(target, 0), e = expPair(f64x2.neg(f64x2.abs(x)));
    const less = f64x2.div(e, f64x2.add(pair(1), e));
    const above = f64x2.sub(f64x2.sub(pair(1), t), less);
    return v128.bitselect(above, f64x2.sub(less, t), f64x2.ge(x, pair(0)));
  }
  const y = side(target), missing = f64x2.sub(pair(1), f64x2.mul(y, x));
  const outward = f64x2.neg(y);
  if (kind == HINGE) return v128.andnot(outward, f64x2.le(missing, pair(0)));
  return f64x2.mul(pair(2), f64x2.mul(outward, positive(missing)));
}

// @ts-ignore: decorator
@inline
function curvatureOf(kind: i32, x: v128, target: v128, parameter: f64): v128 {
  if (kind == MEAN_SQUARE) return pair(2);
  if (kind == HUBER) return v128.and(pair(1), f64x2.lt(f64x2.abs(f64x2.sub(x, target)), pair(parameter)));
  if (kind == LOGISTIC) {
    const e = expPair(f64x2.neg(f64x2.abs(x))), w = f64x2.add(pair(1), e);
    return f64x2.div(e, f64x2.mul(w, w));
  }
  if (kind == HINGE) return pair(0);
  return v128.and(pair(2), f64x2.gt(f64x2.sub(pair(1), f64x2.mul(side(target), x)), pair(0)));
}

export function outputLoss(
  kind: i32, parameter: f64, out: usize, target: usize, weights: usize, n: i32, width: i32, gradient: usize,
  value: usize,
): void {
  const bytes = (<usize>width & ~1) << 3, scale = 1 / <f64>width;
  let total: f64 = 0;
  for (let s = 0; s < n; s++, weights += 8) {
    const weight = pair(load<f64>(weights) * scale);
    let part = pair(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = v128.load(out + i), t = v128.load(target + i);
      part = f64x2.add(part, valueOf(kind, x, t, parameter));
      v128.store(gradient + i, f64x2.mul(weight, slopeOf(kind, x, t, parameter)));
    }
    out += bytes;
    target += bytes;
    gradient += bytes;
    let one = sum(part);
    if (width & 1) {
      const x = v128.load64_splat(out), t = v128.load64_splat(target);
      one += f64x2.extract_lane(valueOf(kind, x, t, parameter), 0);
      store<f64>(gradient, f64x2.extract_lane(f64x2.mul(weight, slopeOf(kind, x, t, parameter)), 0));
      out += 8;
      target += 8;
      gradient += 8;
    }
    total += one;
  }
  store<f64>(value, total * scale / <f64>n);
}

export function outputLossCurvature(
  kind: i32, parameter: f64, out: usize, target: usize, weights: usize, n: i32, width: i32, change: usize,
  gradientChange: usize,
): void {
  const scale = 1 / <f64>width;
  for (let s = 0; s < n; s++, weights += 8) {
    const weight = load<f64>(weights) * scale;
    for (let i = 0; i < width; i++, out += 8, target += 8, change += 8, gradientChange += 8) {
      const second = curvatureOf(kind, v128.load64_splat(out), v128.load64_splat(target), parameter);
      store<f64>(gradientChange, weight * load<f64>(change) * f64x2.extract_lane(second, 0));
    }
  }
}
