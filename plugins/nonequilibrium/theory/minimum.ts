// The minimum of a loss of few weights, by Newton's method.
import { EigenvalueDecomposition, type Matrix } from 'eigenflow/theory';
import { type Landscape, meanGradient, meanHessian, type SampleExpansion } from './landscape.js';

/** Eigenvalues h and orthonormal eigenvectors (columns of U) of a symmetric matrix. */
export interface Spectrum {
  readonly values: Float64Array;
  readonly vectors: Matrix;
}

export interface Minimum {
  readonly theta: Float64Array;
  readonly expansion: SampleExpansion;
  readonly hessian: Matrix;
  /** Of the Hessian, all above 0, ascending. */
  readonly spectrum: Spectrum;
}

export function spectrumOf(symmetric: Matrix): Spectrum {
  const decomposition = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  return { values: Float64Array.from(decomposition.realEigenvalues), vectors: decomposition.eigenvectorMatrix };
}

/** Iterations; from the neighbourhood of a minimum five are enough. */
const MOST_ITERATIONS = 200;
/** A Newton step below this fraction of the weights is rounding. */
const SETTLED = 1e-11;
/** A curvature below this fraction of the largest counts as flat. */
const FLAT = 1e-10;

const squared = (vector: ArrayLike<number>) => Array.from(vector).reduce((sum, x) => sum + x * x, 0);

/** Newton's step with all curvatures made positive and at least `floor`. */
function step(gradient: Float64Array, { values, vectors }: Spectrum, floor: number): Float64Array {
  const move = new Float64Array(gradient.length);
  for (let k = 0; k < values.length; k++) {
    let along = 0;
    for (let i = 0; i < gradient.length; i++) along += vectors.get(i, k) * gradient[i];
    const length = -along / Math.max(Math.abs(values[k]), floor);
    for (let i = 0; i < gradient.length; i++) move[i] += length * vectors.get(i, k);
  }
  return move;
}

/**
 * The strict minimum that descent from `start` leads to, by Newton's method with curvatures made positive, damped
 * until the loss falls (Levenberg). At the minimum the step is plain Newton, so that it converges quadratically.
 *
 * @returns undefined where it finds none: a flat direction, a saddle, or no end
 */
export function findMinimum(landscape: Landscape, start: ArrayLike<number>): Minimum | undefined {
  let theta = Float64Array.from(start);
  let loss = landscape.loss(theta);
  let damping = 0;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const expansion = landscape.expand(theta);
    const gradient = meanGradient(expansion, landscape);
    const hessian = meanHessian(expansion, landscape);
    if (!hessian.to1DArray().every(Number.isFinite)) return undefined;
    const spectrum = spectrumOf(hessian);
    const largest = Math.max(...spectrum.values.map(Math.abs));
    const smallest = Math.min(...spectrum.values);
    const move = step(gradient, spectrum, Math.max(damping, FLAT * largest));
    if (squared(move) <= SETTLED * SETTLED * (1 + squared(theta))) {
      return smallest > FLAT * largest ? { theta, expansion, hessian, spectrum } : undefined;
    }
    const trial = theta.map((weight, i) => weight + move[i]);
    const trialLoss = landscape.loss(trial);
    // At the bottom the loss is rounding, and the step is Newton's.
    if (trialLoss <= loss + 1e-14 * Math.abs(loss)) {
      theta = trial;
      loss = trialLoss;
      damping = damping > 1e-6 * largest ? damping / 8 : 0;
    } else {
      damping = Math.max(4 * damping, 1e-4 * largest);
    }
  }
  return undefined;
}
