// The elementary functions of Math whose bits ECMAScript leaves open, with the same bits in every engine: for whatever
// numbers are stored, printed or choose runs outside of the kernels, which have their own for whole vectors.
//
// Each is within 0.52 units in the last place (ulp), most are the nearest double but for rare ties; results below 2^-1022
// are within 1. NaN, zeros, infinities and the edges of a domain are those of ECMAScript. Methods: series with 106 bits
// (core/kernels/double-double.ts); exp, log and asin, which fits call by the million, by tables as in Tang 1989
// (doi:10.1145/63522.214389) and Tang 1990 (doi:10.1145/98267.98294), the tables made with 106 bits; derived.
import {
  add,
  artanh,
  binaryLogarithm,
  divide,
  exactProduct,
  exactSum,
  exponential,
  exponentialMinusOne,
  exponentOf,
  LN2,
  logarithm,
  logarithmOfOnePlus,
  multiply,
  negative,
  ONE,
  type Pair,
  scaled,
  single,
  squareRoot,
} from './double-double.js';

/** Parts of an octave in the table of `exp`, and of 1 in the tables of `log` and `asin`. */
const PARTS = 64;

/** x with its last 17 bits cleared: products with whole numbers below 2^17 are exact. */
function truncated(x: number): number {
  const { high } = exactSum(x, x * 2 ** 17);
  return high - (high - x);
}

const pairs = (count: number, of: (k: number) => Pair) => {
  const all = Array.from({ length: count }, (_, k) => of(k));
  return { high: Float64Array.from(all, ({ high }) => high), low: Float64Array.from(all, ({ low }) => low) };
};

const LN2_HIGH = truncated(LN2.high);
const LN2_LOW = LN2.high - LN2_HIGH + LN2.low;

const at = ({ high, low }: ReturnType<typeof pairs>, k: number): Pair => ({ high: high[k], low: low[k] });

/** 2^(j/64). */
const ROOTS = pairs(PARTS, (j) => {
  const { octaves, rest } = exponential(multiply(single(j / PARTS), LN2));
  const { high, low } = add(ONE, rest);
  return { high: scaled(high, octaves), low: scaled(low, octaves) };
});

/** e^x */
export function exp(x: number): number {
  if (!(x < 710)) return x > 710 || x === 710 ? Number.POSITIVE_INFINITY : x;
  if (x < -746) return 0;
  // x = k log(2)/64 + r, |r| < 0.0055.
  const k = Math.round((x * PARTS) / Math.LN2);
  const { high: r, low: rest } = exactSum(x - (k * LN2_HIGH) / PARTS, (-k * LN2_LOW) / PARTS);
  const tail = rest + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))));
  const octaves = Math.floor(k / PARTS);
  const j = k - octaves * PARTS;
  const root = ROOTS.high[j];
  return scaled(root + (ROOTS.low[j] + root * (r + tail)), octaves);
}

/** log(j/64), j from 45 to 91. */
const FIRST = 45;
const LOGARITHMS = pairs(47, (i) => logarithm(single((FIRST + i) / PARTS)));

/** log(1 + r) - r for |r| < 1/60 */
const logarithmTail = (r: number) =>
  r *
  r *
  (-1 / 2 +
    r *
      (1 / 3 +
        r *
          (-1 / 4 +
            r * (1 / 5 + r * (-1 / 6 + r * (1 / 7 + r * (-1 / 8 + r * (1 / 9 + r * (-1 / 10 + r * (1 / 11))))))))));

/** Natural logarithm. */
export function log(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
  const octave = exponentOf(x);
  const n = scaled(x, -octave) > Math.SQRT2 ? octave + 1 : octave;
  const m = scaled(x, -n);
  const j = Math.round(m * PARTS);
  if (n === 0 && j === PARTS) return m - 1 + logarithmTail(m - 1);
  // m = (1 + r) j/64: the numerator of r is exact.
  const numerator = m * PARTS - j;
  const r = numerator / j;
  const { high: product, low: error } = exactProduct(r, j);
  const table = LOGARITHMS.high[j - FIRST];
  const { high: first, low: second } = exactSum(n * LN2_HIGH, table);
  const { high, low } = exactSum(first, r);
  return (
    high +
    (low + second + n * LN2_LOW + LOGARITHMS.low[j - FIRST] + (numerator - product - error) / j + logarithmTail(r))
  );
}

/** log(1 + x), with its relative accuracy for small x. */
export function log1p(x: number): number {
  if (!(x > -1 && x < Number.POSITIVE_INFINITY)) return x === -1 ? Number.NEGATIVE_INFINITY : x > -1 ? x : Number.NaN;
  return Math.abs(x) < 2 ** -54 ? x : logarithmOfOnePlus(x).high;
}

/** 1/log(2), and log(10). */
const PER_LN2 = divide(ONE, LN2);
const LN10 = logarithm(single(10));

/** Logarithm to base 2; whole for powers of 2. */
export function log2(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return log(x);
  const { octaves, rest } = binaryLogarithm(single(x));
  return add(single(octaves), multiply(rest, PER_LN2)).high;
}

/** Logarithm to base 10; whole for powers of 10. */
export function log10(x: number): number {
  return x > 0 && x < Number.POSITIVE_INFINITY ? divide(logarithm(single(x)), LN10).high : log(x);
}

/** e^x - 1 as a pair, |x| <= 700. */
function pairExpm1(x: number): Pair {
  if (Math.abs(x) < 0.34) return exponentialMinusOne(single(x));
  const { octaves, rest } = exponential(single(x));
  const { high, low } = add(ONE, rest);
  return add({ high: scaled(high, octaves), low: scaled(low, octaves) }, single(-1));
}

/** e^x - 1, with its relative accuracy for small x. */
export function expm1(x: number): number {
  if (!(Math.abs(x) >= 2 ** -54)) return x;
  if (Math.abs(x) > 600) return exp(x) - 1;
  return pairExpm1(x).high;
}

/** Hyperbolic tangent. */
export function tanh(x: number): number {
  if (!(Math.abs(x) >= 2 ** -28)) return x;
  if (Math.abs(x) > 20) return Math.sign(x);
  const growth = pairExpm1(2 * Math.abs(x));
  return Math.sign(x) * divide(growth, add(growth, single(2))).high;
}

/** Inverse hyperbolic tangent. */
export function atanh(x: number): number {
  const size = Math.abs(x);
  if (!(size >= 2 ** -28)) return x;
  if (size < 1) return artanh(x).high;
  return size === 1 ? x * Number.POSITIVE_INFINITY : Number.NaN;
}

/** Cube root. */
export function cbrt(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  // Scaled, so that no part of a product falls below 2^-1022.
  const thirds = Math.round(exponentOf(Math.abs(x)) / 3);
  const inner = scaled(Math.abs(x), -3 * thirds);
  const root = exp(log(inner) / 3);
  const square = exactProduct(root, root);
  const missing = add(single(inner), negative(multiply(square, single(root))));
  return Math.sign(x) * scaled(root + missing.high / (3 * square.high), thirds);
}

/** sqrt(a^2 + b^2), without overflow on the way. */
export function hypot(a: number, b: number): number {
  const [x, y] = [Math.abs(a), Math.abs(b)];
  if (x === Number.POSITIVE_INFINITY || y === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  const large = Math.max(x, y);
  const small = Math.min(x, y);
  if (!(small > 0)) return large;
  const octaves = exponentOf(large);
  const one = scaled(large, -octaves);
  const other = scaled(small, -octaves);
  // A square below 2^-800 is beyond the bits of the sum.
  const squares = add(exactProduct(one, one), other < 2 ** -400 ? single(0) : exactProduct(other, other));
  return scaled(squareRoot(squares).high, octaves);
}

/** pi/2 in 159 bits: the low part is a pair. */
const HALF_PI = Math.PI / 2;
const HALF_PI_LOW: Pair = { high: 6.123233995736766e-17, low: -1.4973849048591833e-33 };

/** Terms of the series of sine and cosine: up to x^27/27!, |x| <= pi/4. */
const TERMS = 27;
const INVERSE_SQUARES = pairs(TERMS + 1, (k) => divide(single(-1), single(Math.max(1, k * (k - 1)))));

/** x - x^3/3! + ..., or 1 - x^2/2! + ... times x: the series from x^first on. */
function alternating(x: Pair, first: 0 | 1): Pair {
  const square = multiply(x, x);
  let sum = ONE;
  for (let k = TERMS - 1 + first; k > first; k -= 2)
    sum = add(ONE, multiply(multiply(square, at(INVERSE_SQUARES, k)), sum));
  return first === 1 ? multiply(x, sum) : sum;
}

/** Sine and cosine know angles up to this size. */
const LARGEST_ANGLE = 2 ** 26;

/** sin(x + quarter pi/2) */
function sineOf(x: number, quarter: number): number {
  if (!(Math.abs(x) <= LARGEST_ANGLE)) {
    if (Number.isFinite(x)) throw new RangeError(`sine and cosine are known for angles up to 2^26, found ${x}`);
    return Number.NaN;
  }
  const turns = Math.round(x / HALF_PI);
  const rest = add(single(x), negative(exactProduct(turns, HALF_PI)));
  const r = add(rest, negative(multiply(single(turns), HALF_PI_LOW)));
  const place = (((turns + quarter) % 4) + 4) % 4;
  const value = alternating(r, place % 2 === 0 ? 1 : 0).high;
  return place < 2 ? value : -value;
}

/** Sine of an angle in radians. @throws RangeError above 2^26 */
export const sin = (x: number): number => (Math.abs(x) < 2 ** -28 ? x : sineOf(x, 0));

/** Cosine of an angle in radians. @throws RangeError above 2^26 */
export const cos = (x: number): number => sineOf(x, 1);

/** Sine and cosine of j/64, j = 0 to 101. */
const ANGLES = 102;
const upTo = (j: number, first: 0 | 1): Pair => {
  // Of the angle itself or of the other one in its right angle, whichever is smaller.
  const angle = j / PARTS;
  if (angle <= 0.7854) return alternating(single(angle), first);
  const other = add(add(single(HALF_PI), HALF_PI_LOW), single(-angle));
  return alternating(other, first === 1 ? 0 : 1);
};
const SINES = pairs(ANGLES, (j) => upTo(j, 1));
const COSINES = pairs(ANGLES, (j) => upTo(j, 0));

/** asin w - w for |w| < 0.01 */
const arcsineTail = (w: number) => {
  const s = w * w;
  return w * s * (1 / 6 + s * (3 / 40 + s * (15 / 336 + s * (105 / 3456))));
};

/** Inverse sine in radians. */
export function asin(x: number): number {
  const size = Math.abs(x);
  if (!(size >= 2 ** -28 && size <= 1)) return size < 1 ? x : Number.NaN;
  // Near which j/64 the angle lies: Abramowitz and Stegun 4.4.45, within 7e-5.
  const rough =
    HALF_PI - Math.sqrt(1 - size) * (1.5707288 + size * (-0.2121144 + size * (0.074261 - size * 0.0187293)));
  const j = Math.round(rough * PARTS);
  // x = sin(j/64 + asin w) with w = x cos(j/64) - sqrt(1 - x^2) sin(j/64).
  const root = squareRoot(multiply(exactSum(1, -size), exactSum(1, size)));
  const w = add(multiply(single(size), at(COSINES, j)), negative(multiply(root, at(SINES, j))));
  const { high, low } = exactSum(j / PARTS, w.high);
  return Math.sign(x) * (high + (low + w.low + arcsineTail(w.high)));
}

/**
 * base^exponent, computed with 100 bits and rounded to the nearest double (within one unit in the last place below 2^-1022);
 * NaN, zeros and infinities as in ECMAScript. Derived from the series of artanh and exp.
 */
export function power(base: number, exponent: number): number {
  // Here ECMAScript says what comes out.
  if (!Number.isFinite(base) || !Number.isFinite(exponent) || base === 0 || exponent === 0) return base ** exponent;
  if (base < 0) {
    if (!Number.isInteger(exponent)) return Number.NaN;
    return exponent % 2 === 0 ? power(-base, exponent) : -power(-base, exponent);
  }
  if (base === 1) return 1;
  const log = logarithm(single(base));
  const rough = exponent * log.high;
  if (rough > 710) return Number.POSITIVE_INFINITY;
  if (rough < -746) return 0;
  const { octaves, rest } = exponential(multiply(single(exponent), log));
  return scaled(add(ONE, rest).high, octaves);
}
