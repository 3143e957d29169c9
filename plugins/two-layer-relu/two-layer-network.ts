// Model: a two-layer network in the variables of its phase diagram, weights of unit variance whatever the width.
import {
  choice,
  createLayer,
  createTrainedNetwork,
  defineModel,
  EigenflowError,
  flag,
  integer,
  type Model,
  type NetworkSamples,
  openNetworkPass,
  rememberAddress,
  type TrainedNetwork,
} from 'eigenflow';
import { type Scaling, scalingOf, scalingParams } from './scaling.js';
import { dataParameter, readTask, type Task } from './task.js';

const params = {
  width: integer({ doc: 'm, units of the hidden layer', unit: '1', default: 1000, min: 1 }),
  ...scalingParams,
  antisymmetric: flag({
    doc:
      'unit k + m/2 starts with the input weights of unit k and its output weight with the other sign, so that the ' +
      'network starts as 0 (arXiv:1905.07777); the width is even then',
    default: false,
  }),
  activation: choice({ doc: 'activation of the hidden layer', values: ['relu', 'tanh'], default: 'relu' }),
  data: dataParameter,
} as const;

/** Most that E f(z)^2 and E f'(z)^2 can be, in units of E z^2 and 1, for normal z: exact for relu, a bound for tanh. */
const GAIN = { relu: 1 / 2, tanh: 1 } as const;

/**
 * The unit of learning time, in which the largest curvature is of order 1 whatever the width and the exponents
 * (derived): the inverse of
 *
 *     R = kappa^2 m (kappa' + 1/kappa') gain mean_n |x_n|^2  +  kappa mean_n |y_n| |x_n|
 *
 * The first term is the trace of the tangent kernel at the start, divided by the number of samples: what limits a step
 * where weights hardly move. The second bounds how fast a network that starts near 0 leaves its saddle, which exceeds
 * the first where gamma > 1, and is the order of the curvature after it.
 */
function rateOf({ output, ratio }: Scaling, { samples, inputs, x, y }: Task, width: number, gain: number): number {
  let squares = 0;
  let products = 0;
  for (let s = 0; s < samples; s++) {
    const square = x.subarray(s * inputs, (s + 1) * inputs).reduce((sum, value) => sum + value * value, 0);
    squares += square / samples;
    products += (Math.abs(y[s]) * Math.sqrt(square)) / samples;
  }
  return output * output * width * (ratio + 1 / ratio) * gain * squares + output * products;
}

/**
 * f(x) = kappa sum_k a_k relu(w_k . x), k = 1 ... m, the last entry of x being 1; a_k and the entries of w_k start as
 * N(0, 1). Blocks are W (m x inputs) and a (1 x m), with learning rates kappa'/R and 1/(kappa' R), R as in `rateOf`:
 *
 *     dW/dt = -(kappa'/R) dL/dW,     da/dt = -(1/(kappa' R)) dL/da
 *
 * This is (1/alpha) sum_k a_k relu(w_k . x) with a_k ~ N(0, beta1^2), w_k ~ N(0, beta2^2) under gradient flow with one
 * rate for all weights, in units of beta1 for a, beta2 for w and beta1 beta2/R for time: the normalised flow of
 * arXiv:2007.07497 but for R. A learning rate of 0.5 or less is a small step everywhere on the phase diagram.
 *
 * Throws EigenflowError `parameter` for an odd width with `antisymmetric`, and as `scalingOf`; `arrays` as `readTask`.
 */
export const twoLayerNetwork = defineModel({
  name: 'two-layer-network',
  summary: 'Two-layer network by width and exponents of its initialisation, from the lazy to the condensed regime',
  params,
  cite: ['arXiv:2007.07497', 'arXiv:1905.07777'],
  kernelsOnly: true,
  create(parameters, environment): Model {
    const { arena, kernels, random } = environment;
    const { width, antisymmetric, activation } = parameters;
    if (antisymmetric && width % 2 === 1) {
      const message = `is ${width}, but an antisymmetric start pairs units; make it even, or antisymmetric false`;
      throw new EigenflowError('parameter', 'model.width', message);
    }
    const task = readTask(parameters.data);
    const { samples, inputs } = task;
    const scaling = scalingOf(parameters, width, inputs);
    const rate = rateOf(scaling, task, width, GAIN[activation]);

    const hidden = { name: 'W', rows: width, cols: inputs, offset: 0 };
    const readOut = { name: 'a', rows: 1, cols: width, offset: width * inputs };
    const size = width * (inputs + 1);
    const initial = arena.vector(size);
    const [first, second] = [initial.subarray(0, readOut.offset), initial.subarray(readOut.offset)];
    // Networks of different widths share no draws: a line through them would look straighter than it is.
    const stream = random.child('initial').child(String(width));
    stream.child('W').normals(0, first);
    stream.child('a').normals(0, second);
    if (antisymmetric) {
      first.copyWithin(first.length / 2, 0, first.length / 2);
      for (let k = 0; k < width / 2; k++) second[width / 2 + k] = -second[k];
    }

    const shared = arena.vector(samples * inputs);
    shared.set(task.x);
    rememberAddress(shared);
    const targets = arena.vector(samples);
    targets.set(task.y);
    const data: NetworkSamples = {
      shared,
      rows: (batch) => batch,
      targets: (batch, n, out) => kernels.gather(targets, 1, batch, n, out),
    };
    const networkFor = (capacity: number): TrainedNetwork => {
      const below = createLayer(hidden, first, null, capacity, arena, { activation });
      const above = createLayer(readOut, second, null, 0, arena, { weightScale: scaling.output });
      const trained = [
        { block: hidden, layer: below, part: 'weights' as const },
        { block: readOut, layer: above, part: 'weights' as const },
      ];
      return createTrainedNetwork(environment, [below], above, trained, capacity);
    };
    return {
      layout: [hidden, readOut],
      size,
      outputs: 1,
      task: 'regression',
      learningRateFactors: {
        proportional: [scaling.ratio / rate, 1 / (scaling.ratio * rate)],
        normalised: [1, 1],
      },
      samples,
      withoutHeldOut: 'the two-layer network has its training data only; the model network has a test part',
      initialise: (theta) => theta.set(initial),
      open: (capacity) => openNetworkPass(networkFor(capacity), data),
    };
  },
});
