// Observer: a weight matrix itself, for everything that has no observer of its own.
import { blocksParameter, defineObserver, findBlock, observeBlocks, observer, weightsOf } from 'eigenflow';

/**
 * Channel `weights`, rows x cols. Several blocks at once: `weights_W1`, `weights_b1` and so on; 'all' means every
 * block, biases too (`observeBlocks`). Throws EigenflowError `parameter` for a block that the model does not have.
 */
export const weights = defineObserver({
  name: 'weights',
  summary: 'A weight matrix, element by element',
  params: { block: blocksParameter },
  cite: [],
  create(params, { run }) {
    const ofBlock = (name: string) => {
      const block = findBlock(run, name);
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
    };
    return observeBlocks(run, params.block, ofBlock, 'every block');
  },
});
