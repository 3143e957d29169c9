// Observer: the levels that training aims at, those of the weights that make the targets.
import { blockParameter, defineObserver, EigenflowError, findBlock, observer, vector } from 'eigenflow';
import { createLevels } from './gram-levels.js';

/**
 * Channel `levels`: the min(rows, cols) levels of W W^T, descending, for W the block of the teacher. arXiv:2509.01349
 * draws them behind those of the student. They do not move: one frame is enough. A network can reach its target with
 * other weights too.
 *
 * Throws EigenflowError `parameter` for a block that the model does not have, `component` when the model knows no
 * weights that make its targets.
 */
export const targetSpectrum = defineObserver({
  name: 'target-spectrum',
  summary: 'Levels of W W^T of the weights that make the targets: those of the teacher, descending',
  params: { block: blockParameter },
  cite: ['arXiv:2509.01349'],
  create(params, environment) {
    const { arena, run } = environment;
    const { model } = run;
    const block = findBlock(run, params.block);
    if (model.targetWeights === undefined) {
      const message = 'target-spectrum needs a model with a teacher that makes its targets, which this one has not';
      throw new EigenflowError('component', 'observers', message);
    }
    const target = arena.vector(model.size);
    model.targetWeights(target);
    const levels = arena.vector(Math.min(block.rows, block.cols));
    const end = block.offset + block.rows * block.cols;
    createLevels(block, environment)(target.subarray(block.offset, end), levels);
    const doc = `levels of W W^T, W = block ${block.name} of the teacher, descending`;
    return observer({
      channels: { levels: vector('level', levels.length, '1', doc, { label: 'level' }) },
      observe(frame) {
        frame.levels.set(levels);
      },
    });
  },
});
