// Observer: over how many directions a weight matrix is spread.
import { blocksParameter, defineObserver, elementary, findBlock, observeBlocks, observer, scalar } from 'eigenflow';
import { createGramLevels } from './gram-levels.js';

/**
 * With s_i the singular values of W and x_i = s_i^2 the levels of W W^T,
 *
 *     effectiveRank        exp(-sum_i p_i ln p_i), p_i = s_i / sum s        (Roy and Vetterli 2007)
 *     participationRatio   (sum x)^2 / sum x^2
 *     stableRank           sum x / max x                                    (arXiv:math/0503442)
 *
 * Each is 1 for a matrix of rank one and min(rows, cols) where all singular values are equal; for the same matrix
 * stableRank <= participationRatio. All NaN for a matrix of zeros, and when a weight is not finite.
 *
 * Several blocks at once: `effectiveRank_W1`, `effectiveRank_W2` and so on (`observeBlocks`).
 *
 * Throws EigenflowError `parameter` for a block that the model does not have.
 */
export const effectiveRank = defineObserver({
  name: 'effective-rank',
  summary: 'Effective rank, participation ratio and stable rank of a weight matrix',
  params: { block: blocksParameter },
  cite: ['doi:10.5281/zenodo.40300', 'arXiv:math/0503442'],
  create(params, environment) {
    const { run } = environment;
    return observeBlocks(run, params.block, (name) => {
      const block = findBlock(run, name);
      const read = createGramLevels(run, block, environment);
      const levels = new Float64Array(Math.min(block.rows, block.cols));
      const of = `of block ${block.name}`;
      return observer({
        channels: {
          effectiveRank: scalar('1', `exponential of the entropy of the singular values ${of}`, {
            label: 'effective rank',
          }),
          participationRatio: scalar('1', `(sum x)^2 / sum x^2 of the levels x of W W^T, W the matrix ${of}`, {
            label: 'participation ratio',
          }),
          stableRank: scalar('1', `sum of the levels of W W^T over the largest one, W the matrix ${of}`, {
            label: 'stable rank',
          }),
        },
        observe(frame) {
          read(levels);
          // Over the largest, so that nothing overflows and tiny matrices keep their digits.
          const shares = levels.map((level) => level / levels[0]);
          const singular = shares.map(Math.sqrt);
          const [sum, sumOfSquares, norm] = [total(shares), total(shares.map((x) => x * x)), total(singular)];
          const entropy = total(singular.map((s) => (s > 0 ? -(s / norm) * elementary.log(s / norm) : s)));
          frame.effectiveRank[0] = elementary.exp(entropy);
          frame.participationRatio[0] = (sum * sum) / sumOfSquares;
          frame.stableRank[0] = sum;
        },
      });
    });
  },
});

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
