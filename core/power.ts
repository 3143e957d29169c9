// x^y with the same bits in every engine. ECMAScript leaves those of `**` open, and they have changed: 10 ** -5 is one
// double in Node 22 and its neighbour in Node 24. The values of a sweep name its runs and must not change with them.

/*
 * Follows e_pow.c of fdlibm as V8 had it up to Node 22, so that values from before are the values from now on:
 *
 * Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
 * Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is
 * preserved.
 */

/** Centres c of the intervals in which log2 is expanded, and log2 c in two parts. */
const CENTRES = [
  { centre: 1, high: 0, low: 0 },
  { centre: 1.5, high: 0.5849624872207642, low: 1.350039202129749e-8 },
];
/** (3/2) (log x - 2 s - (2/3) s^3) / s^5 with s = (x - 1)/(x + 1), in powers of s^2. */
const LOG = [
  0.5999999999999946, 0.4285714285785502, 0.33333332981837743, 0.272728123808534, 0.23066074577556175,
  0.20697501780033842,
];
/** 2 - x (e^x + 1)/(e^x - 1) over -x^2, in powers of x^2. */
const EXP = [
  0.16666666666666602, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6, 4.1381367970572385e-8,
];
/** 2/(3 ln 2) and ln 2, and both in two parts. */
const CP = 0.9617966939259756;
const CP_HIGH = 0.9617967009544373;
const CP_LOW = -7.028461650952758e-9;
const { LN2 } = Math;
const LN2_HIGH = 0.6931471824645996;
const LN2_LOW = -1.904654299957768e-9;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

function highWord(x: number): number {
  double[0] = x;
  return words[1];
}

function withWords(high: number, low: number): number {
  words[1] = high;
  words[0] = low;
  return double[0];
}

/** x without its lower 32 bits, so that products of two such numbers are exact. */
const leading = (x: number) => withWords(highWord(x), 0);

const horner = (coefficients: readonly number[], x: number) =>
  coefficients.reduceRight((sum, coefficient) => coefficient + x * sum);

/** x 2^n, rounded once. */
function scaled(x: number, n: number): number {
  if (n > 0) return x * 2 * 2 ** (n - 1);
  return n < -1000 ? x * 2 ** (n + 54) * 2 ** -54 : x * 2 ** n;
}

/** log2 of a positive finite number as a sum of two, the first without its lower 32 bits. */
function logarithm(x: number): [number, number] {
  const isSubnormal = x < 2 ** -1022;
  double[0] = isSubnormal ? x * 2 ** 53 : x;
  const bits = words[1];
  const low = words[0];
  const fraction = bits & 0xfffff;
  // To sqrt(3/2) around 1, to sqrt 3 around 3/2, beyond that around 1 again one octave up.
  const around = fraction > 0x3988e && fraction < 0xbb67a ? 1 : 0;
  const octave = fraction >= 0xbb67a ? 1 : 0;
  const exponent = (bits >> 20) - 0x3ff + octave - (isSubnormal ? 53 : 0);
  const high = (fraction | 0x3ff00000) - (octave << 20);
  const a = withWords(high, low);
  const { centre, high: centreHigh, low: centreLow } = CENTRES[around];
  // s = (a - centre)/(a + centre), then log2 a = (2/(3 ln 2)) (3 s + s^3 + ...).
  const difference = a - centre;
  const inverse = 1 / (a + centre);
  const s = difference * inverse;
  const sHigh = leading(s);
  const sum = withWords(((high >> 1) | 0x20000000) + 0x80000 + (around << 18), 0);
  const sumLow = a - (sum - centre);
  const sLow = inverse * (difference - sHigh * sum - sHigh * sumLow);
  const s2 = s * s;
  const rest = s2 * s2 * horner(LOG, s2) + sLow * (sHigh + s);
  const square = sHigh * sHigh;
  const t = leading(3 + square + rest);
  const tLow = rest - (t - 3 - square);
  const u = sHigh * t;
  const v = sLow * t + tLow * s;
  const p = leading(u + v);
  const pLow = v - (p - u);
  const z = CP_HIGH * p;
  const zLow = CP_LOW * p + pLow * CP + centreLow;
  const first = leading(z + zLow + centreHigh + exponent);
  return [first, zLow - (first - exponent - centreHigh - z)];
}

/** 2^(high + low), the sum between -1075 and 1024. */
function exponential(high: number, low: number): number {
  const sum = low + high;
  const n = Math.abs(sum) >= 0.5 + 2 ** -21 ? Math.sign(sum) * Math.floor(Math.abs(sum) + 0.5) : 0;
  const rest = high - n;
  const t = leading(low + rest);
  const u = t * LN2_HIGH;
  const v = (low - (t - rest)) * LN2 + t * LN2_LOW;
  const z = u + v;
  const w = v - (z - u);
  const z2 = z * z;
  const t1 = z - z2 * horner(EXP, z2);
  // In e_pow.c the bracket ends before w: (z t1)/(t1 - 2) - (w + z w). Either errs in the last bit only.
  return scaled(1 - ((z * t1) / (t1 - 2 - (w + z * w)) - z), n);
}

/**
 * base^exponent within 1.6 ulp; NaN, zeros and infinities as in ECMAScript. Squares need it not: `x ** 2` is x x in every
 * engine, and 2 to a whole power is exact.
 */
export function power(base: number, exponent: number): number {
  // Here ECMAScript says what comes out.
  if (!Number.isFinite(base) || !Number.isFinite(exponent) || base === 0 || exponent === 0) return base ** exponent;
  if (base < 0) {
    if (!Number.isInteger(exponent)) return Number.NaN;
    return exponent % 2 === 0 ? power(-base, exponent) : -power(-base, exponent);
  }
  if (exponent === 1) return base;
  if (exponent === -1) return 1 / base;
  if (exponent === 2) return base * base;
  if (exponent === 0.5) return Math.sqrt(base);
  const [high, low] = logarithm(base);
  const rough = exponent * high;
  if (rough > 1025) return Number.POSITIVE_INFINITY;
  if (rough < -1080) return 0;
  const exponentHigh = leading(exponent);
  return exponential(exponentHigh * high, (exponent - exponentHigh) * high + exponent * low);
}
