// The model: a feed-forward network of any depth on data of one's own. What lies below the first trained block does not
// change, and is computed once.
import {
  createHiddenPass,
  createLayer,
  createTrainedNetwork,
  defineModel,
  EigenflowError,
  type Environment,
  type Indices,
  type Layer,
  type Model,
  type NetworkSamples,
  networkHeldOut,
  openNetworkPass,
  rememberAddress,
  type TrainedBlock,
  type TrainedNetwork,
  type Vector,
} from 'eigenflow';
import { type LayerPlan, planLayers, trainedBlocks } from './architecture.js';
import { DIGITS_CITATION } from './data/digits.js';
import { loadTask } from './data/load-task.js';
import type { Part } from './data/task-data.js';
import { drawInitial, type InitialLayer, outputsIn, readInitial } from './initial.js';
import { type NetworkParameters, params } from './parameters.js';
import { checkParametrisation, type LayerScales, scalesOf } from './parametrisation.js';

/** Samples per call when a data set goes through the layers that are not trained: bounds the memory in between. */
const CHUNK = 256;

function initialLayers(
  parameters: NetworkParameters,
  plan: readonly LayerPlan[],
  scales: readonly LayerScales[],
  environment: Environment,
): readonly InitialLayer[] {
  const { initial, initialWidth } = parameters;
  if (typeof initial === 'string') return drawInitial(initial, parameters, plan, scales, environment);
  if (initialWidth.length !== 1 || initialWidth[0] !== 1) {
    const message = 'has no effect: the first weights come from the file in model.initial. Leave it out';
    throw new EigenflowError('parameter', 'model.initialWidth', message);
  }
  return readInitial(initial, plan, environment);
}

interface Block {
  readonly name: string;
  readonly layer: number;
  readonly part: 'weights' | 'bias';
  readonly rows: number;
  readonly cols: number;
  readonly offset: number;
}

/** Trained blocks one after the other, from the inputs to the read-out; biases are one column. */
function layoutOf(trained: readonly string[], plan: readonly LayerPlan[]): readonly Block[] {
  let offset = 0;
  const blocks: Block[] = [];
  plan.forEach(({ number, rows, cols, hasBias }, layer) => {
    const add = (name: string, part: Block['part'], width: number) => {
      if (!trained.includes(name)) return;
      blocks.push({ name, layer, part, rows, cols: width, offset });
      offset += rows * width;
    };
    add(`W${number}`, 'weights', cols);
    if (hasBias) add(`b${number}`, 'bias', 1);
  });
  return blocks;
}

/**
 * With h_0 the inputs, f the activation, a and c the scales of the parametrisation, r the factor of residual layers:
 *
 *     z_l = a_l W_l h_(l-1) + c_l b_l
 *     h_l = f(z_l), or h_(l-1) + r f(z_l) where the input goes past the layer
 *
 * and outputs z_L of the last layer. Blocks are W1, b1, W2, b2, ..., matrices outputs x inputs and biases one column,
 * as far as they are trained. Sources: docs/own-data.md, "Parametrisations".
 */
export const network = defineModel({
  name: 'network',
  summary: 'Feed-forward network of any depth on data of your own, on digits, or on made-up data',
  params,
  cite: [
    DIGITS_CITATION,
    'doi:10.1162/neco.1994.6.1.147',
    'arXiv:1806.07572',
    'arXiv:1804.06561',
    'arXiv:2205.09653',
    'arXiv:2011.14522',
    'arXiv:2203.03466',
  ],
  kernelsOnly: true,
  create(parameters, environment): Model {
    const { arena, kernels } = environment;
    checkParametrisation(parameters);
    const { initial, hidden } = parameters;
    const hint = typeof initial === 'string' ? undefined : outputsIn(initial, hidden.length + 1);
    const task = loadTask(parameters, hint, environment);
    const plan = planLayers(parameters, task.inputs, task.outputs);
    const layout = layoutOf(trainedBlocks(parameters.trained, plan), plan);
    const scales = scalesOf(parameters, plan);
    const first = initialLayers(parameters, plan, scales, environment);
    const [{ layer: bottom }] = layout;
    const last = plan.length - 1;

    const layerOf = (l: number, capacity: number): Layer => {
      const { activation, branch, isReadOut } = plan[l];
      const { weightScale, biasScale } = scales[l];
      const form = { activation, branch, weightScale, biasScale };
      return createLayer(plan[l], first[l].weights, first[l].bias, isReadOut ? 0 : capacity, arena, form);
    };

    const networkFor = (capacity: number): TrainedNetwork => {
      const layers = plan.slice(bottom).map((_, i) => layerOf(bottom + i, capacity));
      const trained = layout.map((block): TrainedBlock => {
        return { block, layer: layers[block.layer - bottom], part: block.part };
      });
      return createTrainedNetwork(
        environment,
        layers.slice(0, last - bottom),
        layers[last - bottom],
        trained,
        capacity,
      );
    };

    const fixed = createHiddenPass(
      kernels,
      plan.slice(0, bottom).map((_, l) => layerOf(l, CHUNK)),
    );
    /** A part of the data in the arena, as the first layer with something trained reads it. */
    const tabulate = ({ samples, x, y }: Part) => {
      const { inputs, outputs } = task;
      const targets = arena.vector(samples * outputs);
      targets.set(y);
      const given = arena.vector((bottom === 0 ? samples : Math.min(samples, CHUNK)) * inputs);
      if (bottom === 0) given.set(x);
      const shared = bottom === 0 ? given : arena.vector(samples * plan[bottom].cols);
      for (let start = 0; bottom > 0 && start < samples; start += CHUNK) {
        const n = Math.min(CHUNK, samples - start);
        given.set(x.subarray(start * inputs, (start + n) * inputs));
        shared.set(fixed(given, null, n).subarray(0, n * plan[bottom].cols), start * plan[bottom].cols);
      }
      rememberAddress(shared);
      return { samples, shared, targets };
    };

    const train = tabulate(task.train);
    const data: NetworkSamples = {
      shared: train.shared,
      rows: (batch: Indices) => batch,
      targets: (batch: Indices, n: number, out: Vector) => kernels.gather(train.targets, task.outputs, batch, n, out),
    };
    const ratesOf = (kind: 'proportional' | 'normalised') =>
      layout.map(({ layer, part }) => scales[layer][part === 'bias' ? 'biasRate' : 'weightRate'][kind]);
    const learningRateFactors = { proportional: ratesOf('proportional'), normalised: ratesOf('normalised') };
    const isPlain = Object.values(learningRateFactors).every((factors) => factors.every((factor) => factor === 1));

    return {
      layout: layout.map(({ name, rows, cols, offset }) => ({ name, rows, cols, offset })),
      size: layout.reduce((size, { rows, cols }) => size + rows * cols, 0),
      outputs: task.outputs,
      task: task.task,
      ...(!isPlain && { learningRateFactors }),
      samples: task.train.samples,
      initialise(theta) {
        for (const { layer, part, offset } of layout) theta.set(first[layer][part] as Vector, offset);
      },
      open: (capacity) => openNetworkPass(networkFor(capacity), data),
      ...(task.test
        ? {
            heldOut: networkHeldOut(environment, networkFor(task.test.samples), {
              ...tabulate(task.test),
              leavesOut: task.leavesOut,
            }),
          }
        : { withoutHeldOut: task.missing }),
    };
  },
});
