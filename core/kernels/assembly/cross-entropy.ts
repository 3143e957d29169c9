/**
 * Cross-entropy of softmax outputs, from the outputs themselves: value, gradient, and second derivative times a change.
 * With c the largest output, exponentials are of o - o_c, and the sum of all but the largest is kept apart from its 1:
 * no output is too large, and what is left over at a well-fitted sample keeps its digits.
 */
import { expPair } from './exp';
import { logNormal } from './log';
import { pair, sum } from './simd';

/** log(1 + q) for q >= 0. */
// @ts-ignore: decorator
@inline
function log1pOf(q: f64): f64 {
  const w = 1 + q, rest = w - 1;
  if (rest == 0) return q;
  return q * (f64x2.extract_lane(logNormal(pair(w)), 0) / rest);
}

/** The place of the first of the largest of `width` numbers. */
// @ts-ignore: decorator
@inline
function largestOf(x: usize, width: i32): i32 {
  let best = 0, most = load<f64>(x);
  for (let i = 1; i < width; i++) {
    const v = load<f64>(x + (<usize>i << 3));
    if (v > most) {
      most = v;
      best = i;
    }
  }
  return best;
}

/** Writes exp(o - o_c) for all but the place c, which becomes 0; returns their sum. */
// @ts-ignore: decorator
@inline
function exponentials(out: usize, width: i32, c: i32, e: usize): f64 {
  const bytes = (<usize>width & ~1) << 3;
  const most = v128.load64_splat(out + (<usize>c << 3));
  let i: usize = 0;
  for (; i < bytes; i += 16) v128.store(e + i, expPair(f64x2.sub(v128.load(out + i), most)));
  if (width & 1) store<f64>(e + i, f64x2.extract_lane(expPair(f64x2.sub(v128.load64_splat(out + i), most)), 0));
  store<f64>(e + (<usize>c << 3), 0);
  let part = pair(0);
  for (i = 0; i < bytes; i += 16) part = f64x2.add(part, v128.load(e + i));
  return width & 1 ? sum(part) + load<f64>(e + i) : sum(part);
}

/** A target with smoothing. */
// @ts-ignore: decorator
@inline
function smooth(target: usize, keep: f64, add: f64): f64 {
  return keep * load<f64>(target) + add;
}

export function crossEntropy(
  smoothing: f64, out: usize, target: usize, weights: usize, n: i32, width: i32, gradient: usize, value: usize,
): void {
  const row = <usize>width << 3;
  const keep = 1 - smoothing, add = smoothing / <f64>width;
  let total: f64 = 0;
  for (let s = 0; s < n; s++, weights += 8, out += row, target += row, gradient += row) {
    const c = largestOf(out, width), at = <usize>c << 3;
    const most = load<f64>(out + at);
    let linear: f64 = 0, others: f64 = 0;
    for (let i: usize = 0; i < row; i += 8) {
      if (i == at) continue;
      const t = smooth(target + i, keep, add);
      others += t;
      linear += t * (most - load<f64>(out + i));
    }
    const whole = others + smooth(target + at, keep, add);
    const q = exponentials(out, width, c, gradient);
    total += linear + whole * log1pOf(q);
    const weight = load<f64>(weights), each = whole / (1 + q);
    for (let i: usize = 0; i < row; i += 8) {
      store<f64>(gradient + i, weight * (each * load<f64>(gradient + i) - smooth(target + i, keep, add)));
    }
    // At the largest output S p - t, as what the other outputs and targets leave of it.
    store<f64>(gradient + at, weight * (others - each * q));
  }
  store<f64>(value, total / <f64>n);
}

/** Weight times S (p u - p (p . u)) = S p_i sum_j p_j (u_i - u_j). */
export function crossEntropyCurvature(
  smoothing: f64, out: usize, target: usize, weights: usize, n: i32, width: i32, change: usize, gradientChange: usize,
): void {
  const row = <usize>width << 3;
  const keep = 1 - smoothing, add = smoothing / <f64>width;
  for (let s = 0; s < n; s++, weights += 8, out += row, target += row, change += row, gradientChange += row) {
    const c = largestOf(out, width), at = <usize>c << 3;
    const q = exponentials(out, width, c, gradientChange);
    const shares = 1 / (1 + q), reference = load<f64>(change + at);
    let whole: f64 = 0, mean: f64 = 0;
    // Changes from that of the largest output, whose share may be all but 1.
    for (let i: usize = 0; i < row; i += 8) {
      whole += smooth(target + i, keep, add);
      mean += load<f64>(gradientChange + i) * shares * (load<f64>(change + i) - reference);
    }
    const weight = load<f64>(weights) * whole;
    for (let i: usize = 0; i < row; i += 8) {
      const share = (i == at ? 1 : load<f64>(gradientChange + i)) * shares;
      store<f64>(gradientChange + i, weight * share * (load<f64>(change + i) - reference - mean));
    }
  }
}
