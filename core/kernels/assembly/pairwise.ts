/**
 * What updates with a step of their own for each weight share: pairs read and written, constants of a pass, gradients of
 * four samples, and divisions in common.
 */
import { fourTerms } from './four-samples';
import { madd, pair } from './simd';

/** Loads a pair, or a last single number twice. */
// @ts-ignore: decorator
@inline
export function read(at: usize, whole: bool): v128 {
  return whole ? v128.load(at) : v128.load64_splat(at);
}

// @ts-ignore: decorator
@inline
export function write(at: usize, x: v128, whole: bool): void {
  if (whole) v128.store(at, x);
  else store<f64>(at, f64x2.extract_lane(x, 0));
}

/** x + weight (y - x). */
// @ts-ignore: decorator
@inline
export function towards(x: v128, y: v128, weight: v128): v128 {
  return madd(weight, f64x2.sub(y, x), x);
}

const constants: usize = memory.data(128, 64);

/**
 * Notes a constant of a pass, to be read by `kept`. Through memory, because V8 else makes some of them anew for every
 * weight, and a root and a division are among them.
 */
// @ts-ignore: decorator
@inline
export function keep(slot: usize, x: f64): void {
  v128.store(constants + (slot << 4), pair(x));
}

// @ts-ignore: decorator
@inline
export function kept(slot: usize): v128 {
  return v128.load(constants + (slot << 4));
}

/**
 * Whether the reciprocals of two divisors may be taken from that of their product: one division in place of two, which
 * with the roots take most of the time here. False for NaN, 0 and what is far from 1, where each is divided by itself.
 */
// @ts-ignore: decorator
@inline
export function isModerate(product: v128): bool {
  return i64x2.bitmask(v128.and(f64x2.gt(product, pair(1e-250)), f64x2.lt(product, pair(1e250)))) == 3;
}

/** Gradient of two weights: the products of one row of upstream numbers with two columns of four samples. */
// @ts-ignore: decorator
@inline
export function gradientAt(
  u0: v128, u1: v128, u2: v128, u3: v128, x0: usize, x1: usize, x2: usize, x3: usize, offset: usize,
): v128 {
  return fourTerms(
    u0, u1, u2, u3, v128.load(x0 + offset), v128.load(x1 + offset), v128.load(x2 + offset), v128.load(x3 + offset),
  );
}
