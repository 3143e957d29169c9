// Observer: Frobenius norm of a weight matrix, or of all weights together.
import { blockParameter, defineObserver, findBlock, observer, scalar, weightsOf } from 'eigenflow';

/**
 * Channel `norm`, a number: sqrt(sum_ij W_ij^2), whose square is the sum of the levels of W W^T. Throws EigenflowError
 * `parameter` for a block that the model does not have.
 */
export const weightNorm = defineObserver({
  name: 'weight-norm',
  summary: 'Frobenius norm of a weight matrix, or of all weights',
  params: { block: { ...blockParameter, doc: 'name of the weight block; all weights when left out', optional: true } },
  cite: [],
  create(params, { arena, kernels, run }) {
    const block = params.block === undefined ? undefined : findBlock(run, params.block);
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
  },
});
