// What theory says of a mode that every step maps linearly: its decay, its turning, its second moments.
import { elementary } from 'eigenflow';
import { EigenvalueDecomposition, Matrix, solve } from 'eigenflow/theory';

const { asin, hypot } = elementary;

/** The map of a step: (q, s) <- matrix (q, s) + noise e. */
export interface ModeMap {
  readonly matrix: Matrix;
  /** A column. */
  readonly noise: Matrix;
}

export interface Turning {
  /** Largest absolute value of an eigenvalue, by which a deviation shrinks in a step in the long run. */
  readonly radius: number;
  /** Angle of that eigenvalue in the plane: 0 where it is real and positive, pi where it is negative. */
  readonly rotation: number;
}

/** Eigenvalues of a map of one or two numbers, in closed form: a doubled one is exact to rounding there. */
function eigenvaluesOf(matrix: Matrix): readonly (readonly [real: number, imaginary: number])[] {
  if (matrix.rows === 1) return [[matrix.get(0, 0), 0]];
  if (matrix.rows > 2) {
    const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(matrix);
    return realEigenvalues.map((real, i) => [real, imaginaryEigenvalues[i]]);
  }
  const half = matrix.trace() / 2;
  // (trace/2)^2 - determinant without the difference of large numbers.
  const apart = ((matrix.get(0, 0) - matrix.get(1, 1)) / 2) ** 2 + matrix.get(0, 1) * matrix.get(1, 0);
  const root = Math.sqrt(Math.abs(apart));
  return [1, -1].map((sign) => (apart >= 0 ? [half + sign * root, 0] : [half, sign * root]));
}

export function turningOf({ matrix }: ModeMap): Turning {
  let found: Turning = { radius: -1, rotation: 0 };
  for (const [real, imaginary] of eigenvaluesOf(matrix)) {
    const radius = hypot(real, imaginary);
    // Of a pair with one size, the one that turns less far is no less true; the first one counts.
    if (radius <= found.radius) continue;
    const rotation = radius === 0 ? 0 : Math.PI / 2 - asin(Math.max(-1, Math.min(1, real / radius)));
    found = { radius, rotation };
  }
  return found;
}

/** Second moments after a step with noise of this variance: M S M^T + variance n n^T. */
export function momentsAfter({ matrix, noise }: ModeMap, moments: Matrix, variance: number): Matrix {
  const next = matrix.mmul(moments).mmul(matrix.transpose());
  return variance === 0 ? next : next.add(noise.mmul(noise.transpose()).mul(variance));
}

/** Second moments that a step leaves as they are, S = M S M^T + variance n n^T; NaN where deviations do not shrink. */
export function stationaryMoments(map: ModeMap, variance: number): Matrix {
  const { matrix, noise } = map;
  const n = matrix.rows;
  if (!(turningOf(map).radius < 1)) return Matrix.zeros(n, n).fill(Number.NaN);
  const both = matrix.kroneckerProduct(matrix);
  const source = noise.mmul(noise.transpose()).mul(variance).to1DArray();
  const solution = solve(Matrix.eye(n * n).sub(both), Matrix.columnVector(source));
  return Matrix.from1DArray(n, n, solution.to1DArray());
}
