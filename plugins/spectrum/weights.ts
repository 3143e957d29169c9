// Observer: a weight matrix itself, for everything that has no observer of its own.
import { blockParameter, defineObserver, findBlock, observer, weightsOf } from 'eigenflow';

/** Channel `weights`, rows x cols. Throws EigenflowError `parameter` for a block that the model does not have. */
export const weights = defineObserver({
  name: 'weights',
  summary: 'A weight matrix, element by element',
  params: { block: blockParameter },
  cite: [],
  create(params, { run }) {
    const block = findBlock(run, params.block);
    return observer({
      channels: {
        weights: {
          shape: [block.rows, block.cols],
          dims: ['row', 'col'],
          unit: '1',
          doc: `weights of block ${block.name}`,
        },
      },
      observe(frame) {
        frame.weights.set(weightsOf(run, block));
      },
    });
  },
});
