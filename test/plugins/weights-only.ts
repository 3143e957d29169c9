// A model that is nothing but its weights, for observers that look at nothing else.
import { defineModel } from '../../core/contracts/component.js';

export const BLOCKS = { wide: [16, 32], tall: [9, 4], square: [5, 5], row: [1, 7] } as const;
export type BlockName = keyof typeof BLOCKS;

/** Standard normals in four blocks. */
export const weightsOnly = defineModel({
  name: 'weights-only',
  summary: 'Four blocks of weights',
  params: {},
  cite: [],
  create(_params, { random }) {
    let size = 0;
    const layout = Object.entries(BLOCKS).map(([name, [rows, cols]]) => {
      const block = { name, rows, cols, offset: size };
      size += rows * cols;
      return block;
    });
    return {
      layout,
      size,
      outputs: 1,
      samples: 1,
      initialise: (theta) => random.normals(0, theta),
      open: () => ({
        forward: (_theta, _batch, _n, out) => out.fill(0),
        targets: (_batch, _n, out) => out.fill(0),
        backward: (_theta, _batch, _n, _dOut, gradient) => gradient.fill(0),
      }),
    };
  },
});
