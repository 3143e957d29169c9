// Capability of a model: its parameters are levels, the eigenvalues of a matrix that a stochastic process moves.
import type { Clock } from './clock.js';
import type { Vector } from './vector.js';

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
  /** Levels live above this: 0 for those of W W^T, -Infinity where there is no bound. Integrators reflect at it. */
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
   * Room for whoever integrates the equation, `levelWorkspace(levels)` numbers in the arena. The model carves it,
   * because the arena is sealed before an integrator learns how many levels there are. What stands in it belongs to
   * the one integrator of the run.
   */
  readonly workspace: Vector;
}

/** Length of `LevelProcess.workspace`: several K x K matrices and some dozens of vectors. */
export function levelWorkspace(levels: number): number {
  return 8 * levels * levels + 80 * levels + 64;
}
