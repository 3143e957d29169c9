// x^y with the same bits in every engine. ECMAScript leaves those of `**` open, and they have changed: 10 ** -5 is one
// double in Node 22 and its neighbour in Node 24. The values of a sweep name its runs and must not change with them.

/** The sum of two doubles, `low` below half a unit in the last place of `high`: 106 bits. */
interface Pair {
  readonly high: number;
  readonly low: number;
}

const view = new DataView(new ArrayBuffer(8));

/** Binary exponent of a positive number that is not subnormal. */
function exponentOf(x: number): number {
  view.setFloat64(0, x);
  return (view.getUint16(0) >> 4) - 1023;
}

/** 2^n, -1022 <= n <= 1023. */
function powerOfTwo(n: number): number {
  view.setFloat64(0, 0);
  view.setUint16(0, (n + 1023) << 4);
  return view.getFloat64(0);
}

/** a + b without error. Source: Knuth, The Art of Computer Programming 2, 4.2.2. */
function exactSum(a: number, b: number): Pair {
  const high = a + b;
  const part = high - a;
  return { high, low: a - (high - part) + (b - part) };
}

/** x in two halves of 26 bits, below 2^970. Source: Dekker 1971, doi:10.1007/BF01397083. */
function halves(x: number): Pair {
  const shifted = 134217729 * x;
  const high = shifted - (shifted - x);
  return { high, low: x - high };
}

/** a b without error. Source: as `halves`. */
function exactProduct(a: number, b: number): Pair {
  const left = halves(a);
  const right = halves(b);
  const high = a * b;
  const cross = left.high * right.high - high + left.high * right.low + left.low * right.high;
  return { high, low: cross + left.low * right.low };
}

function add(a: Pair, b: Pair): Pair {
  const { high, low } = exactSum(a.high, b.high);
  return exactSum(high, low + a.low + b.low);
}

function multiply(a: Pair, b: Pair): Pair {
  const { high, low } = exactProduct(a.high, b.high);
  return exactSum(high, low + a.high * b.low + a.low * b.high);
}

const single = (high: number): Pair => ({ high, low: 0 });

function divide(a: Pair, b: Pair): Pair {
  const first = a.high / b.high;
  const rest = add(a, multiply(single(-first), b));
  return exactSum(first, rest.high / b.high);
}

const ONE = single(1);
/** 1/k, by k. */
const INVERSES = Array.from({ length: 46 }, (_, k) => divide(ONE, single(k)));
const LN2: Pair = { high: Math.LN2, low: 2.3190468138462996e-17 };

/** log x = n log 2 + 2 artanh s with s = (m - 1)/(m + 1), x = m 2^n, m between 2/3 and 4/3: |s| <= 1/5, 23 terms. */
function logarithm(x: number): Pair {
  const subnormal = x < 2 ** -1022;
  const normal = subnormal ? x * 2 ** 54 : x;
  const octave = exponentOf(normal);
  const mantissa = normal / powerOfTwo(octave);
  const [m, n] = mantissa > 4 / 3 ? [mantissa / 2, octave + 1] : [mantissa, octave];
  const s = divide(single(m - 1), exactSum(m, 1));
  const square = multiply(s, s);
  let sum = single(0);
  for (let k = 45; k >= 1; k -= 2) sum = add(INVERSES[k], multiply(square, sum));
  const artanh = multiply(s, sum);
  return add(multiply(single(n - (subnormal ? 54 : 0)), LN2), add(artanh, artanh));
}

/** e^x = 2^n e^r with |r| <= log(2)/2 by 26 terms of the series. */
function exponential(x: Pair): number {
  const n = Math.round(x.high / LN2.high);
  const r = add(x, multiply(single(-n), LN2));
  let sum = ONE;
  for (let k = 25; k >= 1; k--) sum = add(ONE, multiply(multiply(r, INVERSES[k]), sum));
  // In two factors: 2^1024 and 2^-1075 are no doubles themselves.
  const first = Math.max(-1000, Math.min(1000, n));
  return sum.high * powerOfTwo(first) * powerOfTwo(n - first);
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
  const log = logarithm(base);
  const rough = exponent * log.high;
  if (rough > 710) return Number.POSITIVE_INFINITY;
  if (rough < -746) return 0;
  return exponential(multiply(single(exponent), log));
}
