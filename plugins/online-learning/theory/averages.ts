// Averages over jointly normal fields that the equations of motion are made of: what they are called.
import { elementary } from 'eigenflow';

/** In the convention of the theory: g(x) = erf(x/sqrt 2), max(0, x) or x. */
export type TheoryActivation = 'erf' | 'relu' | 'identity';

/**
 * With x_a, x_b, ... normal fields of zero mean and covariance C (n x n, row-major, of the n given at creation), and g the
 * activation. None of them allocates.
 */
export interface Integrals {
  /** <g(x_a) g(x_b)> */
  valueValue(C: Float64Array, a: number, b: number): number;
  /** <g'(x_a) g'(x_b)> */
  slopeSlope(C: Float64Array, a: number, b: number): number;
  /** <g'(x_a) x_b g(x_c)> */
  slopeFieldValue(C: Float64Array, a: number, b: number, c: number): number;
  /** <g'(x_a) g'(x_b) g(x_c) g(x_d)> */
  slopeSlopeValueValue(C: Float64Array, a: number, b: number, c: number, d: number): number;
  /** <g''(x_a) g(x_c)>, with the delta function where g has a kink */
  curvatureValue(C: Float64Array, a: number, c: number): number;
}

/** Rounding takes arguments of asin just beyond 1 where two fields are one. */
export const clampedAsin = (x: number): number => elementary.asin(Math.min(1, Math.max(-1, x)));
