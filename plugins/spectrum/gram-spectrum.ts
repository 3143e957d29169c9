// Observer: the levels of W W^T, the eigenvalues whose motion the Dyson equation describes.
import { blockParameter, defineObserver, findBlock } from 'eigenflow';
import { createGramLevels } from './gram-levels.js';

/**
 * Channel `levels`, min(rows, cols) of them, descending: the squared singular values of W (rows x cols). When rows exceed
 * cols, W W^T has rows - cols levels beside them that are 0 by its shape and are left out, so that a matrix and its
 * transpose give the same. arXiv:2509.01349 follows these levels; arXiv:2407.16427 uses W^T W. All levels are NaN when a
 * weight is not finite or the iteration has not converged.
 *
 * Throws EigenflowError `parameter` for a block that the model does not have.
 */
export const gramSpectrum = defineObserver({
  name: 'gram-spectrum',
  summary: 'Levels of W W^T, the squared singular values of a weight matrix, descending',
  params: { block: blockParameter },
  cite: ['arXiv:2509.01349', 'arXiv:2407.16427'],
  create(params, environment) {
    let levels: ReturnType<typeof createGramLevels>;
    return {
      attach(view) {
        const block = findBlock(view, params.block);
        levels = createGramLevels(block, environment);
        const doc = `levels of W W^T, W = block ${block.name}, descending`;
        const shape = [Math.min(block.rows, block.cols)];
        return { levels: { shape, dims: ['level'], unit: '1', label: 'level', doc } };
      },
      observe(view, out) {
        levels(view, out.levels);
      },
    };
  },
});
