// From measured coefficients to those of a closed level equation about a reference state: frozen there, or linear.
import { Matrix } from 'ml-matrix';
import { choleskyOf } from '../../statistics/positive-definite.js';
import type { LevelCoefficients } from './coefficients.js';

/**
 * A level equation about a reference state, in the conventions of `LevelProcess`: levels ascending, matrices K x K and
 * row-major. The drift at levels x is drift_i + sum_j driftSlope_ij (x_j - reference_j).
 */
export interface SurrogateCoefficients {
  readonly reference: Float64Array;
  readonly drift: Float64Array;
  readonly driftSlope: Float64Array;
  /** V_ij, 0 on the diagonal. */
  readonly offDiagonalVariance: Float64Array;
  /** Q_ij. */
  readonly diagonalCovariance: Float64Array;
  /** D_i. */
  readonly traceDrift: Float64Array;
}

export interface LinearisedCoefficients extends SurrogateCoefficients {
  /** Fraction of the variance of each level's drift over the ensemble that the slopes explain; NaN without variance. */
  readonly explained: Float64Array;
}

/** Fraction of the mean variance below which a level counts as still. */
const STILL = 1e-12;

/** Why slopes cannot be had where replicas have not yet parted. */
const STILL_ENSEMBLE = 'the levels of all replicas are the same; take a later frame';

/** Reads K or K x K numbers in the opposite order of levels. */
const reversed = (values: ArrayLike<number>) => Float64Array.from(values).reverse();

/**
 * The coefficients of one frame, constant (no slope). Along a path this loses the force that restores the levels: in the
 * setting described at `linearisedCoefficients` the means come out up to 0.9 % off and the spreads 4 to 25 times too
 * large (measured). Use it for short times, or linearise.
 */
export function frozenCoefficients(frame: LevelCoefficients): SurrogateCoefficients {
  const K = frame.levels.length;
  const offDiagonalVariance = reversed(frame.variance);
  for (let i = 0; i < K; i++) offDiagonalVariance[i * K + i] = 0;
  return {
    reference: reversed(frame.levels),
    drift: reversed(Array.from({ length: K }, (_, i) => frame.meanMatrix[i * K + i])),
    driftSlope: new Float64Array(K * K),
    offDiagonalVariance,
    diagonalCovariance: reversed(frame.levelCovariance),
    traceDrift: reversed(frame.traceDrift),
  };
}

/** Means over an ensemble of replicas at the same learning time, constant (no slope). @throws RangeError without a frame */
export function averagedCoefficients(frames: readonly LevelCoefficients[]): SurrogateCoefficients {
  if (frames.length === 0) throw new RangeError('means need a replica');
  const each = frames.map(frozenCoefficients);
  const average = (key: keyof SurrogateCoefficients) => meanOf(each.map((state) => state[key]));
  return {
    reference: average('reference'),
    drift: average('drift'),
    driftSlope: average('driftSlope'),
    offDiagonalVariance: average('offDiagonalVariance'),
    diagonalCovariance: average('diagonalCovariance'),
    traceDrift: average('traceDrift'),
  };
}

function meanOf(vectors: readonly Float64Array[]): Float64Array {
  return vectors[0].map((_, k) => vectors.reduce((sum, vector) => sum + vector[k], 0) / vectors.length);
}

/**
 * Means over an ensemble of replicas at the same learning time, and the drift as a linear function of all levels by
 * ridge regression over the ensemble. The drift depends on the weights, not on the levels alone: `explained` says how
 * much of it is seen.
 *
 * For the network of arXiv:2509.01349 (two instances, 96 replicas, T = 1/32, learning time 64, initial width 0.5) the
 * matrix-step scheme along a path of these coefficients gave the means of the six largest levels within 0.2 % and
 * spreads 0.9 to 1.7 times those of the matrix Langevin equation (measured).
 *
 * @param frames one of each replica
 * @param ridge added to the variance of every level, as a fraction of it. Levels move together, which makes plain least
 *   squares (0) badly conditioned; it also needs more replicas than levels
 * @throws RangeError when the ensemble cannot determine the slopes
 */
export function linearisedCoefficients(frames: readonly LevelCoefficients[], ridge = 1e-3): LinearisedCoefficients {
  const n = frames.length;
  const each = frames.map(frozenCoefficients);
  const K = each[0]?.reference.length ?? 0;
  if (n < 2 || (ridge === 0 && n < K + 2)) {
    throw new RangeError(`${n} replicas do not determine the slopes of ${K} levels; take more, or a ridge above 0`);
  }
  const average = averagedCoefficients(frames);
  const { reference, drift } = average;

  const product = (a: (c: SurrogateCoefficients) => number, b: (c: SurrogateCoefficients) => number) =>
    each.reduce((sum, c) => sum + a(c) * b(c), 0) / n;
  const level = (j: number) => (c: SurrogateCoefficients) => c.reference[j] - reference[j];
  const force = (i: number) => (c: SurrogateCoefficients) => c.drift[i] - drift[i];
  const covariance = new Float64Array(K * K);
  for (let i = 0; i < K; i++) for (let j = 0; j < K; j++) covariance[i * K + j] = product(level(i), level(j));
  let trace = 0;
  for (let i = 0; i < K; i++) trace += covariance[i * K + i];
  if (!(trace > 0)) throw new RangeError(STILL_ENSEMBLE);
  // The second term is for levels that cannot move, such as the zeros of a tall matrix.
  for (let i = 0; i < K; i++) covariance[i * K + i] += ridge * covariance[i * K + i] + (STILL * trace) / K;
  const cholesky = choleskyOf(covariance, K);
  if (!cholesky) throw new RangeError(`the covariance of ${K} levels over ${n} replicas has no inverse`);
  const sides = new Matrix(K, K);
  for (let i = 0; i < K; i++) for (let j = 0; j < K; j++) sides.set(j, i, product(force(i), level(j)));
  const solved = cholesky.solve(sides);
  const slopes = Array.from({ length: K }, (_, i) => solved.getColumn(i));

  const fitted = (i: number) => (c: SurrogateCoefficients) =>
    slopes[i].reduce((sum, slope, j) => sum + slope * level(j)(c), 0);
  const explained = Float64Array.from({ length: K }, (_, i) => {
    const residual = (c: SurrogateCoefficients) => force(i)(c) - fitted(i)(c);
    return 1 - product(residual, residual) / product(force(i), force(i));
  });
  return { ...average, driftSlope: Float64Array.from(slopes.flat()), explained };
}
