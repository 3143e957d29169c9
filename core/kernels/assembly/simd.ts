/**
 * Small helpers on pairs of doubles (`f64x2`). Every kernel is written once: `madd` is a fused multiply-add in the
 * relaxed build and a product and a sum, each rounded, in the strict build.
 */

/** A pair with both lanes x. */
// @ts-ignore: decorator
@inline
export function pair(x: f64): v128 {
  return f64x2.splat(x);
}

/** a * b + c. The only place where the strict and the relaxed build differ. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    return f64x2.relaxed_madd(a, b, c);
  } else {
    return f64x2.add(f64x2.mul(a, b), c);
  }
}

/** The two horizontal sums of a and of b as one pair: (a0 + a1, b0 + b1). */
// @ts-ignore: decorator
@inline
export function sums(a: v128, b: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
}

/** Horizontal sum a0 + a1. */
// @ts-ignore: decorator
@inline
export function sum(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** The sign bits of x, all else zero. */
// @ts-ignore: decorator
@inline
export function signBits(x: v128): v128 {
  return v128.and(x, i64x2.splat(0x8000000000000000));
}

/** The smaller of x and limit; NaN stays NaN (unlike the other order of the arguments). */
// @ts-ignore: decorator
@inline
export function atMost(x: v128, limit: f64): v128 {
  return f64x2.pmin(x, pair(limit));
}

/** The larger of x and limit; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function atLeast(x: v128, limit: f64): v128 {
  return f64x2.pmax(x, pair(limit));
}

/** Adding and subtracting this number rounds a double of modest size to the nearest integer, which then sits in the
 *  low bits of the sum: 1.5 * 2^52. */
export const ROUNDER: f64 = 6755399441055744.0;

/** 2^n for pairs of integers held as `n + ROUNDER`, -1022 <= n <= 1023. */
// @ts-ignore: decorator
@inline
export function powerOfTwo(shifted: v128): v128 {
  return i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52);
}
