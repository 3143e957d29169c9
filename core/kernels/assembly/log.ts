/**
 * Natural logarithm on pairs: x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), s = f / (2 + f), and an odd series
 * in s (coefficients.py). The way of adding the parts, which keeps the error below 1 ulp, is that of fdlibm's e_log.c.
 */
import { madd, pair } from './simd';

const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const SQRT_HALF_BITS: i64 = 0x3fe6a09e667f3bcd;
const ONE_BITS: i64 = 0x3ff0000000000000;
const TWO_52_BITS: i64 = 0x4330000000000000;

/** log of positive normal numbers; `offset` is taken from the binary exponent. */
// @ts-ignore: decorator
@inline
function logScaled(x: v128, offset: v128): v128 {
  const shifted = i64x2.add(x, i64x2.splat(ONE_BITS - SQRT_HALF_BITS));
  // The exponent field becomes a double by putting it below the leading bit of 2^52.
  const field = v128.or(i64x2.shr_u(shifted, 52), i64x2.splat(TWO_52_BITS));
  const k = f64x2.sub(field, offset);
  const mantissa = i64x2.add(v128.and(shifted, i64x2.splat(0x000fffffffffffff)), i64x2.splat(SQRT_HALF_BITS));
  const f = f64x2.sub(mantissa, pair(1));
  const s = f64x2.div(f, f64x2.add(f, pair(2)));
  const z = f64x2.mul(s, s);
  let l = madd(z, pair(0.14796105103924778), pair(0.15314035865688447));
  l = madd(l, z, pair(0.18183564865639493));
  l = madd(l, z, pair(0.2222219856350139));
  l = madd(l, z, pair(0.2857142874247478));
  l = madd(l, z, pair(0.3999999999941432));
  l = madd(l, z, pair(0.6666666666666734));
  const half = f64x2.mul(f64x2.mul(f, f), pair(0.5));
  const small = madd(s, madd(l, z, half), f64x2.mul(k, pair(LN2_LOW)));
  return f64x2.sub(f64x2.mul(k, pair(LN2_HIGH)), f64x2.sub(f64x2.sub(half, small), f));
}

/** log(x) for normal positive x, as needed by Box-Muller. */
// @ts-ignore: decorator
@inline
export function logNormal(x: v128): v128 {
  return logScaled(x, pair(4503599627370496.0 + 1023.0));
}

/** log(x) for any x: NaN below zero, -Infinity at either zero. */
// @ts-ignore: decorator
@inline
export function logPair(x: v128): v128 {
  const subnormal = f64x2.lt(x, pair(2.2250738585072014e-308));
  const y = v128.bitselect(f64x2.mul(x, pair(18014398509481984.0)), x, subnormal);
  const offset = v128.bitselect(
    pair(4503599627370496.0 + 1023.0 + 54.0), pair(4503599627370496.0 + 1023.0), subnormal);
  const value = logScaled(y, offset);
  // x * x for +Infinity and NaN, NaN below zero, -Infinity at zero.
  const ordinary = v128.and(f64x2.gt(x, pair(0)), f64x2.lt(x, pair(Infinity)));
  let special = v128.bitselect(pair(-Infinity), pair(NaN), f64x2.eq(x, pair(0)));
  special = v128.bitselect(pair(Infinity), special, f64x2.eq(x, pair(Infinity)));
  return v128.bitselect(value, special, ordinary);
}
