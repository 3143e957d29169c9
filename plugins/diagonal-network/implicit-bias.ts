// Observer: which of the predictors that fit its samples a diagonal linear network comes to, beside what theory says.
import { defineObserver, EigenflowError, elementary, observer, type RunView, scalar } from 'eigenflow';
import { type DiagonalNetwork, isDiagonalNetwork } from './diagonal-linear-network.js';
import { flowLimit, leastSquares } from './flow-limit.js';
import { leastSum } from './least-sum.js';

const sumOf = (w: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += Math.abs(w[i]);
  return sum;
};

/** |a - b|, b = 0 where it is left out. */
const distance = (a: ArrayLike<number>, b?: ArrayLike<number>) => {
  let square = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i] - (b === undefined ? 0 : b[i]);
    square += difference * difference;
  }
  return Math.sqrt(square);
};

/** The sum of squared derivatives of w_i by its two weights: the tangent kernel is X diag(these) X^T. */
function kernelWeights(u: ArrayLike<number>, v: ArrayLike<number>, depth: number): Float64Array {
  const square = (base: number) => {
    let value = depth;
    for (let factor = 1; factor < depth; factor++) value *= base;
    return value * value;
  };
  return Float64Array.from(u, (base, i) => square(base) + square(v[i]));
}

/** |K|_F for K = X diag(weights) X^T. */
function kernelNorm({ x, inputs, samples }: DiagonalNetwork['diagonal'], weights: Float64Array): number {
  const row = new Float64Array(inputs);
  let square = 0;
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < inputs; i++) row[i] = weights[i] * x[s * inputs + i];
    for (let t = 0; t <= s; t++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += row[i] * x[t * inputs + i];
      square += (t === s ? 1 : 2) * sum * sum;
    }
  }
  return Math.sqrt(square);
}

/**
 * The geometric mean over the elements of what gradient flow keeps, in units of alpha: sqrt(u v)/alpha for D = 2, otherwise
 * the mean of (u/alpha)^(2-D) and (v/alpha)^(2-D), to the power 1/(2-D).
 */
function keptScale(theta: Float64Array, inputs: number, depth: number, alpha: number): number {
  let sum = 0;
  for (let i = 0; i < inputs; i++) {
    const [u, v] = [Math.abs(theta[i] / alpha), Math.abs(theta[inputs + i] / alpha)];
    if (depth === 2) {
      sum += elementary.log(u * v) / 2;
      continue;
    }
    const inverse = (base: number) => Array.from({ length: depth - 2 }, () => 1 / base).reduce((a, b) => a * b, 1);
    sum += elementary.log((inverse(u) + inverse(v)) / 2) / (2 - depth);
  }
  return elementary.exp(sum / inputs);
}

/** What the predictor is compared with. */
interface References {
  readonly limit: Float64Array;
  /** u, then v, at the end of the flow. */
  readonly weights: Float64Array;
  readonly leastSum: Float64Array;
  readonly leastSquares: Float64Array;
}

function referencesOf({ diagonal }: DiagonalNetwork): References {
  if (diagonal.samples > diagonal.inputs) {
    const message = `needs a choice between predictors: ${diagonal.samples} samples leave none of ${diagonal.inputs} weights; use fewer samples than inputs`;
    throw new EigenflowError('component', 'observers', `implicit-bias ${message}`);
  }
  try {
    const { w, u, v } = flowLimit(diagonal, diagonal.depth, diagonal.initialScale);
    return {
      limit: w,
      weights: Float64Array.from([...u, ...v]),
      leastSum: leastSum(diagonal),
      leastSquares: leastSquares(diagonal),
    };
  } catch (error) {
    const message = `implicit-bias finds no end of the flow (${(error as Error).message}); use samples that are independent, or another initial scale`;
    throw new EigenflowError('component', 'observers', message);
  }
}

const requireDiagonal = ({ model }: RunView): DiagonalNetwork => {
  if (isDiagonalNetwork(model)) return model;
  throw new EigenflowError('component', 'observers', 'implicit-bias needs the model diagonal-linear-network');
};

/**
 * With w = u^D - v^D as it stands, w_1 and w_2 the predictors of least |w|_1 and |w|_2 among those with X w = y, w* the
 * truth (where it is known), and w_Q the end of gradient flow (`flow-limit.ts`), which minimises the potential Q_alpha:
 *
 *     residual         |X w - y|/|y|
 *     excessL1         |w|_1 - |w_1|_1                    limitExcessL1         of w_Q
 *     excessL2         |w|_2 - |w_2|_2                    limitExcessL2
 *     populationError  |w - w*|_2^2, the mean squared error on fresh noiseless inputs       limitPopulationError
 *     movement         |theta - theta_0|/|theta_0|        limitMovement
 *     kernelDrift      |K - K_0|_F/|K_0|_F, K = D^2 X diag(u^(2D-2) + v^(2D-2)) X^T         limitKernelDrift
 *     scale            what gradient flow keeps, over its value at the start: sqrt(u v)/alpha for D = 2, and
 *                      [(u^(2-D) + v^(2-D))/2]^(1/(2-D))/alpha above; geometric mean over the elements
 *     toLimit, toLeastL1, toLeastL2                       |w - w'|/|w'| for w' = w_Q, w_1, w_2
 *
 * The three predictors are computed once, when the run begins (some tenths of a second for 100 samples in 1000
 * dimensions). Steps that are not small, noise and runs that end early make the difference between w and w_Q. `scale` tells
 * how: steps of any size and noise of any kind lessen it, as if the network had begun nearer to the rich regime.
 *
 * Throws EigenflowError `component` for any other model, with more samples than inputs, and where samples depend on each
 * other. Source: arXiv:2002.09277; the end for u and v is derived.
 */
export const implicitBias = defineObserver({
  name: 'implicit-bias',
  summary: 'Norms and errors of the predictor of a diagonal linear network, beside those at the end of gradient flow',
  params: {},
  cite: ['arXiv:2002.09277'],
  create(_params, { arena, run }) {
    const model = requireDiagonal(run);
    const { diagonal } = model;
    const { inputs, samples, y, x, depth, truth } = diagonal;
    const references = referencesOf(model);
    const [sum, root] = [sumOf(references.leastSum), distance(references.leastSquares)];
    const w = arena.vector(inputs);
    const start = run.theta.slice();
    const startKernel = kernelWeights(start.subarray(0, inputs), start.subarray(inputs), depth);
    const startNorm = kernelNorm(diagonal, startKernel);

    const errorOf = (predictor: ArrayLike<number>) => {
      const error = truth === undefined ? Number.NaN : distance(predictor, truth);
      return error * error;
    };
    const moved = (theta: Float64Array) => distance(theta, start) / distance(start);
    const drift = (theta: Float64Array) => {
      const now = kernelWeights(theta.subarray(0, inputs), theta.subarray(inputs), depth);
      return (
        kernelNorm(
          diagonal,
          now.map((each, i) => each - startKernel[i]),
        ) / startNorm
      );
    };
    const relative = (to: Float64Array) => distance(w, to) / distance(to);
    const limit = {
      excessL1: sumOf(references.limit) - sum,
      excessL2: distance(references.limit) - root,
      populationError: errorOf(references.limit),
      movement: moved(references.weights),
      kernelDrift: drift(references.weights),
    };

    return observer({
      channels: {
        residual: scalar('1', '|X w - y|/|y|, the part of the targets that is not fitted', { label: 'residual' }),
        excessL1: scalar('1', '|w|_1 above the least of all that fit', { label: 'excess l1 norm' }),
        excessL2: scalar('1', '|w|_2 above the least of all that fit', { label: 'excess l2 norm' }),
        populationError: scalar('1', '|w - w*|^2, NaN where w* is not known', { label: 'population error' }),
        movement: scalar('1', '|theta - theta_0|/|theta_0|', { label: 'relative movement of the weights' }),
        kernelDrift: scalar('1', '|K - K_0|/|K_0| of the tangent kernel', { label: 'relative change of the kernel' }),
        scale: scalar('1', 'what gradient flow keeps, over its value at the start', {
          label: 'effective initial scale',
        }),
        toLimit: scalar('1', '|w - w_Q|/|w_Q|, w_Q the end of gradient flow', { label: 'distance to argmin Q' }),
        toLeastL1: scalar('1', '|w - w_1|/|w_1|, w_1 of least |w|_1', { label: 'distance to least l1' }),
        toLeastL2: scalar('1', '|w - w_2|/|w_2|, w_2 of least |w|_2', { label: 'distance to least l2' }),
        limitExcessL1: scalar('1', 'excessL1 at the end of gradient flow, theory', {
          label: 'excess l1 norm of argmin Q',
        }),
        limitExcessL2: scalar('1', 'excessL2 at the end of gradient flow, theory', {
          label: 'excess l2 norm of argmin Q',
        }),
        limitPopulationError: scalar('1', 'populationError at the end of gradient flow, theory', {
          label: 'population error of argmin Q',
        }),
        limitMovement: scalar('1', 'movement at the end of gradient flow, theory', { label: 'movement at argmin Q' }),
        limitKernelDrift: scalar('1', 'kernelDrift at the end of gradient flow, theory', {
          label: 'change of the kernel at argmin Q',
        }),
      },
      observe(frame) {
        diagonal.predictor(run.theta, w);
        let missed = 0;
        for (let s = 0; s < samples; s++) {
          let error = -y[s];
          for (let i = 0; i < inputs; i++) error += x[s * inputs + i] * w[i];
          missed += error * error;
        }
        frame.residual[0] = Math.sqrt(missed) / distance(y);
        frame.excessL1[0] = sumOf(w) - sum;
        frame.excessL2[0] = distance(w) - root;
        frame.populationError[0] = errorOf(w);
        frame.movement[0] = moved(run.theta);
        frame.kernelDrift[0] = drift(run.theta);
        frame.scale[0] = keptScale(run.theta, inputs, depth, diagonal.initialScale);
        frame.toLimit[0] = relative(references.limit);
        frame.toLeastL1[0] = relative(references.leastSum);
        frame.toLeastL2[0] = relative(references.leastSquares);
        frame.limitExcessL1[0] = limit.excessL1;
        frame.limitExcessL2[0] = limit.excessL2;
        frame.limitPopulationError[0] = limit.populationError;
        frame.limitMovement[0] = limit.movement;
        frame.limitKernelDrift[0] = limit.kernelDrift;
      },
    });
  },
});
