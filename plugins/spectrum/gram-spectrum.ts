// Observer: the levels of W W^T, the eigenvalues whose motion the Dyson equation describes.
import { blocksParameter, defineObserver, findBlock, observeBlocks, observer, vector } from 'eigenflow';
import { createGramLevels } from './gram-levels.js';

/**
 * Channel `levels`, min(rows, cols) of them, descending: the squared singular values of W (rows x cols). When rows
 * exceed cols, W W^T has rows - cols levels beside them that are 0 by its shape and are left out, so that a matrix and
 * its transpose give the same. arXiv:2509.01349 follows these levels; arXiv:2407.16427 uses W^T W. All levels are NaN
 * when a weight is not finite or the iteration has not converged.
 *
 * Several blocks at once: `levels_W1`, `levels_W2` and so on (`observeBlocks`).
 *
 * Throws EigenflowError `parameter` for a block that the model does not have.
 */
export const gramSpectrum = defineObserver({
  name: 'gram-spectrum',
  summary: 'Levels of W W^T, the squared singular values of a weight matrix, descending',
  params: { block: blocksParameter },
  cite: ['arXiv:2509.01349', 'arXiv:2407.16427'],
  create(params, environment) {
    const { run } = environment;
    return observeBlocks(run, params.block, (name) => {
      const block = findBlock(run, name);
      const levels = createGramLevels(run, block, environment);
      const doc = `levels of W W^T, W = block ${block.name}, descending`;
      return observer({
        channels: { levels: vector('level', Math.min(block.rows, block.cols), '1', doc, { label: 'level' }) },
        observe(frame) {
          levels(frame.levels);
        },
      });
    });
  },
});
