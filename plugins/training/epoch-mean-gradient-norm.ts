// Observer: norm of the mean minibatch gradient along the past epoch, the "gradient" that was published.
import { defineObserver, type Vector } from 'eigenflow';
import { createOpenEpochs, type OpenEpochs } from './open-epochs.js';

/**
 * Channel `norm`, a number: Frobenius norm of the mean, over the epoch that ends here, of the minibatch gradients along
 * the moving weights. For plain `sgd` without weight decay that mean is exactly
 *
 *     -(theta(end) - theta(start)) / (time(end) - time(start)),     time = sum of learning rates      (derived)
 *
 * and the norm of this is what is measured; with a learning rate that changes inside the epoch the mean is weighted by
 * it. For any other optimiser it is a mean velocity, not a mean gradient.
 *
 * The gradients of an epoch largely cancel, so this net displacement is much smaller than a gradient norm at fixed
 * weights (`gradient-norm`). It is the quantity that the code of arXiv:2509.01349 stores as the gradient.
 *
 * One epoch is round(samples / samplesPerStep) steps. Nothing is measured before the end of the first epoch. Frames may
 * lie closer than an epoch, as long as no more than 8 fall into one.
 *
 * Throws EigenflowError `scenario` for one-pass data, and when more than 8 epochs would be under way at once.
 */
export const epochMeanGradientNorm = defineObserver({
  name: 'epoch-mean-gradient-norm',
  summary: 'Net displacement of the weights over the past epoch per learning time',
  params: {},
  cite: ['arXiv:2509.01349'],
  create(_params, { arena, kernels }) {
    let epochs: OpenEpochs;
    /** Weights, then learning time: what is kept of the start of an epoch, and room for the present. */
    let present: Vector;
    let sum: Vector;
    return {
      attach(view) {
        const { size } = view.model;
        epochs = createOpenEpochs('epoch-mean-gradient-norm', view, size + 1, arena);
        present = arena.vector(size + 1);
        sum = arena.vector(1);
        const doc =
          'Frobenius norm of the mean minibatch gradient along the past epoch (net displacement / learning time)';
        return { norm: { shape: [], dims: [], unit: '1', label: 'norm of the mean gradient of an epoch', doc } };
      },
      get lead() {
        return epochs.length;
      },
      get state() {
        return epochs.state;
      },
      prepare({ theta, clock }) {
        present.set(theta);
        present[theta.length] = clock.time;
        epochs.begin(clock.step, present);
      },
      observe({ theta, clock }, out) {
        const start = epochs.startOf(clock.step);
        if (!start) {
          out.norm[0] = Number.NaN;
          return;
        }
        const { length } = theta;
        kernels.copy(theta, length, present);
        kernels.axpy(-1, start, length, present);
        kernels.sumSquares(present, length, sum);
        out.norm[0] = Math.sqrt(sum[0]) / (clock.time - start[length]);
      },
    };
  },
});
