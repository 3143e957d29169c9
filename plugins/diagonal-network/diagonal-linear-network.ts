// Model: a diagonal linear network, the smallest one whose training goes from the kernel regime to the rich one as its
// initial scale goes to zero. A linear predictor whose weights are differences of powers of the trained ones.
import { choice, defineModel, type Environment, integer, type Model, number, power, type Vector } from 'eigenflow';
import { openRegression, type Regression, regressionParameters } from './regression.js';

const params = {
  depth: integer({ doc: 'D in w = u^D - v^D', unit: '1', default: 2, min: 2 }),
  initialScale: number({
    doc: 'value of every initial weight (alpha), or of its power: large, kernel regime; small, rich regime',
    unit: '1',
    default: 0.1,
    above: 0,
  }),
  scaleOf: choice({
    doc:
      'what initialScale is. weights: alpha; powers: alpha^D, where u^D and v^D start, by which networks of different ' +
      'depth can be compared',
    values: ['weights', 'powers'],
    default: 'weights',
  }),
  ...regressionParameters,
} as const;

export interface DiagonalNetwork extends Model {
  readonly diagonal: Regression & {
    readonly depth: number;
    /** alpha */
    readonly initialScale: number;
    /** w = u^D - v^D at theta, into `out` (inputs). */
    predictor(theta: Vector, out: Vector): void;
  };
}

export const isDiagonalNetwork = (model: Model): model is DiagonalNetwork => 'diagonal' in model;

type Product = (a: Vector, b: Vector, out: Vector) => void;

/**
 * out = a b, element by element, vectors of `length`; out may be b. Half the mean square of samples with one output and
 * the target 0 leaves the weight of each times its output: a kernel that a tape can hold.
 */
function createProduct(length: number, { arena, kernels }: Environment): Product {
  const [zeros, sum] = [arena.vector(length), arena.vector(1)];
  return (a, b, out) => kernels.halfMeanSquare(b, zeros, a, length, 1, out, sum);
}

/** Halves of vectors of the size of theta, cut once each: a view is an allocation, and steps may not allocate. */
function createHalves(length: number): (flat: Vector) => readonly [Vector, Vector] {
  const cut = new WeakMap<Vector, readonly [Vector, Vector]>();
  return (flat) => {
    let halves = cut.get(flat);
    if (!halves) {
      halves = [flat.subarray(0, length), flat.subarray(length, 2 * length)];
      cut.set(flat, halves);
    }
    return halves;
  };
}

/**
 * out(x) = w . x with w_i = u_i^D - v_i^D, trained in u and v (1 x d each), which both start at alpha in every element, so
 * that w starts at 0. The targets are those of a regression with d inputs and, in the setting that is meant, fewer
 * samples: which of the weights that fit them is found is up to alpha and D.
 *
 * Drawn data: x ~ N(0, 1_d), y = w* . x + labelNoise e, w* with `nonzero` elements of 1/sqrt(nonzero).
 *
 * Source: arXiv:2002.09277. With another factor of the loss (sum or mean over samples) paths are the same, and learning
 * time is longer or shorter.
 */
export const diagonalLinearNetwork = defineModel({
  name: 'diagonal-linear-network',
  summary: 'Diagonal linear network w = u^D - v^D on a sparse regression, from the kernel to the rich regime',
  params,
  cite: ['arXiv:2002.09277'],
  kernelsOnly: true,
  create(params, environment): DiagonalNetwork {
    const { kernels, arena } = environment;
    const { depth } = params;
    const initialScale = params.scaleOf === 'weights' ? params.initialScale : power(params.initialScale, 1 / depth);
    const regression = openRegression(params, environment);
    const { inputs, samples, x, y, truth } = regression;
    const product = createProduct(inputs, environment);
    const halves = createHalves(inputs);
    /** base^(D - 1), into `out` (inputs). */
    const lowered = (base: Vector, out: Vector) => {
      kernels.copy(base, inputs, out);
      for (let factor = 2; factor < depth; factor++) product(base, out, out);
    };
    const term = arena.vector(inputs);
    /** w = u^D - v^D, with u^(D-1) and v^(D-1) into `powers`. */
    const predictor = (theta: Vector, powers: readonly [Vector, Vector], out: Vector) => {
      const [u, v] = halves(theta);
      lowered(u, powers[0]);
      lowered(v, powers[1]);
      product(u, powers[0], out);
      product(v, powers[1], term);
      kernels.axpy(-1, term, inputs, out);
    };
    const predictorPowers = [arena.vector(inputs), arena.vector(inputs)] as const;

    return {
      layout: ['u', 'v'].map((name, i) => ({ name, rows: 1, cols: inputs, offset: i * inputs })),
      size: 2 * inputs,
      outputs: 1,
      task: 'regression',
      samples,
      initialise: (theta) => theta.fill(initialScale),
      withoutHeldOut: 'its error on fresh inputs is known in closed form: observe implicit-bias, populationError',
      ...(truth && {
        targetWeights(out: Vector) {
          for (let i = 0; i < inputs; i++) {
            out[i] = power(Math.max(0, truth[i]), 1 / depth);
            out[inputs + i] = power(Math.max(0, -truth[i]), 1 / depth);
          }
        },
      }),
      diagonal: {
        ...regression,
        depth,
        initialScale,
        predictor: (theta, out) => predictor(theta, predictorPowers, out),
      },
      open(capacity) {
        const powers = [arena.vector(inputs), arena.vector(inputs)] as const;
        const w = arena.vector(inputs);
        /** Gradient with respect to w, and its change along a direction. */
        const [slope, slopeChange] = [arena.vector(inputs), arena.vector(inputs)];
        const change = arena.vector(inputs);
        const rows = arena.vector(capacity * inputs);
        return {
          forward(theta, batch, n, out) {
            predictor(theta, powers, w);
            kernels.dense(w, 1, inputs, x, batch, n, out);
          },
          targets: (batch, n, out) => kernels.gather(y, 1, batch, n, out),
          backward(_theta, batch, n, dOut, gradient) {
            kernels.outer(dOut, 1, x, inputs, batch, n, slope);
            const [du, dv] = halves(gradient);
            product(powers[0], slope, du);
            product(powers[1], slope, dv);
            kernels.scale(depth, du, inputs);
            kernels.scale(-depth, dv, inputs);
          },
          hessianVector: {
            outputs(_theta, direction, batch, n, out) {
              const [du, dv] = halves(direction);
              product(powers[0], du, change);
              product(powers[1], dv, term);
              kernels.axpy(-1, term, inputs, change);
              kernels.scale(depth, change, inputs);
              kernels.dense(change, 1, inputs, x, batch, n, out);
            },
            gradient(theta, direction, batch, n, dOut, dOutChange, out) {
              kernels.outer(dOut, 1, x, inputs, batch, n, slope);
              kernels.outer(dOutChange, 1, x, inputs, batch, n, slopeChange);
              halves(out).forEach((into, i) => {
                const sign = i === 0 ? 1 : -1;
                product(powers[i], slopeChange, into);
                kernels.scale(sign * depth, into, inputs);
                // (D - 1) u^(D-2) du times the slope: the derivative of u^(D-1).
                kernels.copy(halves(direction)[i], inputs, term);
                for (let factor = 2; factor < depth; factor++) product(halves(theta)[i], term, term);
                product(slope, term, term);
                kernels.axpy(sign * depth * (depth - 1), term, inputs, into);
              });
            },
          },
          sampleGradients: {
            factors(_theta, batch, n, dOut, { name }, left, right) {
              kernels.copy(dOut, n, left);
              kernels.gather(x, inputs, batch, n, rows);
              const sign = name === 'u' ? depth : -depth;
              const raised = powers[name === 'u' ? 0 : 1];
              for (let s = 0; s < n; s++) {
                for (let i = 0; i < inputs; i++) right[s * inputs + i] = sign * raised[i] * rows[s * inputs + i];
              }
            },
          },
        };
      },
    };
  },
});
