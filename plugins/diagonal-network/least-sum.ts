// The predictor of least |w|_1 among those that fit all samples (basis pursuit), by a primal-dual interior-point method.
import type { Vector } from 'eigenflow';
import { apply, applyTransposed, leastSquares, solveWeighted } from './flow-limit.js';
import type { Regression } from './regression.js';

/** Duality gap over |w|_1 at which it ends, and that at which the answer still counts. */
const ENOUGH = 1e-12;
const ACCEPTED = 1e-8;
const MOST_ITERATIONS = 200;
/** By how much a step aims to lessen the mean product of a variable and its slack. */
const CENTRING = 0.1;
/** Where fewer elements than samples are left, their matrix loses its rank: what is added to it, relative to its largest. */
const RIDGE = 1e-14;
/** Of the way to the boundary. */
const SHARE = 0.99;

/** The longest step, 1 at most, that keeps all values above 0. */
function longest(values: Float64Array, steps: Float64Array): number {
  let length = 1;
  for (let i = 0; i < values.length; i++) {
    if (steps[i] < 0) length = Math.min(length, (-SHARE * values[i]) / steps[i]);
  }
  return length;
}

function dot(a: ArrayLike<number>, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * w = p - q with p, q >= 0 and X (p - q) = y of least sum of p + q; its dual is the largest nu . y with slacks
 * a = 1 - X^T nu and b = 1 + X^T nu >= 0. Newton steps on p a = q b = mu with mu going to 0 (Wright 1997, Primal-dual
 * interior-point methods, doi:10.1137/1.9781611971453). That nu . y comes to |w|_1 proves the answer.
 *
 * @returns inputs
 * @throws Error where samples depend on each other, or the gap does not close
 */
export function leastSum(regression: Regression): Float64Array {
  const { inputs, samples, y } = regression;
  const start = leastSquares(regression);
  const middle = start.reduce((sum, each) => sum + Math.abs(each), 0) / inputs || 1;
  const [p, q] = [1, -1].map((sign) => start.map((each) => Math.max(0, sign * each) + middle));
  const [a, b] = [0, 1].map(() => new Float64Array(inputs).fill(1));
  const nu = new Float64Array(samples);
  const [weights, aimed, w] = [0, 1, 2].map(() => new Float64Array(inputs));
  const [dp, dq, da, db] = [0, 1, 2, 3].map(() => new Float64Array(inputs));
  const fitted = new Float64Array(samples);

  let gap = Number.POSITIVE_INFINITY;
  let best: Float64Array | undefined;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    let mean = 0;
    for (let i = 0; i < inputs; i++) mean += p[i] * a[i] + q[i] * b[i];
    const mu = (CENTRING * mean) / (2 * inputs);
    for (let i = 0; i < inputs; i++) {
      weights[i] = p[i] / a[i] + q[i] / b[i];
      aimed[i] = mu / a[i] - mu / b[i];
    }
    apply(regression, aimed, fitted);
    const move = solveWeighted(
      regression,
      weights,
      y.map((each, s) => each - fitted[s]),
      RIDGE,
    );
    if (move === undefined) break;
    applyTransposed(regression, move, db);
    for (let i = 0; i < inputs; i++) {
      da[i] = -db[i];
      dp[i] = mu / a[i] - p[i] + (p[i] / a[i]) * db[i];
      dq[i] = mu / b[i] - q[i] - (q[i] / b[i]) * db[i];
    }
    const primal = Math.min(longest(p, dp), longest(q, dq));
    const dual = Math.min(longest(a, da), longest(b, db));
    for (let i = 0; i < inputs; i++) {
      p[i] += primal * dp[i];
      q[i] += primal * dq[i];
      a[i] += dual * da[i];
      b[i] += dual * db[i];
      w[i] = p[i] - q[i];
    }
    for (let s = 0; s < samples; s++) nu[s] += dual * move[s];

    apply(regression, w, fitted);
    const sum = w.reduce((total, each) => total + Math.abs(each), 0);
    const misfit = fitted.reduce((total, each, s) => total + Math.abs(each - y[s]), 0);
    const open = Math.abs(sum - dot(nu, y)) + misfit;
    const isLess = open < gap * sum;
    // At the end of the digits, or beyond them.
    if (!isLess && (gap < ACCEPTED || !Number.isFinite(open))) break;
    if (!isLess) continue;
    gap = open / sum;
    best = w.slice();
    if (gap < ENOUGH) break;
  }
  if (best === undefined || gap > ACCEPTED) throw new Error(`the duality gap stays at ${gap} of |w|_1`);
  return best;
}
