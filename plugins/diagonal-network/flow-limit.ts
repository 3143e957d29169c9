// Where gradient flow of a diagonal linear network ends, for any depth and initial scale: by Newton's method on the dual of
// the convex problem that the implicit bias is.
import { elementary } from 'eigenflow';
import { CholeskyDecomposition, Matrix } from 'eigenflow/theory';
import type { Regression } from './regression.js';

const { exp, expm1, log1p } = elementary;

/** The end of the flow: a predictor w that fits all samples, and the weights u and v that make it; `inputs` each. */
export interface FlowLimit {
  readonly w: Float64Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
}

/** How w and the weights follow from z = X^T nu, element by element. */
interface Link {
  /** w = scale h(z) */
  readonly scale: number;
  /** z lies within +-bound. */
  readonly bound: number;
  /** The farthest that an element of z may go in one iteration, where it stands at `z`. */
  readonly reach: (z: number, direction: number) => number;
  readonly h: (z: number) => number;
  readonly slope: (z: number) => number;
  /** u; v is that of -z. */
  readonly weight: (z: number) => number;
}

/** Without the loss of digits that (1 - z)^-p - (1 + z)^-p has at small z. */
function linkOf(depth: number, alpha: number): Link {
  let scale = alpha;
  for (let factor = 1; factor < depth; factor++) scale *= alpha;
  if (depth === 2) {
    return {
      scale,
      bound: Number.POSITIVE_INFINITY,
      // h grows like exp: a tenfold or so.
      reach: () => 3,
      h: (z) => expm1(z) - expm1(-z),
      slope: (z) => exp(z) + exp(-z),
      weight: (z) => alpha * exp(z / 2),
    };
  }
  const p = depth / (depth - 2);
  const raised = (z: number, exponent: number) => exp(-exponent * log1p(-z));
  const less = (z: number) => expm1(-p * log1p(-z));
  return {
    scale,
    bound: 1,
    reach: (z, direction) => 0.9 * (direction > 0 ? 1 - z : 1 + z),
    h: (z) => less(z) - less(-z),
    slope: (z) => p * (raised(z, p + 1) + raised(-z, p + 1)),
    weight: (z) => alpha * raised(z, 1 / (depth - 2)),
  };
}

const norm = (values: ArrayLike<number>) => {
  let square = 0;
  for (let i = 0; i < values.length; i++) square += values[i] * values[i];
  return Math.sqrt(square);
};

/** X w into `out`, samples. */
export function apply({ x, inputs, samples }: Regression, w: ArrayLike<number>, out: Float64Array): void {
  for (let s = 0; s < samples; s++) {
    let sum = 0;
    for (let i = 0; i < inputs; i++) sum += x[s * inputs + i] * w[i];
    out[s] = sum;
  }
}

/** X^T nu into `out`, inputs. */
export function applyTransposed({ x, inputs, samples }: Regression, nu: ArrayLike<number>, out: Float64Array): void {
  out.fill(0);
  for (let s = 0; s < samples; s++) for (let i = 0; i < inputs; i++) out[i] += x[s * inputs + i] * nu[s];
}

/**
 * Solves X diag(weights) X^T nu = right.
 *
 * @param ridge this part of the largest diagonal element is added to all of them
 * @returns samples; undefined where the matrix is not positive definite in doubles
 */
export function solveWeighted(
  { x, inputs, samples }: Regression,
  weights: ArrayLike<number>,
  right: ArrayLike<number>,
  ridge = 0,
): Float64Array | undefined {
  const system = new Matrix(samples, samples);
  const row = new Float64Array(inputs);
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < inputs; i++) row[i] = weights[i] * x[s * inputs + i];
    for (let t = 0; t <= s; t++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += row[i] * x[t * inputs + i];
      system.set(s, t, sum);
      system.set(t, s, sum);
    }
  }
  if (ridge > 0) {
    const added = ridge * Math.max(...system.diagonal());
    for (let s = 0; s < samples; s++) system.set(s, s, system.get(s, s) + added);
  }
  const factor = new CholeskyDecomposition(system);
  if (!factor.isPositiveDefinite()) return undefined;
  return Float64Array.from(factor.solve(Matrix.columnVector([...Array.from(right)])).to1DArray());
}

/** Residual of X w = y over |y| that counts as solved. */
const SOLVED = 1e-9;
const PRECISION = 1e-14;
const DEPENDENT = 'samples depend on each other';
const MOST_ITERATIONS = 500;
const MOST_HALVINGS = 60;

/**
 * The limit of gradient flow on any loss whose gradient lies in the span of the samples and that reaches X w = y. With
 * z = X^T nu the flow never leaves w = alpha^D h_D(z), because u and v are functions of the time integral of the gradient
 * with respect to w:
 *
 *     D = 2:  h = 2 sinh z,                                        u = alpha exp(z/2)
 *     D > 2:  h = (1 - z)^(-D/(D-2)) - (1 + z)^(-D/(D-2)),         u = alpha (1 - z)^(-1/(D-2))
 *
 * and v is u at -z. The nu at which X w = y is where the convex function alpha^D sum_i H(z_i) - nu . y, H' = h, has its
 * minimum; w then minimises the potential Q of arXiv:2002.09277 among all w that fit. Damped Newton steps, none of which
 * carries an element of z farther than h grows tenfold or so.
 *
 * @throws Error where there are samples that no weights fit, or the limit cannot be had in doubles
 */
export function flowLimit(regression: Regression, depth: number, alpha: number): FlowLimit {
  const { inputs, samples, y } = regression;
  const link = linkOf(depth, alpha);
  const z = new Float64Array(inputs);
  const w = new Float64Array(inputs);
  const fitted = new Float64Array(samples);
  const residual = Float64Array.from(y);
  const step = new Float64Array(inputs);
  const slopes = new Float64Array(inputs);
  const trial = new Float64Array(inputs);
  const size = norm(y) || 1;
  let error = norm(residual);

  /** w, and the residual y - X w, at z. */
  const evaluate = (at: Float64Array) => {
    for (let i = 0; i < inputs; i++) w[i] = link.scale * link.h(at[i]);
    apply(regression, w, fitted);
    for (let s = 0; s < samples; s++) residual[s] = y[s] - fitted[s];
  };

  for (let iteration = 0; iteration < MOST_ITERATIONS && error > PRECISION * size; iteration++) {
    for (let i = 0; i < inputs; i++) slopes[i] = link.scale * link.slope(z[i]);
    const direction = solveWeighted(regression, slopes, residual);
    if (direction === undefined) throw new Error(DEPENDENT);
    applyTransposed(regression, direction, step);
    let length = 1;
    for (let i = 0; i < inputs; i++) {
      if (step[i] !== 0) length = Math.min(length, link.reach(z[i], step[i]) / Math.abs(step[i]));
    }
    const earlier = error;
    let halvings = 0;
    for (; halvings < MOST_HALVINGS; halvings++, length /= 2) {
      for (let i = 0; i < inputs; i++) trial[i] = z[i] + length * step[i];
      evaluate(trial);
      error = norm(residual);
      // Still downhill along the direction: the convex function has fallen all the way.
      const ahead = direction.reduce((sum, d, s) => sum + d * residual[s], 0);
      if (error < earlier || (Number.isFinite(ahead) && ahead >= 0)) break;
    }
    if (halvings === MOST_HALVINGS) break;
    z.set(trial);
    // Newton steps that no longer halve the residual are at the end of the digits.
    if (error <= SOLVED * size && error > earlier / 2) break;
  }
  evaluate(z);
  error = norm(residual);
  if (!(error <= SOLVED * size)) throw new Error(`X w = y is left with the relative error ${error / size}`);
  return { w: w.slice(), u: z.map(link.weight), v: z.map((each) => link.weight(-each)) };
}

/** w of least |w|_2 among those that fit. @throws Error where samples depend on each other */
export function leastSquares(regression: Regression): Float64Array {
  const nu = solveWeighted(regression, new Float64Array(regression.inputs).fill(1), regression.y);
  if (nu === undefined) throw new Error(DEPENDENT);
  const w = new Float64Array(regression.inputs);
  applyTransposed(regression, nu, w);
  return w;
}
