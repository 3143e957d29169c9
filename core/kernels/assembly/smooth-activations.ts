/**
 * gelu, sigmoid and softplus with their first and second derivatives, on pairs of doubles. Each takes e = exp(-|z|) or
 * exp(-z^2/2), so that nothing overflows; NaN stays NaN. Formulas: derived.
 */
import { erfPair } from './erf';
import { expPair } from './exp';
import { logPair } from './log';
import { atMost, pair } from './simd';

const ROOT_HALF: f64 = 0.7071067811865476;
const ONE_OVER_ROOT_2PI: f64 = 0.3989422804014327;
/** exp(-z^2/2) is 0 from here on; a larger square, times 0, would be NaN. */
const LARGEST_SQUARE: f64 = 1600;

/** Distribution function of the normal law. */
// @ts-ignore: decorator
@inline
function normalCdf(z: v128): v128 {
  return f64x2.mul(pair(0.5), f64x2.add(pair(1), erfPair(f64x2.mul(z, pair(ROOT_HALF)))));
}

/** Density of the normal law at a root of `square`. */
// @ts-ignore: decorator
@inline
function normalDensity(square: v128): v128 {
  return f64x2.mul(pair(ONE_OVER_ROOT_2PI), expPair(f64x2.mul(pair(-0.5), square)));
}

// @ts-ignore: decorator
@inline
function squareOf(z: v128): v128 {
  return atMost(f64x2.mul(z, z), LARGEST_SQUARE);
}

// @ts-ignore: decorator
@inline
export function geluPair(z: v128): v128 {
  return f64x2.mul(z, normalCdf(z));
}

// @ts-ignore: decorator
@inline
export function geluFirst(z: v128): v128 {
  return f64x2.add(normalCdf(z), f64x2.mul(z, normalDensity(squareOf(z))));
}

// @ts-ignore: decorator
@inline
export function geluSecond(z: v128): v128 {
  const square = squareOf(z);
  return f64x2.mul(normalDensity(square), f64x2.sub(pair(2), square));
}

/** exp(-|z|). */
// @ts-ignore: decorator
@inline
function decay(z: v128): v128 {
  return expPair(f64x2.neg(f64x2.abs(z)));
}

// @ts-ignore: decorator
@inline
export function sigmoidPair(z: v128): v128 {
  const e = decay(z);
  return f64x2.div(v128.bitselect(e, pair(1), f64x2.lt(z, pair(0))), f64x2.add(pair(1), e));
}

// @ts-ignore: decorator
@inline
export function sigmoidFirst(z: v128): v128 {
  const e = decay(z), w = f64x2.add(pair(1), e);
  return f64x2.div(f64x2.div(e, w), w);
}

// @ts-ignore: decorator
@inline
export function sigmoidSecond(z: v128): v128 {
  const e = decay(z), w = f64x2.add(pair(1), e);
  const slope = f64x2.div(f64x2.div(e, w), w);
  const size = f64x2.mul(slope, f64x2.div(f64x2.sub(pair(1), e), w));
  return v128.bitselect(size, f64x2.neg(size), f64x2.lt(z, pair(0)));
}

/** log(1 + e) for 0 <= e <= 1, relatively accurate for small e too: the error of the rounded sum is divided out. */
// @ts-ignore: decorator
@inline
function logOnePlus(e: v128): v128 {
  const w = f64x2.add(pair(1), e), rise = f64x2.sub(w, pair(1));
  const value = f64x2.div(f64x2.mul(e, logPair(w)), rise);
  return v128.bitselect(e, value, f64x2.eq(rise, pair(0)));
}

// @ts-ignore: decorator
@inline
export function softplusPair(z: v128): v128 {
  // "Not below 0" keeps NaN.
  return f64x2.add(v128.andnot(z, f64x2.lt(z, pair(0))), logOnePlus(decay(z)));
}
