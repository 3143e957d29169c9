// Observer: logarithmic growth of the span of the levels of W W^T, which was published as a Lyapunov-like exponent.

import { blocksParameter, defineObserver, findBlock, observeBlocks, observer, scalar } from 'eigenflow';
import { createGramLevels } from './gram-levels.js';

/**
 * With x_max(t), x_min(t) the outermost of the min(rows, cols) levels of W W^T at epoch t, those that are 0 by its
 * shape left out,
 *
 *     logarithm = ln [ (x_max - x_min)(t) / (x_max - x_min)(0) ]
 *     rate      = logarithm / t
 *
 * `rate` is the exponent of arXiv:2509.01349 (the ratio of mean level spacings is the same number). It is the net
 * growth between two times and no Lyapunov exponent: it says nothing about neighbouring trajectories;
 * `lyapunov-exponent` does. `rate` is NaN at step 0 and for one-pass data, `logarithm` when the span is 0 or not a
 * number.
 *
 * Several blocks at once: `rate_W1`, `rate_W2` and so on (`observeBlocks`).
 *
 * Throws EigenflowError `parameter` for a block that the model does not have.
 */
export const spanGrowth = defineObserver({
  name: 'span-growth',
  summary: 'Logarithmic growth of the span of the levels of W W^T since the start, in total and per epoch',
  params: { block: blocksParameter },
  cite: ['arXiv:2509.01349'],
  create(params, environment) {
    const { arena, kernels, run } = environment;
    return observeBlocks(run, params.block, (name) => {
      const block = findBlock(run, name);
      const read = createGramLevels(run, block, environment);
      const levels = arena.vector(Math.min(block.rows, block.cols));
      const ratio = arena.vector(1);
      const span = () => levels[0] - levels[levels.length - 1];
      // Created at the initial weights, also in a run that goes on from a checkpoint.
      const initial = arena.vector(1);
      read(levels);
      initial[0] = span();
      const doc = `ln of the span of the levels of W W^T, W = block ${block.name}, over that at step 0`;
      return observer({
        channels: {
          logarithm: scalar('1', doc, { label: 'ln of the span ratio' }),
          rate: scalar('1/epoch', `${doc}, per epoch`, { label: 'growth rate of the span' }),
        },
        state: [initial],
        observe(frame) {
          read(levels);
          ratio[0] = span() / initial[0];
          kernels.log(ratio, 1, ratio);
          const { epoch } = run.clock;
          frame.logarithm[0] = Number.isFinite(ratio[0]) ? ratio[0] : Number.NaN;
          frame.rate[0] = epoch > 0 ? frame.logarithm[0] / epoch : Number.NaN;
        },
      });
    });
  },
});
