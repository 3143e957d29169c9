// Gradient flow of 1/4 |X X^T - M|^2 in closed form: the matrix Riccati equation of P = X X^T, and that of the Schur
// complement which is the part of X that M does not need.
import { elementary } from 'eigenflow';
import {
  CholeskyDecomposition,
  EigenvalueDecomposition,
  Matrix,
  SingularValueDecomposition,
  solve,
} from 'eigenflow/theory';

const { asin, exp, expm1 } = elementary;

/** Largest eigenvalue times time that one application of the closed form covers. */
const LONGEST = 1;

/** (e^(2 lambda t) - 1)/lambda, 2 t at 0. */
const growth = (lambda: number, time: number) => (lambda === 0 ? 2 * time : expm1(2 * lambda * time) / lambda);

/**
 * X(t) up to a rotation of its columns, in the eigenbasis of M = diag(values). P = X X^T solves dP/dt = M P + P M - 2 P^2:
 *
 *     P(t) = e^(Mt) X_0 [1 + X_0^T G(t) X_0]^-1 X_0^T e^(Mt),     G(t) = M^-1 (e^(2Mt) - 1)        (derived)
 *
 * For long times the bracket is ill-conditioned. The flow is one of P alone, so the form is applied again and again to
 * short pieces of the time, each exact.
 *
 * @param start X_0 in the eigenbasis, n x r
 * @returns a factor of P(t), n x r
 */
export function exactFactor(values: ArrayLike<number>, start: Matrix, time: number): Matrix {
  const fastest = Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const pieces = Math.max(1, Math.ceil((fastest * time) / LONGEST));
  const piece = time / pieces;
  const grown = Array.from(values, (value) => growth(value, piece));
  const factors = Array.from(values, (value) => exp(value * piece));
  let factor = start.clone();
  for (let k = 0; k < pieces; k++) {
    const bracket = Matrix.eye(start.columns).add(factor.transpose().mmul(factor.clone().mulColumnVector(grown)));
    for (let i = 0; i < bracket.rows; i++) for (let j = 0; j < i; j++) bracket.set(i, j, bracket.get(j, i));
    const root = new CholeskyDecomposition(bracket).lowerTriangularMatrix;
    factor = solve(root, factor.transpose()).transpose().mulColumnVector(factors);
  }
  return factor;
}

/** 1/4 |X X^T - M|^2, M = diag(values). @param factor X, n x r */
export function factorLoss(values: ArrayLike<number>, factor: Matrix): number {
  const product = factor.mmul(factor.transpose());
  for (let i = 0; i < values.length; i++) product.set(i, i, product.get(i, i) - values[i]);
  const size = product.norm('frobenius');
  return (size * size) / 4;
}

/** How many eigenvalues are above 0: the rank r* that a factor needs. */
export const neededRank = (values: ArrayLike<number>) => Array.from(values).filter((value) => value > 0).length;

/**
 * A factor of the Schur complement S = P_22 - P_21 P_11^-1 P_12, P_11 the block of the positive eigenvalues of M: what X has
 * outside them, in the columns that it does not need for them.
 *
 * @param factor X in the eigenbasis, n x r, rows by descending eigenvalue
 * @returns (n - r*) x (r - r*); undefined where r <= r*, so that nothing is left
 */
export function surplus(values: ArrayLike<number>, factor: Matrix): Matrix | undefined {
  const needed = neededRank(values);
  if (factor.columns <= needed || factor.rows === needed) return undefined;
  const below = factor.subMatrix(needed, factor.rows - 1, 0, factor.columns - 1);
  if (needed === 0) return below;
  // The right singular vectors of the upper rows that belong to the singular value 0: P_22 without what goes through P_11.
  const above = factor.subMatrix(0, needed - 1, 0, factor.columns - 1);
  const full = new SingularValueDecomposition(above.transpose(), { computeLeftSingularVectors: true });
  const used = full.leftSingularVectors.subMatrix(0, factor.columns - 1, 0, needed - 1);
  const free = Matrix.eye(factor.columns).sub(used.mmul(used.transpose()));
  const { eigenvectorMatrix } = new EigenvalueDecomposition(free, { assumeSymmetric: true });
  return below.mmul(eigenvectorMatrix.subMatrix(0, factor.columns - 1, needed, factor.columns - 1));
}

/** Eigenvalues of Y Y^T, descending, `length` of them, with zeros where Y has no more. */
export function levelsOf(factor: Matrix | undefined, length: number): Float64Array {
  const levels = new Float64Array(length);
  if (factor === undefined) return levels;
  if (!factor.to1DArray().every(Number.isFinite)) return levels.fill(Number.NaN);
  const singular = new SingularValueDecomposition(factor, { autoTranspose: true }).diagonal;
  for (let i = 0; i < Math.min(length, singular.length); i++) levels[i] = singular[i] * singular[i];
  return levels.sort().reverse();
}

/**
 * The Schur complement has a flow of its own, dS/dt = M_2 S + S M_2 - 2 S^2 with M_2 the eigenvalues that are not positive:
 * the closed form for P holds for it, too. Where they are 0, S(t) = S_0 (1 + 2 t S_0)^-1: an eigenvalue s becomes
 * s/(1 + 2 t s). Source of the flow: arXiv:2411.15972; the form is derived.
 *
 * @param start of `surplus` at time 0
 * @returns its n - r* eigenvalues, descending
 */
export function exactSurplusLevels(values: ArrayLike<number>, start: Matrix | undefined, time: number): Float64Array {
  const rest = Array.from(values).slice(neededRank(values));
  return levelsOf(start && exactFactor(rest, start, time), rest.length);
}

/**
 * The largest angle between the span of the k leading columns of X, by singular value, and that of the k leading
 * eigenvectors of M, k = min(r, r*); 0 .. pi/2, in radians.
 *
 * @param factor X in the eigenbasis, n x r, rows by descending eigenvalue
 */
export function leadingAngle(values: ArrayLike<number>, factor: Matrix): number {
  const count = Math.min(factor.columns, neededRank(values));
  if (count === factor.rows || count === 0) return 0;
  const tall = factor.rows >= factor.columns;
  const svd = new SingularValueDecomposition(factor, { computeLeftSingularVectors: tall, autoTranspose: true });
  const leading = svd.leftSingularVectors.subMatrix(0, factor.rows - 1, 0, count - 1);
  // Its sine, which is precise where the angle is small: the part outside the leading eigenvectors.
  const outside = leading.subMatrix(count, factor.rows - 1, 0, count - 1);
  const [largest] = new SingularValueDecomposition(outside, { autoTranspose: true }).diagonal;
  return asin(Math.min(1, largest));
}
