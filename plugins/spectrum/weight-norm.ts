// Observer: Frobenius norm of a weight matrix, or of all weights together.
import { blocksParameter, defineObserver, findBlock, observeBlocks, observer, scalar, weightsOf } from 'eigenflow';

/**
 * Channel `norm`, a number: sqrt(sum_ij W_ij^2), whose square is the sum of the levels of W W^T. Throws EigenflowError
 * `parameter` for a block that the model does not have.
 */
export const weightNorm = defineObserver({
  name: 'weight-norm',
  summary: 'Frobenius norm of a weight matrix, or of all weights',
  params: {
    block: {
      ...blocksParameter,
      doc: "name of the weight block, a list of names, or 'all' for each by itself; all weights together when left out",
      optional: true,
    },
  },
  cite: [],
  create(params, { arena, kernels, run }) {
    const ofBlock = (name?: string) => {
      const block = name === undefined ? undefined : findBlock(run, name);
      const weights = block === undefined ? run.theta : weightsOf(run, block);
      const sum = arena.vector(1);
      const of = block === undefined ? 'all weights' : `block ${block.name}`;
      return observer({
        channels: { norm: scalar('1', `Frobenius norm of ${of}`, { label: 'weight norm' }) },
        observe(frame) {
          kernels.sumSquares(weights, weights.length, sum);
          frame.norm[0] = Math.sqrt(sum[0]);
        },
      });
    };
    return params.block === undefined ? ofBlock() : observeBlocks(run, params.block, ofBlock, 'every block');
  },
});
