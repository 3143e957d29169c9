// Model: a network of seven weights learns a noisy bump, and starts at the minimum of its loss: the smallest non-linear
// regression on which stationary states out of equilibrium can be looked at.
import {
  choice,
  createLayer,
  createTrainedNetwork,
  defineModel,
  EigenflowError,
  elementary,
  type Indices,
  integer,
  type Loss,
  type Model,
  type NetworkSamples,
  number,
  openNetworkPass,
  rememberAddress,
  type Vector,
} from 'eigenflow';
import { openLandscape } from './theory/landscape.js';
import { findMinimum } from './theory/minimum.js';

const HIDDEN = 2;
const SIZE = 3 * HIDDEN + 1;
/** tanh(x + a) - tanh(x - a), about: the start of the search for the minimum. */
const GUESS = [1.25, 1.25, 0.6, -0.6, 0.9, -0.9, 0];

const params = {
  samples: integer({ doc: 'inputs, evenly spaced', unit: 'samples', default: 200, min: SIZE }),
  range: number({ doc: 'inputs lie between -range, included, and range', unit: 'input', default: 3, above: 0 }),
  noise: number({ doc: 'standard deviation of the noise on the targets', unit: 'output', default: 0.1, min: 0 }),
  ridge: number({
    doc:
      'weight decay lambda whose ridge lambda/2 |weights|^2 belongs to the loss at whose minimum training starts: ' +
      'that of the optimiser',
    unit: '1',
    default: 0.001,
    min: 0,
  }),
  data: choice({
    doc:
      'who shares the targets. per-seed: every seed draws its own, and has a minimum of its own; shared: all seeds ' +
      'have the same, so that they differ in their batches alone',
    values: ['per-seed', 'shared'],
    default: 'per-seed',
  }),
  initial: number({
    doc: 'first weights: standard deviation of normal numbers that are added to those of the minimum',
    unit: '1',
    default: 0,
    min: 0,
  }),
} as const;

/** Half the squared distance, for the search alone; `half-mean-square` as a run has it is another plugin's. */
const halfSquare: Loss = {
  open: () => ({
    valueAndGradient(out, target, weights, n, dOut, value) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const error = out[i] - target[i];
        sum += (error * error) / 2;
        dOut[i] = weights[i] * error;
      }
      value[0] = sum / n;
    },
    curvature(_out, _target, weights, n, change, dOutChange) {
      for (let i = 0; i < n; i++) dOutChange[i] = weights[i] * change[i];
    },
  }),
};

/**
 *     f(x) = w5 tanh(w1 x + w3) + w6 tanh(w2 x + w4) + w7,   y = exp(-x^2) + noise n(0, 1)
 *
 * at x = -range + 2 range i/samples. Blocks W1 (2 x 1), b1 (2 x 1), W2 (1 x 2), b2 (1 x 1) hold w1 .. w7 in this order,
 * as `network` with two hidden tanh units has them. The first weights are the minimum of
 *
 *     1/2 mean (f - y)^2 + ridge/2 |w|^2
 *
 * found by Newton's method: so use the loss `half-mean-square` and `weightDecay` = ridge. With the posterior of a noise
 * s, L = N/(2 s^2) [mean (y - f)^2 + ridge |w|^2], a step of size eta on L is one of size eta N/s^2 here, and the
 * temperature of `sgld` for exp(-L) is s^2/N. Source of the task: arXiv:2306.03521; the noise is drawn for each seed.
 *
 * Throws EigenflowError `parameter` where Newton's method finds no strict minimum.
 */
export const bumpRegression = defineModel({
  name: 'bump-regression',
  summary: 'Two tanh units learn a noisy bump from the minimum of the loss on: seven weights',
  params,
  cite: ['arXiv:2306.03521'],
  kernelsOnly: true,
  create({ samples, range, noise, ridge, data: sharing, initial }, environment): Model {
    const { arena, kernels, random, common } = environment;
    const x = arena.vector(samples);
    const y = arena.vector(samples);
    (sharing === 'shared' ? common : random).child('noise').normals(0, y);
    for (let i = 0; i < samples; i++) {
      x[i] = -range + (2 * range * i) / samples;
      y[i] = elementary.exp(-x[i] * x[i]) + noise * y[i];
    }
    rememberAddress(x);
    const layout = [
      { name: 'W1', rows: HIDDEN, cols: 1, offset: 0 },
      { name: 'b1', rows: HIDDEN, cols: 1, offset: HIDDEN },
      { name: 'W2', rows: 1, cols: HIDDEN, offset: 2 * HIDDEN },
      { name: 'b2', rows: 1, cols: 1, offset: 3 * HIDDEN },
    ];
    const data: NetworkSamples = {
      shared: x,
      rows: (batch: Indices) => batch,
      targets: (batch: Indices, n: number, out: Vector) => kernels.gather(y, 1, batch, n, out),
    };
    const start = arena.vector(SIZE);
    const model: Model = {
      layout,
      size: SIZE,
      outputs: 1,
      task: 'regression',
      samples,
      initialise(theta) {
        theta.set(start);
      },
      open(capacity) {
        const [first, last] = [0, 1].map((l) => {
          const [rows, cols] = l === 0 ? [HIDDEN, 1] : [1, HIDDEN];
          const form = { activation: l === 0 ? 'tanh' : 'identity' } as const;
          const weights = arena.vector(rows * cols);
          return createLayer({ rows, cols }, weights, arena.vector(rows), l === 0 ? capacity : 0, arena, form);
        });
        const trained = layout.map((block, b) => ({
          block,
          layer: b < 2 ? first : last,
          part: b % 2 === 0 ? ('weights' as const) : ('bias' as const),
        }));
        return openNetworkPass(createTrainedNetwork(environment, [first], last, trained, capacity), data);
      },
      withoutHeldOut: 'bump-regression has none; take the model network for a task with a test part',
    };
    const landscape = openLandscape(model, halfSquare, ridge, arena, 'bump-regression');
    const minimum = findMinimum(landscape, GUESS);
    if (!minimum) {
      const remedy = 'take another seed, more samples or less noise';
      throw new EigenflowError('parameter', 'model', `the loss has no strict minimum near a bump: ${remedy}`);
    }
    if (initial > 0) random.child('initial').normals(0, start);
    for (let i = 0; i < SIZE; i++) start[i] = minimum.theta[i] + initial * start[i];
    return model;
  },
});
