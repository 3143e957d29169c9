// A model of which only the weights are known: what stands in a run's place when checkpoints of another program are
// replayed. It has no data; whatever asks for some learns that nothing was measured.
import type { NamedArrays } from '../../core/contracts/arrays.js';
import { defineModel, definePlugin } from '../../core/contracts/component.js';
import type { Block } from '../../core/contracts/model.js';
import { arrays, texts } from '../../core/contracts/parameters.js';

/** Rows and columns of an array as a weight matrix: trailing axes, such as those of a convolution, make up the columns. */
export function matrixShape(shape: readonly number[]): readonly [number, number] {
  return [shape[0], shape.slice(1).reduce((product, length) => product * length, 1)];
}

/** Blocks one after the other, called by the names of their arrays. */
export function layoutOf(layers: readonly string[], first: Pick<NamedArrays, 'get'>): readonly Block[] {
  let offset = 0;
  return layers.map((name) => {
    const [rows, cols] = matrixShape(first.get(name).shape);
    const block = { name, rows, cols, offset };
    offset += rows * cols;
    return block;
  });
}

/**
 * Initial weights are those of the checkpoint. Outputs, targets and gradients are NaN, the data one-pass: observers of the
 * weights work, those of the loss are refused or give NaN. Not for scenarios: such a run is never advanced.
 */
const recordedWeights = defineModel({
  name: 'recorded-weights',
  summary: 'Weights that were recorded elsewhere, without the model that they belong to',
  params: {
    layers: texts({ doc: 'names of the arrays that are weight matrices' }),
    checkpoint: arrays({ doc: 'the first checkpoint' }),
  },
  cite: [],
  create({ layers, checkpoint }) {
    const layout = layoutOf(layers, checkpoint);
    return {
      layout,
      size: layout.reduce((size, { rows, cols }) => size + rows * cols, 0),
      outputs: 1,
      samples: Number.POSITIVE_INFINITY,
      initialise(theta) {
        for (const { name, offset } of layout) theta.set(checkpoint.get(name).data, offset);
      },
      open: () => ({
        forward: (_theta, _batch, _n, out) => {
          out.fill(Number.NaN);
        },
        targets: (_batch, _n, out) => {
          out.fill(Number.NaN);
        },
        backward: (_theta, _batch, _n, _dOut, gradient) => {
          gradient.fill(Number.NaN);
        },
      }),
    };
  },
});

/** Brought along by the analysis of checkpoints. */
export const recordedPlugin = definePlugin({ name: 'recorded', version: '0.1.0', components: [recordedWeights] });
