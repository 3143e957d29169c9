// Observer: a weight matrix itself, for everything that has no observer of its own.
import { type Block, blockParameter, defineObserver, findBlock, weightsOf } from 'eigenflow';

/** Channel `weights`, rows x cols. Throws EigenflowError `parameter` for a block that the model does not have. */
export const weights = defineObserver({
  name: 'weights',
  summary: 'A weight matrix, element by element',
  params: { block: blockParameter },
  cite: [],
  create(params) {
    let block: Block;
    return {
      attach(view) {
        block = findBlock(view, params.block);
        return {
          weights: {
            shape: [block.rows, block.cols],
            dims: ['row', 'col'],
            unit: '1',
            doc: `weights of block ${block.name}`,
          },
        };
      },
      observe(view, out) {
        out.weights.set(weightsOf(view, block));
      },
    };
  },
});
