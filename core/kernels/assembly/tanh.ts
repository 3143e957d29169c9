/**
 * tanh on pairs without a table. |x| = y + k ln(2)/2 with |y| <= ln(2)/4, s = 2^k, and c = tanh(y) = y P/Q in y^2
 * (coefficients.py). From exp(2|x|) = s (1 + c) / (1 - c) follows
 *   tanh|x| = A / (A + Q - y P),  A = (s - 1)/2 Q + (s + 1)/2 y P         (derived)
 * with one division. For small x, k = 0, A = y P and this is y P/Q, so nothing cancels and subnormals come out exact.
 */
import { madd, ROUNDER, signBits } from './simd';

/**
 * ln(2)/2 in one piece is enough: what k times its rounding does to y reaches the result through the slope 1 - tanh^2,
 * which falls faster than k grows. It costs half a unit in the last place at most.
 */
const LIMIT: usize = 0, TWO_OVER_LN2: usize = 8, ROUNDING: usize = 16, HALF_LN2: usize = 24;
const P1: usize = 32, P2: usize = 40, Q1: usize = 48, Q2: usize = 56, ONE: usize = 64, HALF: usize = 72;
/** In memory, and read before a loop: constants in the text of a program are not kept in registers. */
const numbers: usize = memory.data<f64>([
  20, 2.8853900817779268, ROUNDER, 0.34657359027997264,
  0.11110146151405655, 0.0010575580972413837, 0.44443479484738924, 0.015869156380397282, 1, 0.5,
]);

/** Elements of a block, and room for y and s/2 of one. */
const BLOCK: i32 = 64;
const reduced: usize = memory.data(512, 64);
const powers: usize = memory.data(512, 64);
/** Of an odd number of elements the last one, twice. */
const last: usize = memory.data(16, 16);

// @ts-ignore: decorator
@inline
function constant(place: usize): v128 {
  return v128.load64_splat(numbers + place);
}

/** y and s/2 = 2^(k - 1) of `bytes` from x on. |x| stops at 20, where tanh rounds to 1. */
function reduce(x: usize, bytes: usize): void {
  const limit = constant(LIMIT), perStep = constant(TWO_OVER_LN2), rounder = constant(ROUNDING);
  const step = constant(HALF_LN2);
  for (let i: usize = 0; i < bytes; i += 16) {
    const a = f64x2.pmin(f64x2.abs(v128.load(x + i)), limit);
    const counter = f64x2.add(f64x2.mul(a, perStep), rounder);
    v128.store(i, f64x2.sub(a, f64x2.mul(f64x2.sub(counter, rounder), step)), reduced);
    v128.store(i, i64x2.shl(i64x2.add(counter, i64x2.splat(1022)), 52), powers);
  }
}

/** The result, from what `reduce` has left. */
function finish(x: usize, bytes: usize, out: usize): void {
  const p1 = constant(P1), p2 = constant(P2), q1 = constant(Q1), q2 = constant(Q2);
  const one = constant(ONE), half = constant(HALF);
  for (let i: usize = 0; i < bytes; i += 16) {
    const y = v128.load(i, reduced), power = v128.load(i, powers);
    const u = f64x2.mul(y, y);
    const p = madd(f64x2.mul(y, u), madd(u, p2, p1), y);
    const q = madd(u, madd(u, q2, q1), one);
    const top = madd(f64x2.sub(power, half), q, f64x2.mul(f64x2.add(power, half), p));
    const value = f64x2.div(top, f64x2.add(top, f64x2.sub(q, p)));
    v128.store(out + i, v128.or(value, signBits(v128.load(x + i))));
  }
}

/**
 * out = tanh(x). Blocks pass through memory between the two halves of the computation: the chain of dependent operations
 * of one element is so long that a processor cannot look far enough ahead to overlap whole elements.
 */
export function tanhAll(x: usize, n: i32, out: usize): void {
  for (let left = n & ~1; left > 0; left -= BLOCK) {
    const bytes = <usize>min(left, BLOCK) << 3;
    reduce(x, bytes);
    finish(x, bytes, out);
    x += bytes;
    out += bytes;
  }
  if (n & 1) {
    v128.store(last, v128.load64_splat(x));
    reduce(last, 16);
    finish(last, 16, last);
    store<f64>(out, load<f64>(last));
  }
}
