// Numbers of 106 bits, as sums of two doubles: what elementary functions are computed with, so that their doubles come out
// rounded correctly but for rare ties, and with the same bits in every engine. Only operations whose bits ECMAScript
// fixes are used: + - * / and square roots.

/** The sum of two doubles, `low` at most half a unit in the last place of `high`. */
export interface Pair {
  readonly high: number;
  readonly low: number;
}

const view = new DataView(new ArrayBuffer(8));

/** The n of 2^n <= x < 2^(n + 1), for a positive finite number. */
export function exponentOf(x: number): number {
  if (x < 2 ** -1022) return exponentOf(x * 2 ** 54) - 54;
  view.setFloat64(0, x);
  return (view.getUint16(0) >> 4) - 1023;
}

/** 2^n for -1022 <= n <= 1023, at n + 1022. */
const POWERS = new Float64Array(2046);
for (let i = 1022, power = 1; i < 2046; i++, power *= 2) {
  POWERS[i] = power;
  POWERS[2044 - i] = 1 / power;
}

/** x 2^n for any whole n: in two factors, because 2^1024 and 2^-1075 are no doubles themselves. */
export function scaled(x: number, n: number): number {
  const first = Math.max(-1000, Math.min(1000, n));
  return x * POWERS[first + 1022] * POWERS[n - first + 1022];
}

/** a + b without error. Source: Knuth, The Art of Computer Programming 2, 4.2.2. */
export function exactSum(a: number, b: number): Pair {
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
export function exactProduct(a: number, b: number): Pair {
  const left = halves(a);
  const right = halves(b);
  const high = a * b;
  const cross = left.high * right.high - high + left.high * right.low + left.low * right.high;
  return { high, low: cross + left.low * right.low };
}

export function add(a: Pair, b: Pair): Pair {
  const { high, low } = exactSum(a.high, b.high);
  return exactSum(high, low + a.low + b.low);
}

export function multiply(a: Pair, b: Pair): Pair {
  const { high, low } = exactProduct(a.high, b.high);
  return exactSum(high, low + a.high * b.low + a.low * b.high);
}

export const single = (high: number): Pair => ({ high, low: 0 });

export const negative = ({ high, low }: Pair): Pair => ({ high: -high, low: -low });

export function divide(a: Pair, b: Pair): Pair {
  const first = a.high / b.high;
  const rest = add(a, multiply(single(-first), b));
  return exactSum(first, rest.high / b.high);
}

/** Square root of a >= 0. */
export function squareRoot(a: Pair): Pair {
  const root = Math.sqrt(a.high);
  if (root === 0) return single(0);
  const { high, low } = exactProduct(root, root);
  return exactSum(root, (a.high - high - low + a.low) / (2 * root));
}

export const ONE = single(1);
export const LN2: Pair = { high: Math.LN2, low: 2.3190468138462996e-17 };
/** 1/k, by k. */
const INVERSES = Array.from({ length: 46 }, (_, k) => divide(ONE, single(k)));

/** artanh s by 23 terms of its series, |s| <= 1/5. */
function artanhSeries(s: Pair): Pair {
  const square = multiply(s, s);
  let sum = single(0);
  for (let k = 45; k >= 1; k -= 2) sum = add(INVERSES[k], multiply(square, sum));
  return multiply(s, sum);
}

/** log(1 + x) = 2 artanh(x / (2 + x)) for -1/3 <= x <= 1/3. */
function logarithmNearOne(x: Pair): Pair {
  const artanh = artanhSeries(divide(x, add(single(2), x)));
  return add(artanh, artanh);
}

export interface BinaryLogarithm {
  /** n of x = m 2^n. */
  readonly octaves: number;
  /** log m, m between 2/3 and 4/3. */
  readonly rest: Pair;
}

/** x = m 2^n, positive and finite: n, and log m. */
export function binaryLogarithm(x: Pair): BinaryLogarithm {
  const octave = exponentOf(x.high);
  const octaves = scaled(x.high, -octave) > 4 / 3 ? octave + 1 : octave;
  return { octaves, rest: logarithmNearOne(exactSum(scaled(x.high, -octaves) - 1, scaled(x.low, -octaves))) };
}

/** log x of a positive finite number. */
export function logarithm(x: Pair): Pair {
  const { octaves, rest } = binaryLogarithm(x);
  return add(multiply(single(octaves), LN2), rest);
}

/** log(1 + x), x > -1, with the relative accuracy of a pair for small x too. */
export function logarithmOfOnePlus(x: number): Pair {
  return Math.abs(x) <= 1 / 3 ? logarithmNearOne(single(x)) : logarithm(exactSum(1, x));
}

/** artanh x, |x| < 1, with the relative accuracy of a pair for small x too. */
export function artanh(x: number): Pair {
  if (Math.abs(x) <= 1 / 5) return artanhSeries(single(x));
  const { high, low } = logarithm(divide(exactSum(1, x), exactSum(1, -x)));
  return { high: high / 2, low: low / 2 };
}

/** e^r - 1 by 26 terms of the series, |r| <= log(2)/2: with the relative accuracy of a pair for small r too. */
export function exponentialMinusOne(r: Pair): Pair {
  let sum = ONE;
  for (let k = 26; k >= 2; k--) sum = add(ONE, multiply(multiply(r, INVERSES[k]), sum));
  return multiply(r, sum);
}

/** e^x = 2^n (1 + rest) with |rest| < 0.42, |x| < 10^4. */
export function exponential(x: Pair): { readonly octaves: number; readonly rest: Pair } {
  const octaves = Math.round(x.high / LN2.high);
  const r = add(x, multiply(single(-octaves), LN2));
  return { octaves, rest: exponentialMinusOne(r) };
}
