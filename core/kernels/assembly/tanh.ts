/**
 * tanh on pairs without a table. |x| = y + k ln(2)/2 with |y| <= ln(2)/4, s = 2^k, and c = tanh(y) = y P/Q in y^2
 * (coefficients.py). From exp(2|x|) = s (1 + c) / (1 - c) follows
 *   tanh|x| = ((s - 1) Q + (s + 1) y P) / ((s + 1) Q + (s - 1) y P)       (derived)
 * with one division. For small x, k = 0 and this is y P/Q itself, so nothing cancels and subnormals come out exact.
 */
import { atMost, madd, pair, powerOfTwo, ROUNDER, signBits } from './simd';

const TWO_OVER_LN2: f64 = 2.8853900817779268;
// ln(2)/2 in two pieces: the first has 32 bits, so that its product with k is exact.
const HALF_LN2_HIGH: f64 = 0.3465735901845619;
const HALF_LN2_LOW: f64 = 9.541074646352939e-11;

// @ts-ignore: decorator
@inline
export function tanhPair(x: v128): v128 {
  const sign = signBits(x);
  // tanh(20) rounds to 1.
  const a = atMost(v128.xor(x, sign), 20);
  const shifted = f64x2.add(f64x2.mul(a, pair(TWO_OVER_LN2)), pair(ROUNDER));
  const k = f64x2.sub(shifted, pair(ROUNDER));
  const y = f64x2.sub(f64x2.sub(a, f64x2.mul(k, pair(HALF_LN2_HIGH))), f64x2.mul(k, pair(HALF_LN2_LOW)));
  const u = f64x2.mul(y, y);
  const s = powerOfTwo(shifted);
  const less = f64x2.sub(s, pair(1));
  const more = f64x2.add(s, pair(1));
  const p = f64x2.mul(y, madd(u, madd(u, pair(0.0010575580972413837), pair(0.11110146151405655)), pair(1)));
  const q = madd(u, madd(u, pair(0.015869156380397282), pair(0.44443479484738924)), pair(1));
  const value = f64x2.div(madd(less, q, f64x2.mul(more, p)), madd(more, q, f64x2.mul(less, p)));
  return v128.or(value, sign);
}
