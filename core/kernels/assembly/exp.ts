/**
 * exp on pairs: x = n ln 2 + r, |r| <= ln(2)/2, then a polynomial of degree 11 (coefficients.py). Below 1 ulp,
 * subnormal results included.
 */
import { atLeast, atMost, madd, pair, powerOfTwo, ROUNDER } from './simd';

const LOG2_E: f64 = 1.4426950408889634;
// ln 2 in two pieces: the first has 32 bits, so that its product with n is exact.
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;

/** exp(r) for |r| <= ln(2)/2 = 1 + r + r^2 (1/2 + r E(r)). */
// @ts-ignore: decorator
@inline
function expReduced(r: v128): v128 {
  let e = madd(r, pair(2.5115069031939874e-8), pair(2.7625404887053835e-7));
  e = madd(e, r, pair(2.7557226165633777e-6));
  e = madd(e, r, pair(2.480150812554118e-5));
  e = madd(e, r, pair(0.00019841269904812258));
  e = madd(e, r, pair(0.0013888888927244857));
  e = madd(e, r, pair(0.008333333333313972));
  e = madd(e, r, pair(0.04166666666660284));
  e = madd(e, r, pair(0.16666666666666685));
  e = madd(e, r, pair(0.5));
  return f64x2.add(madd(f64x2.mul(r, r), e, r), pair(1));
}

/** exp(x) for any x. */
// @ts-ignore: decorator
@inline
export function expPair(x: v128): v128 {
  // Beyond these bounds the result is Infinity or 0 all the same.
  const y = atLeast(atMost(x, 710), -746);
  const n = f64x2.sub(f64x2.add(f64x2.mul(y, pair(LOG2_E)), pair(ROUNDER)), pair(ROUNDER));
  const r = f64x2.sub(f64x2.sub(y, f64x2.mul(n, pair(LN2_HIGH))), f64x2.mul(n, pair(LN2_LOW)));
  // Two factors, because 2^n alone leaves the range of a double; only the second product can round.
  const first = f64x2.add(f64x2.mul(n, pair(0.5)), pair(ROUNDER));
  const second = f64x2.add(f64x2.sub(n, f64x2.sub(first, pair(ROUNDER))), pair(ROUNDER));
  return f64x2.mul(f64x2.mul(expReduced(r), powerOfTwo(first)), powerOfTwo(second));
}

/** exp(x) for |x| <= 700: one factor is enough. */
// @ts-ignore: decorator
@inline
export function expModerate(x: v128): v128 {
  const shifted = f64x2.add(f64x2.mul(x, pair(LOG2_E)), pair(ROUNDER));
  const n = f64x2.sub(shifted, pair(ROUNDER));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, pair(LN2_HIGH))), f64x2.mul(n, pair(LN2_LOW)));
  return f64x2.mul(expReduced(r), powerOfTwo(shifted));
}
