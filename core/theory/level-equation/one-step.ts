// What the level equation predicts for a single step: mean shift and variance of every level.
import type { LevelCoefficients } from './coefficients.js';

/** A step of SGD, or one of Euler-Maruyama for its surrogate. */
export interface Step {
  /** Learning rate, or size of the step in time. */
  readonly stepSize: number;
  /** T, learning rate / batch size for SGD. */
  readonly temperature: number;
}

/** sum_{j != i} matrix_ij / (x_i - x_j); the repulsion of levels when the matrix holds variances. */
export function coulombSum(levels: ArrayLike<number>, matrix: (i: number, j: number) => number): Float64Array {
  const sums = new Float64Array(levels.length);
  for (let i = 0; i < levels.length; i++) {
    for (let j = 0; j < levels.length; j++) if (j !== i) sums[i] += matrix(i, j) / (levels[i] - levels[j]);
  }
  return sums;
}

/**
 * Part of the mean shift that noise causes, step size x T x (sum_{j != i} V_ij/(x_i - x_j) + D_i): Coulomb repulsion and
 * trace drift. Its sum over levels is exact at any step size and equals step size x T x tr C. K numbers; source:
 * arXiv:2407.16427 for the repulsion, the trace drift derived.
 */
export function noiseShift({ levels, variance, traceDrift }: LevelCoefficients, { stepSize, temperature }: Step) {
  const repulsion = coulombSum(levels, (i, j) => variance[i * levels.length + j]);
  return repulsion.map((value, i) => stepSize * temperature * (value + traceDrift[i]));
}

/**
 * Mean shift without noise, to second order in the step: step size x K_ii + step size^2 x (sum_{j != i}
 * K_ij^2/(x_i - x_j) + squared row i of the mean gradient). K numbers; derived.
 */
export function gradientShift(coefficients: LevelCoefficients, { stepSize }: Step): Float64Array {
  const { levels, meanMatrix, meanGradientSquares } = coefficients;
  const K = levels.length;
  const mixing = coulombSum(levels, (i, j) => meanMatrix[i * K + j] ** 2);
  return mixing.map((value, i) => stepSize * meanMatrix[i * K + i] + stepSize ** 2 * (value + meanGradientSquares[i]));
}

/** Mean change of every level in one step, to second order in the step; K numbers. */
export function meanShift(coefficients: LevelCoefficients, step: Step): Float64Array {
  const noise = noiseShift(coefficients, step);
  return gradientShift(coefficients, step).map((value, i) => value + noise[i]);
}

/** Variance of the change of every level in one step, step size x T x Q_ii to leading order; K numbers; derived. */
export function shiftVariance({ levels, levelCovariance }: LevelCoefficients, { stepSize, temperature }: Step) {
  const K = levels.length;
  return Float64Array.from({ length: K }, (_, i) => stepSize * temperature * levelCovariance[i * K + i]);
}
