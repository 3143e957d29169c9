// Observer: norm of the gradient over the whole data set at fixed weights.
import { defineObserver, observer, requireFiniteData, scalar } from 'eigenflow';

/**
 * Channel `norm`, a number: Frobenius norm over all weights of the full-batch gradient at the weights as they stand,
 * without weight decay. This is what arXiv:2509.01349 plots for the initial weights; its later points are
 * `epoch-mean-gradient-norm`.
 *
 * Throws EigenflowError `scenario` for one-pass data.
 */
export const gradientNorm = defineObserver({
  name: 'gradient-norm',
  summary: 'Norm of the full-batch gradient, at fixed weights',
  params: {},
  cite: ['arXiv:2509.01349'],
  create(_params, { arena, kernels, run }) {
    requireFiniteData(run.model, 'gradient-norm');
    const sum = arena.vector(1);
    return observer({
      channels: {
        norm: scalar('1', 'Frobenius norm of the full-batch gradient, at fixed weights', { label: 'gradient norm' }),
      },
      observe(frame) {
        const { gradient } = run.fullBatch();
        kernels.sumSquares(gradient, gradient.length, sum);
        frame.norm[0] = Math.sqrt(sum[0]);
      },
    });
  },
});
