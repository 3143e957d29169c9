// Observer: Frobenius norm of a weight matrix, or of all weights together.
import { type Block, blockParameter, defineObserver, findBlock, type Vector, weightsOf } from 'eigenflow';

/**
 * Channel `norm`, a number: sqrt(sum_ij W_ij^2), whose square is the sum of the levels of W W^T. Throws EigenflowError
 * `parameter` for a block that the model does not have.
 */
export const weightNorm = defineObserver({
  name: 'weight-norm',
  summary: 'Frobenius norm of a weight matrix, or of all weights',
  params: { block: { ...blockParameter, doc: 'name of the weight block; all weights when left out', optional: true } },
  cite: [],
  create(params, { arena, kernels }) {
    let block: Block | undefined;
    let sum: Vector;
    return {
      attach(view) {
        if (params.block !== undefined) block = findBlock(view, params.block);
        sum = arena.vector(1);
        const of = block === undefined ? 'all weights' : `block ${block.name}`;
        return { norm: { shape: [], dims: [], unit: '1', label: 'weight norm', doc: `Frobenius norm of ${of}` } };
      },
      observe(view, out) {
        const weights = block === undefined ? view.theta : weightsOf(view, block);
        kernels.sumSquares(weights, weights.length, sum);
        out.norm[0] = Math.sqrt(sum[0]);
      },
    };
  },
});
