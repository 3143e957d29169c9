/**
 * Argument reduction of sin and cos for large arguments (Payne and Hanek 1983, Radian reduction for trigonometric
 * functions): the mantissa times those 192 bits of 2/pi that reach the two bits left of the point and 137 right of it.
 */

/** The first 1216 bits of 2/pi, most significant first. */
const TWO_OVER_PI: StaticArray<u64> = [
  0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
  0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4,
  0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
  0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab,
];

const HALF_PI_HIGH: f64 = 1.5707963267948966;
const HALF_PI_LOW: f64 = 6.123233995736766e-17;

/** Results of the last call of `reduceLarge`. */
export let reducedHigh: f64 = 0;
export let reducedLow: f64 = 0;
export let reducedQuadrant: i64 = 0;

/** Upper 64 bits of a 128-bit product. */
// @ts-ignore: decorator
@inline
function productHigh(a: u64, b: u64): u64 {
  const al = a & 0xffffffff, ah = a >> 32, bl = b & 0xffffffff, bh = b >> 32;
  const middle = ah * bl + ((al * bl) >> 32);
  return ah * bh + (middle >> 32) + ((al * bh + (middle & 0xffffffff)) >> 32);
}

/** 64 bits of 2/pi from bit position `from` on (0 is the bit worth 1/2). */
// @ts-ignore: decorator
@inline
function bitsOf(from: i32): u64 {
  const word = from >> 6, shift = from & 63;
  const head = unchecked(TWO_OVER_PI[word]) << shift;
  return shift == 0 ? head : head | (unchecked(TWO_OVER_PI[word + 1]) >> (64 - shift));
}

/** Writes x = quadrant pi/2 + (high + low), |high| <= pi/4, quadrant modulo 4, for 2^19 < |x|; NaN for Infinity, NaN. */
export function reduceLarge(x: f64): void {
  const bits = reinterpret<u64>(x);
  const exponent = <i32>((bits >> 52) & 0x7ff);
  if (exponent == 0x7ff) {
    reducedHigh = NaN;
    reducedLow = NaN;
    reducedQuadrant = 0;
    return;
  }
  const mantissa = (bits & 0x000fffffffffffff) | 0x0010000000000000;
  const power = exponent - 1075;
  // |x| = mantissa 2^power. Bits of 2/pi worth 2^(2 - power) and more give multiples of 4; start after them. A small
  // x has no such bits, and then the missing ones are zero.
  const from = power - 2;
  const start = max(from, 0);
  let w0 = bitsOf(start), w1 = bitsOf(start + 64), w2 = bitsOf(start + 128);
  if (from < 0) {
    const shift = <u64>(-from);
    w2 = (w2 >> shift) | (w1 << (64 - shift));
    w1 = (w1 >> shift) | (w0 << (64 - shift));
    w0 = w0 >> shift;
  }
  // Product modulo 2^192.
  const p2 = mantissa * w2;
  const t1 = mantissa * w1;
  let p1 = productHigh(mantissa, w2) + t1;
  const carry = <u64>(p1 < t1);
  let p0 = mantissa * w0 + productHigh(mantissa, w1) + carry;
  let quadrant = <i64>(p0 >> 62);
  // Fraction of a quadrant, 128 bits.
  let f0 = (p0 << 2) | (p1 >> 62);
  let f1 = (p1 << 2) | (p2 >> 62);
  let negative = false;
  if (f0 >> 63) {
    quadrant += 1;
    negative = true;
    f1 = ~f1;
    f0 = ~f0;
  }
  // Normalise, and split into doubles of at most 53 bits that are exact.
  const zeros = <i32>clz(f0);
  if (zeros > 0 && zeros < 64) {
    f0 = (f0 << zeros) | (f1 >> (64 - zeros));
    f1 = f1 << zeros;
  }
  const scale = reinterpret<f64>(<u64>(1023 - zeros) << 52);
  let a = <f64>(f0 >> 11) * 1.1102230246251565e-16 * scale;
  let b = <f64>(((f0 & 0x7ff) << 42) | (f1 >> 22)) * 1.2325951644078310e-32 * scale;
  if (negative) {
    a = -a;
    b = -b;
  }
  // (a + b)(pi/2) as high + low. The product of two doubles, exactly, by Dekker's splitting.
  const product = a * HALF_PI_HIGH;
  const ta = a * 134217729.0;
  const a1 = ta - (ta - a), a2 = a - a1;
  const tp = HALF_PI_HIGH * 134217729.0;
  const c1 = tp - (tp - HALF_PI_HIGH), c2 = HALF_PI_HIGH - c1;
  const lost = ((a1 * c1 - product) + a1 * c2 + a2 * c1) + a2 * c2;
  const rest = lost + (b * HALF_PI_HIGH + a * HALF_PI_LOW);
  let high = product + rest;
  let low = rest - (high - product);
  if (x < 0) {
    high = -high;
    low = -low;
    quadrant = -quadrant;
  }
  reducedHigh = high;
  reducedLow = low;
  reducedQuadrant = quadrant;
}
