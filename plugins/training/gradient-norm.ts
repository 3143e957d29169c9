// Observer: norm of the gradient over the whole data set at fixed weights.
import { defineObserver, requireFiniteData, type Vector } from 'eigenflow';

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
  create(_params, { arena, kernels }) {
    let sum: Vector;
    return {
      attach(view) {
        requireFiniteData(view.model, 'gradient-norm');
        sum = arena.vector(1);
        return {
          norm: {
            shape: [],
            dims: [],
            unit: '1',
            label: 'gradient norm',
            doc: 'Frobenius norm of the full-batch gradient, at fixed weights',
          },
        };
      },
      observe(view, out) {
        const { gradient } = view.fullBatch();
        kernels.sumSquares(gradient, gradient.length, sum);
        out.norm[0] = Math.sqrt(sum[0]);
      },
    };
  },
});
