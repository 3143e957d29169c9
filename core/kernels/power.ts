// x^y with the same bits in every engine. ECMAScript leaves those of `**` open, and they have changed: 10 ** -5 is one
// double in Node 22 and its neighbour in Node 24. The values of a sweep name its runs and must not change with them.
import { add, exponential, logarithm, multiply, ONE, scaled, single } from './double-double.js';

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
