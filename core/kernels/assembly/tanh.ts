/**
 * tanh on pairs without a table. |x| = y + k ln(2)/2 with |y| <= ln(2)/4, s = 2^k, and c = tanh(y) = y P/Q in y^2
 * (coefficients.py). From exp(2|x|) = s (1 + c) / (1 - c) follows
 *   tanh|x| = A / (A + Q - y P),  A = (s - 1)/2 Q + (s + 1)/2 y P         (derived)
 * with one division. For small x, k = 0, A = y P and this is y P/Q, so nothing cancels and subnormals come out exact.
 */
import { atMost, madd, pair, ROUNDER, signBits } from './simd';

const TWO_OVER_LN2: f64 = 2.8853900817779268;
/**
 * One piece is enough: what k times its rounding does to y reaches the result through the slope 1 - tanh^2, which falls
 * faster than k grows. It costs half a unit in the last place at most.
 */
const HALF_LN2: f64 = 0.34657359027997264;

/** Elements of a block, and room for y and s/2 of one. */
const BLOCK: i32 = 64;
const reduced: usize = memory.data(512, 64);
const powers: usize = memory.data(512, 64);

/** k + ROUNDER. */
// @ts-ignore: decorator
@inline
function counterOf(a: v128): v128 {
  return f64x2.add(f64x2.mul(a, pair(TWO_OVER_LN2)), pair(ROUNDER));
}

/** |x|, at most 20: tanh(20) rounds to 1. */
// @ts-ignore: decorator
@inline
function magnitude(x: v128): v128 {
  return atMost(v128.and(x, i64x2.splat(0x7fffffffffffffff)), 20);
}

// @ts-ignore: decorator
@inline
function reduce(a: v128, counter: v128): v128 {
  return f64x2.sub(a, f64x2.mul(f64x2.sub(counter, pair(ROUNDER)), pair(HALF_LN2)));
}

/** s/2 = 2^(k - 1). */
// @ts-ignore: decorator
@inline
function halfPower(counter: v128): v128 {
  return i64x2.shl(i64x2.add(counter, i64x2.splat(1022)), 52);
}

/** The result, from y and s/2. */
// @ts-ignore: decorator
@inline
function finish(x: v128, y: v128, half: v128): v128 {
  const u = f64x2.mul(y, y);
  const p = madd(f64x2.mul(y, u), madd(u, pair(0.0010575580972413837), pair(0.11110146151405655)), y);
  const q = madd(u, madd(u, pair(0.015869156380397282), pair(0.44443479484738924)), pair(1));
  const top = madd(f64x2.sub(half, pair(0.5)), q, f64x2.mul(f64x2.add(half, pair(0.5)), p));
  const value = f64x2.div(top, f64x2.add(top, f64x2.sub(q, p)));
  return v128.or(value, signBits(x));
}

// @ts-ignore: decorator
@inline
function tanhPair(x: v128): v128 {
  const a = magnitude(x);
  const counter = counterOf(a);
  return finish(x, reduce(a, counter), halfPower(counter));
}

/**
 * out = tanh(x). Blocks pass through memory between the two halves of the computation: the chain of dependent operations
 * of one element is so long that a processor cannot look far enough ahead to overlap whole elements.
 */
export function tanhAll(x: usize, n: i32, out: usize): void {
  for (let left = n & ~1; left > 0; left -= BLOCK) {
    const bytes = <usize>min(left, BLOCK) << 3;
    for (let i: usize = 0; i < bytes; i += 16) {
      const a = magnitude(v128.load(x + i));
      const counter = counterOf(a);
      v128.store(i, reduce(a, counter), reduced);
      v128.store(i, halfPower(counter), powers);
    }
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(out + i, finish(v128.load(x + i), v128.load(i, reduced), v128.load(i, powers)));
    }
    x += bytes;
    out += bytes;
  }
  if (n & 1) store<f64>(out, f64x2.extract_lane(tanhPair(v128.load64_splat(x)), 0));
}
