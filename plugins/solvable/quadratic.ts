// Model: a quadratic loss of given curvatures, the smallest system on which descent, momentum and noise are solved mode
// by mode. Copies side by side make an ensemble of one run.
import {
  choice,
  defineModel,
  EigenflowError,
  integer,
  type Model,
  number,
  numbers,
  power,
  type Vector,
} from 'eigenflow';
import { drawBasis } from './orthogonal.js';

const params = {
  eigenvalues: numbers({
    doc: 'curvatures h_i of the loss; left out, they are a power law of `modes`, `largest` and `decay`',
    unit: 'loss',
    min: 0,
    optional: true,
  }),
  modes: integer({ doc: 'modes of the power law', unit: '1', default: 20, min: 1 }),
  largest: number({ doc: 'largest curvature of the power law', unit: 'loss', default: 1, above: 0 }),
  decay: number({ doc: 'a of the power law: h_i = largest i^-a, i = 1 .. modes', unit: '1', default: 1.5 }),
  minimum: numbers({
    doc: 'weights of least loss, one number for each mode or one for all of them',
    unit: '1',
    default: [0],
  }),
  initial: numbers({
    doc: 'first weights, one number for each mode or one for all of them; along the eigenvectors, as `minimum`',
    unit: '1',
    default: [0],
  }),
  initialWidth: number({
    doc: 'standard deviation of the normal number that is added to every first weight',
    unit: '1',
    default: 0,
    min: 0,
  }),
  basis: choice({
    doc: 'eigenvectors: the axes, or a random orthogonal basis, the same for all copies and seeds',
    values: ['axes', 'random'],
    default: 'axes',
  }),
  copies: integer({
    doc: 'independent systems side by side, the rows of the weight matrix; the loss is the sum over them',
    unit: '1',
    default: 1,
    min: 1,
  }),
} as const;

/** @throws EigenflowError `parameter` unless there is one number, or one for each mode */
function oneOrEach(given: readonly number[], modes: number, name: string): (mode: number) => number {
  if (given.length === 1) return () => given[0];
  if (given.length === modes) return (mode) => given[mode];
  throw new EigenflowError(
    'parameter',
    `model.${name}`,
    `${given.length} numbers for ${modes} modes; give one number, or one for each mode`,
  );
}

/**
 *     loss = 1/2 sum over copies c, modes i of h_i (q_ci - m_i)^2
 *
 * for the loss `half-mean-square`, q the components of the weights along the eigenvectors: the weight matrix is copies
 * x modes. There is one sample, whose outputs sqrt(h_i) q_ci have the targets sqrt(h_i) m_i, so everything that is
 * known of least squares holds. Gradients are exact; noise comes from a noise model, such as `gaussian-gradient`.
 * Copies are independent as long as their noise is, which makes an ensemble of one run at a fraction of the cost of
 * seeds.
 *
 * Derived; no published setting is meant. The defaults are 20 modes of a power law, started at the minimum.
 *
 * Throws EigenflowError `parameter` where `minimum` or `initial` has neither one number nor one for each mode.
 */
export const quadratic = defineModel({
  name: 'quadratic',
  summary: 'Quadratic loss with given curvatures, in copies side by side',
  params,
  cite: [],
  kernelsOnly: true,
  create(params, { arena, kernels, random, common }): Model {
    const { copies, initialWidth } = params;
    const curvatures =
      params.eigenvalues ??
      Array.from({ length: params.modes }, (_, i) => params.largest * power(i + 1, -params.decay));
    const modes = curvatures.length;
    const minimumOf = oneOrEach(params.minimum, modes, 'minimum');
    const initialOf = oneOrEach(params.initial, modes, 'initial');
    const size = copies * modes;
    const isRandom = params.basis === 'random';

    /** Rows are eigenvectors. */
    const basis = arena.vector(modes * modes);
    if (isRandom) drawBasis(common.child('basis'), modes, basis);
    else for (let i = 0; i < modes; i++) basis[i * modes + i] = 1;
    /** sqrt(h_i) times eigenvector i: outputs of a copy are this matrix times its weights. */
    const root = arena.vector(modes * modes);
    const roots = arena.vector(modes);
    for (let i = 0; i < modes; i++) {
      roots[i] = Math.sqrt(curvatures[i]);
      for (let k = 0; k < modes; k++) root[i * modes + k] = roots[i] * basis[i * modes + k];
    }
    /** Weights of which mode i of every copy has the value `of(i)`. */
    const fromModes = (of: (mode: number) => number, out: Vector) => {
      for (let k = 0; k < size; k++) {
        out[k] = 0;
        for (let i = 0; i < modes; i++) out[k] += of(i) * basis[i * modes + (k % modes)];
      }
    };
    const minimum = arena.vector(size);
    fromModes(minimumOf, minimum);
    const target = arena.vector(size);
    kernels.dense(root, modes, modes, minimum, null, copies, target);

    const zeros = arena.vector(modes);
    const unused = arena.vector(1);
    // Along the axes a single copy is a product element by element, which `halfMeanSquare` makes of weights and 0.
    const isElementwise = copies === 1 && !isRandom;
    const multiply: (x: Vector, out: Vector) => void = isElementwise
      ? (x, out) => kernels.halfMeanSquare(x, zeros, roots, modes, 1, out, unused)
      : (x, out) => kernels.dense(root, modes, modes, x, null, copies, out);
    const multiplyTransposed: typeof multiply = isElementwise
      ? multiply
      : (x, out) => kernels.denseTransposed(root, modes, modes, x, copies, out);

    return {
      layout: [{ name: 'W', rows: copies, cols: modes, offset: 0 }],
      size,
      outputs: size,
      samples: 1,
      task: 'regression',
      initialise(theta) {
        random.child('initial').normals(0, theta, size);
        for (let k = 0; k < size; k++) {
          const drawn = initialWidth * theta[k];
          let mean = 0;
          for (let i = 0; i < modes; i++) mean += initialOf(i) * basis[i * modes + (k % modes)];
          theta[k] = drawn + mean;
        }
      },
      targetWeights(out) {
        out.set(minimum);
      },
      open(capacity) {
        const upstream = arena.vector(size);
        const upstreamChange = arena.vector(size);
        const first = arena.indices(capacity);
        const ones = arena.vector(capacity).fill(1);
        const sumRows = (rows: Vector, n: number, out: Vector) => kernels.outer(ones, 1, rows, size, null, n, out);
        return {
          // A batch names the one sample as often as it is long.
          forward(theta, _batch, n, out) {
            multiply(theta, upstream);
            kernels.gather(upstream, size, first, n, out);
          },
          targets(_batch, n, out) {
            kernels.gather(target, size, first, n, out);
          },
          backward(_theta, _batch, n, dOut, gradient) {
            sumRows(dOut, n, upstream);
            multiplyTransposed(upstream, gradient);
          },
          hessianVector: {
            outputs(_theta, direction, _batch, n, out) {
              multiply(direction, upstreamChange);
              kernels.gather(upstreamChange, size, first, n, out);
            },
            gradient(_theta, _direction, _batch, n, _dOut, dOutChange, out) {
              sumRows(dOutChange, n, upstreamChange);
              multiplyTransposed(upstreamChange, out);
            },
          },
        };
      },
    };
  },
});
