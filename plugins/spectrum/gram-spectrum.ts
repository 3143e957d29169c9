// Observer: the levels of W W^T, the eigenvalues whose motion the Dyson equation describes.
import { blockParameter, findBlock, weightsOf } from '../../core/blocks.js';
import { defineObserver } from '../../core/contracts/component.js';
import type { Block } from '../../core/contracts/model.js';
import type { Vector } from '../../core/contracts/vector.js';
import { singularValuesWork } from '../../core/kernels/kernels.js';

/**
 * Channel `levels`, one for each row of W (rows x cols), descending: the squared singular values of W. When rows
 * exceed cols, the last rows - cols levels are exactly 0. arXiv:2509.01349 follows these levels; arXiv:2407.16427 uses
 * W^T W, which has the same non-zero ones. All levels are NaN when a weight is not finite or the iteration has not
 * converged.
 *
 * Throws EigenflowError `parameter` for a block that the model does not have.
 */
export const gramSpectrum = defineObserver({
  name: 'gram-spectrum',
  summary: 'Levels of W W^T, the squared singular values of a weight matrix, descending',
  params: { block: blockParameter },
  cite: ['arXiv:2509.01349', 'arXiv:2407.16427'],
  create(params, { arena, kernels }) {
    let block: Block;
    let work: Vector;
    let singular: Vector;
    return {
      attach(view) {
        block = findBlock(view, params.block);
        const { rows, cols } = block;
        work = arena.vector(singularValuesWork(rows, cols));
        singular = arena.vector(Math.min(rows, cols));
        const doc = `levels of W W^T, W = block ${block.name}, descending`;
        return { levels: { shape: [rows], dims: ['level'], unit: '1', doc } };
      },
      observe(view, out) {
        const matrix = weightsOf(view, block);
        const sweeps = kernels.singularValues(matrix, block.rows, block.cols, work, singular);
        out.levels.fill(sweeps < 0 ? Number.NaN : 0);
        if (sweeps < 0) return;
        for (let i = 0; i < singular.length; i++) out.levels[i] = singular[i] * singular[i];
      },
    };
  },
});
