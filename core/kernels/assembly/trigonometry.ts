/**
 * sin and cos on pairs. The argument loses the nearest multiple q of pi/2, in four pieces of pi/2 of which three have
 * 33 bits (Cody and Waite), and keeps a low part; so the result stays below 1 ulp also next to a zero. Beyond
 * LARGE the product of q with a piece is no longer exact: payne.ts takes over, one lane at a time.
 */
import { reduceLarge, reducedHigh, reducedLow, reducedQuadrant } from './payne';
import { madd, pair, ROUNDER } from './simd';

const TWO_OVER_PI: f64 = 0.6366197723675814;
const HALF_PI_1: f64 = 1.5707963267341256;
const HALF_PI_2: f64 = 6.077100506303966e-11;
const HALF_PI_3: f64 = 2.0222662487111665e-21;
const HALF_PI_4: f64 = 8.4784276603689e-32;
/** q stays below 2^20, so q times a piece of 33 bits is exact. */
const LARGE: f64 = 1e6;

/** sin of r + low, |r| <= pi/4. */
// @ts-ignore: decorator
@inline
function sinReduced(r: v128, low: v128): v128 {
  const u = f64x2.mul(r, r);
  let p = madd(u, pair(1.5896795609446406e-10), pair(-2.50507581144106e-8));
  p = madd(p, u, pair(2.755731369191183e-6));
  p = madd(p, u, pair(-0.0001984126982980779));
  p = madd(p, u, pair(0.008333333333322413));
  p = madd(p, u, pair(-0.16666666666666632));
  // The low part enters through the derivative 1 - u/2.
  const rest = madd(f64x2.mul(p, u), r, f64x2.sub(low, f64x2.mul(f64x2.mul(low, u), pair(0.5))));
  return f64x2.add(r, rest);
}

/** cos of r + low, |r| <= pi/4. */
// @ts-ignore: decorator
@inline
function cosReduced(r: v128, low: v128): v128 {
  const u = f64x2.mul(r, r);
  let p = madd(u, pair(-1.1359647835602578e-11), pair(2.0875723273939322e-9));
  p = madd(p, u, pair(-2.7557314352338906e-7));
  p = madd(p, u, pair(2.480158728948221e-5));
  p = madd(p, u, pair(-0.0013888888888874125));
  p = madd(p, u, pair(0.0416666666666666));
  const half = f64x2.mul(u, pair(0.5));
  const head = f64x2.sub(pair(1), half);
  // (1 - head) - half is what rounding of the head lost.
  const lost = f64x2.sub(f64x2.sub(pair(1), head), half);
  return f64x2.add(head, f64x2.add(lost, f64x2.sub(f64x2.mul(f64x2.mul(u, u), p), f64x2.mul(r, low))));
}

/** sin(x + turn pi/2); turn is 0 for sin and 1 for cos. */
// @ts-ignore: decorator
@inline
function shifted(x: v128, turn: i64): v128 {
  const counter = f64x2.add(f64x2.mul(x, pair(TWO_OVER_PI)), pair(ROUNDER));
  const q = f64x2.sub(counter, pair(ROUNDER));
  const a = f64x2.sub(x, f64x2.mul(q, pair(HALF_PI_1)));
  // Sum with its rounding error (Knuth), twice: near a multiple of pi/2 everything above cancels.
  const second = f64x2.mul(q, pair(-HALF_PI_2));
  const b = f64x2.add(a, second);
  const part = f64x2.sub(b, a);
  const lostOne = f64x2.add(f64x2.sub(a, f64x2.sub(b, part)), f64x2.sub(second, part));
  const third = f64x2.add(lostOne, f64x2.mul(q, pair(-HALF_PI_3)));
  const c = f64x2.add(b, third);
  const partTwo = f64x2.sub(c, b);
  const lostTwo = f64x2.add(f64x2.sub(b, f64x2.sub(c, partTwo)), f64x2.sub(third, partTwo));
  let high = c;
  let low = f64x2.add(lostTwo, f64x2.mul(q, pair(-HALF_PI_4)));
  let quadrant = counter;
  if (v128.any_true(f64x2.gt(f64x2.abs(x), pair(LARGE)))) {
    const x0 = f64x2.extract_lane(x, 0);
    if (Math.abs(x0) > LARGE) {
      reduceLarge(x0);
      high = f64x2.replace_lane(high, 0, reducedHigh);
      low = f64x2.replace_lane(low, 0, reducedLow);
      quadrant = i64x2.replace_lane(quadrant, 0, reducedQuadrant);
    }
    const x1 = f64x2.extract_lane(x, 1);
    if (Math.abs(x1) > LARGE) {
      reduceLarge(x1);
      high = f64x2.replace_lane(high, 1, reducedHigh);
      low = f64x2.replace_lane(low, 1, reducedLow);
      quadrant = i64x2.replace_lane(quadrant, 1, reducedQuadrant);
    }
  }
  quadrant = i64x2.add(quadrant, i64x2.splat(turn));
  const odd = i64x2.ne(v128.and(quadrant, i64x2.splat(1)), i64x2.splat(0));
  const value = v128.bitselect(cosReduced(high, low), sinReduced(high, low), odd);
  return v128.xor(value, i64x2.shl(v128.and(quadrant, i64x2.splat(2)), 62));
}

/** sin(x); NaN for Infinity, the sign of zero is kept. */
// @ts-ignore: decorator
@inline
export function sinPair(x: v128): v128 {
  // Zero would lose its sign in the additions.
  return v128.bitselect(x, shifted(x, 0), f64x2.eq(x, pair(0)));
}

/** cos(x); NaN for Infinity. */
// @ts-ignore: decorator
@inline
export function cosPair(x: v128): v128 {
  return shifted(x, 1);
}
