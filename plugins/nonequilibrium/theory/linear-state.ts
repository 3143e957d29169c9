// The stationary state of a linear map with noise, x' = A x + noise, near a minimum: covariance, circulation and
// entropy production, exact for a quadratic loss and noise that does not depend on the weights.
import { EigenvalueDecomposition, inverse, Matrix, solve } from 'eigenflow/theory';
import type { Spectrum } from './minimum.js';

export interface LinearState {
  /** Factors A of the map in the eigenbasis of the Hessian, one for each direction. */
  readonly factors: Float64Array;
  /** Covariance S of the noise of one application, size x size. */
  readonly noise: Matrix;
  /** C = A C A^T + S. */
  readonly covariance: Matrix;
  /** K = 1/2 (C A^T - A C): mean of 1/2 (x x'^T - x' x^T), the area that is swept at each application. */
  readonly circulation: Matrix;
  /** -tr(K D^-1 K C^-1) with D = S/2, per application; NaN where the noise leaves a direction out. */
  readonly entropyProduction: number;
}

/** Noise of less than this fraction of the largest leaves a direction out. */
const NO_NOISE = 1e-12;

/** U^T M U. */
const into = ({ vectors }: Spectrum, matrix: Matrix) => vectors.transpose().mmul(matrix).mmul(vectors);
/** U M U^T. */
const outOf = ({ vectors }: Spectrum, matrix: Matrix) => vectors.mmul(matrix).mmul(vectors.transpose());

/** M with each entry multiplied by f(i, j), in the eigenbasis. */
export function scaledInBasis(spectrum: Spectrum, matrix: Matrix, f: (i: number, j: number) => number): Matrix {
  const inside = into(spectrum, matrix);
  for (let i = 0; i < inside.rows; i++) {
    for (let j = 0; j < inside.columns; j++) inside.set(i, j, inside.get(i, j) * f(i, j));
  }
  return outOf(spectrum, inside);
}

/** -tr(K D^-1 K C^-1) for circulations that may be two estimates; NaN for a D or a C that is not positive definite. */
export function entropyRate(first: Matrix, second: Matrix, diffusion: Matrix, covariance: Matrix): number {
  if (!isPositive(diffusion) || !isPositive(covariance)) return Number.NaN;
  // D^-1 K and C^-1 K; the trace of a product does not mind a cyclic permutation.
  return -traceOfProduct(solve(diffusion, first), solve(covariance, second));
}

/** Whether a symmetric matrix has positive eigenvalues only, up to rounding of the largest. */
export function isPositive(symmetric: Matrix): boolean {
  if (!symmetric.to1DArray().every(Number.isFinite)) return false;
  const { realEigenvalues } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  return Math.min(...realEigenvalues) > NO_NOISE * Math.max(...realEigenvalues);
}

export function traceOfProduct(a: Matrix, b: Matrix): number {
  let trace = 0;
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.columns; j++) trace += a.get(i, j) * b.get(j, i);
  }
  return trace;
}

/** @param factors of the map along each eigenvector, of modulus below 1 */
export function linearState(spectrum: Spectrum, factors: Float64Array, noise: Matrix): LinearState {
  const covariance = scaledInBasis(spectrum, noise, (i, j) => 1 / (1 - factors[i] * factors[j]));
  const circulation = scaledInBasis(
    spectrum,
    noise,
    (i, j) => (factors[j] - factors[i]) / (2 * (1 - factors[i] * factors[j])),
  );
  const diffusion = Matrix.mul(noise, 1 / 2);
  return {
    factors,
    noise,
    covariance,
    circulation,
    entropyProduction: entropyRate(circulation, circulation, diffusion, covariance),
  };
}

/**
 * The Fokker-Planck equation near the minimum: with D the diffusion matrix per step and eta the step size,
 * H C + C H = (2/eta) D and K = (eta/2) (H C - C H). The limit of small eta of `linearState` with S = 2 D.
 */
export function fokkerPlanck(
  spectrum: Spectrum,
  stepSize: number,
  diffusion: Matrix,
): Pick<LinearState, 'covariance' | 'circulation' | 'entropyProduction'> {
  const { values } = spectrum;
  const covariance = scaledInBasis(spectrum, diffusion, (i, j) => 2 / (stepSize * (values[i] + values[j])));
  const circulation = scaledInBasis(spectrum, diffusion, (i, j) => (values[i] - values[j]) / (values[i] + values[j]));
  return {
    covariance,
    circulation,
    entropyProduction: entropyRate(circulation, circulation, diffusion, covariance),
  };
}

/**
 * Matrix M of the entropy production of one application along a trajectory, x^T M (x' - x) with x from the mean: the
 * current velocity -K C^-1 x against D (arXiv:2306.03521), M = C^-1 K D^-1.
 */
export function entropyForm({ covariance, circulation, noise }: LinearState): Matrix | undefined {
  if (!isPositive(noise) || !isPositive(covariance)) return undefined;
  return solve(covariance, circulation).mmul(inverse(Matrix.mul(noise, 1 / 2)));
}
