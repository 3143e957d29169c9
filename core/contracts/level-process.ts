// Capability of a model: its parameters are levels, the eigenvalues of a matrix that a stochastic process moves.
import type { Clock } from './clock.js';
import type { Vector } from './vector.js';

/**
 * What moves the levels of W W^T when every entry of W (K x L, K <= L) diffuses alike:
 *
 *     dW = -decay W dtau + sqrt(T) noiseStrength dB    entry by entry
 *
 * At the hard edge, near 0, noise and Coulomb force of the levels change over the distance of one step, however short,
 * and a step with coefficients taken at its start errs by its root. The matrix itself, and the roots of the levels, have
 * noise of constant strength there.
 */
export interface DiffusingEntries {
  /** L, at least K. */
  readonly cols: number;
  /** Rate at which an entry decays, not negative; K_i = -2 decay x_i. */
  readonly decay: number;
  /** s: standard deviation of an entry per root of learning time, at T = 1; V_ij = s^2 (x_i + x_j), D_i = L s^2. */
  readonly noiseStrength: number;
}

/**
 * The coefficients of the equation of motion of K levels x_1 <= ... <= x_K in learning time tau (Ito):
 *
 *     dx_i = { K_i + T [ sum_{j != i} V_ij / (x_i - x_j) + D_i ] } dtau + sqrt(T) dM_i,    d<M_i, M_j> = Q_ij dtau
 *
 * It is second-order perturbation theory for the eigenvalues of X when X changes by dX, with dX written in the
 * eigenbasis of X (arXiv:2407.16427; derived):
 *
 *     mean of dX_ii       (K_i + T D_i) dtau          deterministic drift, and the Ito drift of the squared noise
 *     mean of |dX_ij|^2   T V_ij dtau, i != j         summed over the real components of the element, 1, 2 or 4 = beta
 *     covariance          T Q_ij dtau                 of dX_ii and dX_jj
 *
 * Signs: K_i > 0 moves level i up, so K_i = -dU/dx_i in a potential U. The Coulomb sum is not part of K or D. V holds
 * all components of the noise: a matrix whose elements have component variance g^2 beside the diagonal and 2 g^2 on it
 * has V_ij = beta g^2 and Q_ii = 2 g^2, and its levels have the stationary density
 * prod_{i<j} |x_i - x_j|^beta exp(-sum_i U(x_i) / (T g^2)).
 *
 * Methods write into the vectors that they are given, allocate nothing, do not throw, and pass on NaN.
 */
export interface LevelProcess {
  /** K, the number of levels. The parameter vector of the model holds them in ascending order. */
  readonly levels: number;
  /** T; may follow a schedule. */
  readonly temperature: number;
  /** Real components of an element beside the diagonal: 1 symmetric, 2 Hermitian, 4 self-dual quaternion matrices. */
  readonly beta: 1 | 2 | 4;
  /**
   * Levels live above this: 0 for those of W W^T, -Infinity where there is no bound. Integrators reflect at it. Where the
   * noise vanishes there, a step of levels is wrong, and `entries` are needed.
   */
  readonly floor: number;
  /** V and Q are the same at all levels and at all times: integrators take their roots once. */
  readonly constantNoise: boolean;
  /**
   * Brings coefficients that change with time to `at.time`; integrators call it before each step. Absent where they do
   * not change.
   */
  prepare?(at: Clock): void;
  /** K_i at these levels; K numbers each. */
  drift(levels: Vector, out: Vector): void;
  /** D_i; K numbers each. */
  traceDrift(levels: Vector, out: Vector): void;
  /** V_ij, not negative, symmetric, 0 on the diagonal; K, and K x K. */
  offDiagonalVariance(levels: Vector, out: Vector): void;
  /** Q_ii; K numbers each. */
  diagonalVariance(levels: Vector, out: Vector): void;
  /** The whole of Q, symmetric and positive semidefinite; K, and K x K. Absent where Q is diagonal. */
  diagonalCovariance?(levels: Vector, out: Vector): void;
  /**
   * The matrix behind levels with a hard edge at floor 0, which integrators step in place of the levels. It says the same
   * as K, V, Q and D, with beta = 1. Absent where the noise does not vanish at the floor.
   */
  readonly entries?: DiffusingEntries;
}
