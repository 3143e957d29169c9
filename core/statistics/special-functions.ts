// The special functions that the laws of this folder need and JavaScript lacks, with the same bits in every engine.
import { cos, exp, log, sin } from '../kernels/elementary.js';

const EULER = 0.5772156649015329;

/** Value of a continued fraction b0 + a1/(b1 + a2/(b2 + ...)) by the method of Lentz, modified by Thompson and Barnett. */
function continuedFraction(b0: number, a: (k: number) => number, b: (k: number) => number): number {
  let value = b0;
  let c = b0;
  let d = 0;
  for (let k = 1; k < 1000; k++) {
    d = 1 / (b(k) + a(k) * d);
    c = b(k) + a(k) / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return value;
}

/** erfc(x) for x > 2: exp(-x^2) / (sqrt(pi) (x + (1/2)/(x + 1/(x + (3/2)/(x + ...))))), DLMF 7.9.1. */
function erfcFraction(x: number): number {
  const fraction = continuedFraction(
    x,
    (k) => k / 2,
    () => x,
  );
  return exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

/** The error function, within 1e-15. Series DLMF 7.6.2, all of its terms positive; continued fraction beyond 2. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 2) return Math.sign(x) * (1 - (size > 6 ? 0 : erfcFraction(size)));
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * exp(-x * x) * sum;
}

/** 1 - erf(x) with its relative accuracy kept for large x. */
export function erfc(x: number): number {
  return x > 2 ? erfcFraction(x) : 1 - erf(x);
}

/** Distribution function of the standard normal law. */
export function normalCdf(x: number): number {
  return erfc(-x / Math.SQRT2) / 2;
}

export interface SineCosineIntegrals {
  /** Si(x) = integral of sin(t)/t from 0 to x. */
  readonly sine: number;
  /** Ci(x) = Euler's constant + log x + integral of (cos(t) - 1)/t from 0 to x. */
  readonly cosine: number;
}

/** Series DLMF 6.6.5 and 6.6.6. */
function integralSeries(x: number): SineCosineIntegrals {
  let sine = 0;
  let cosine = EULER + log(x);
  let term = 1;
  for (let k = 1; Math.abs(term) > 1e-18; k++) {
    term *= x / k;
    const sign = k % 4 < 2 ? 1 : -1;
    if (k % 2 === 1) sine += (sign * term) / k;
    else cosine += (sign * term) / k;
  }
  return { sine, cosine };
}

/**
 * exp(ix) E1(ix) by its continued fraction 1/(1 + ix - 1/(3 + ix - 4/(5 + ix - ...))), DLMF 6.9.1 in its even part;
 * E1(ix) = -Ci(x) + i (Si(x) - pi/2). Complex numbers are written out as pairs.
 */
function integralFraction(x: number): SineCosineIntegrals {
  const inverse = (re: number, im: number): [number, number] => {
    const size = re * re + im * im;
    return [re / size, -im / size];
  };
  // Lentz from the second convergent on: the fraction is 1/b0 with b0 = 1 + ix.
  let [valueRe, valueIm] = inverse(1, x);
  let [dRe, dIm] = [valueRe, valueIm];
  let [cRe, cIm] = [1e300, 0];
  for (let k = 1; k < 1000; k++) {
    const a = -k * k;
    const b = 2 * k + 1;
    [dRe, dIm] = inverse(a * dRe + b, a * dIm + x);
    const [iRe, iIm] = inverse(cRe, cIm);
    [cRe, cIm] = [b + a * iRe, x + a * iIm];
    const [fRe, fIm] = [cRe * dRe - cIm * dIm, cRe * dIm + cIm * dRe];
    [valueRe, valueIm] = [valueRe * fRe - valueIm * fIm, valueRe * fIm + valueIm * fRe];
    if (Math.abs(fRe - 1) + Math.abs(fIm) < 1e-16) break;
  }
  const [c, s] = [cos(x), sin(x)];
  const re = c * valueRe + s * valueIm;
  const im = c * valueIm - s * valueRe;
  return { sine: Math.PI / 2 + im, cosine: -re };
}

/**
 * Sine and cosine integral at x > 0, within 1e-14 of the larger of 1 and the value.
 *
 * @throws RangeError above 2^26
 */
export function sineCosineIntegrals(x: number): SineCosineIntegrals {
  return x < 4 ? integralSeries(x) : integralFraction(x);
}
