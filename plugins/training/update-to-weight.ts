// Observer: how large a step is beside the weights that it moves.
import { defineObserver, observer, scalar, vector } from 'eigenflow';

/**
 * Of the step that ends here,
 *
 *     ratio            |theta(k) - theta(k-1)| / |theta(k-1)|, Frobenius norms over all weights
 *     blocks  [block]  the same for each block by itself, in the order of the model
 *
 * Measured on the step as the optimiser has made it, decay included. At step 0 there is no step, so nothing is
 * measured. Infinity for a block that moves away from zeros, such as biases that begin there; NaN for one of zeros
 * that stays.
 */
export const updateToWeight = defineObserver({
  name: 'update-to-weight',
  summary: 'Size of the last step over the size of the weights, for all weights and block by block',
  params: {},
  cite: [],
  create(_params, { arena, kernels, run }) {
    const { theta, model } = run;
    const { layout, size } = model;
    const before = arena.vector(size);
    const change = arena.vector(size);
    const slot = arena.vector(1);
    const squareOf = (values: Float64Array) => {
      kernels.sumSquares(values, values.length, slot);
      return slot[0];
    };
    const parts = layout.map(({ offset, rows, cols }) => {
      const end = offset + rows * cols;
      return { before: before.subarray(offset, end), change: change.subarray(offset, end) };
    });
    const names = layout.map(({ name }) => name).join(', ');
    return observer({
      channels: {
        ratio: scalar('1', 'norm of the last step over the norm of the weights before it', {
          label: 'update-to-weight ratio',
        }),
        blocks: vector('block', layout.length, '1', `the same for the blocks ${names}`, {
          label: 'update-to-weight ratio of a block',
        }),
      },
      state: [before],
      preparedAt: (step) => [step - 1],
      prepare() {
        kernels.copy(theta, size, before);
      },
      observe(frame) {
        kernels.copy(theta, size, change);
        kernels.axpy(-1, before, size, change);
        let [moved, weights] = [0, 0];
        parts.forEach((part, i) => {
          const [change, weight] = [squareOf(part.change), squareOf(part.before)];
          frame.blocks[i] = Math.sqrt(change / weight);
          moved += change;
          weights += weight;
        });
        frame.ratio[0] = Math.sqrt(moved / weights);
      },
    });
  },
});
