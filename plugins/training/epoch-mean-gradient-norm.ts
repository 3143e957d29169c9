// Observer: norm of the mean minibatch gradient along the past epoch, the "gradient" that was published.
import { defineObserver, observer, scalar } from 'eigenflow';
import { createOpenEpochs } from './open-epochs.js';

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
  create(_params, { arena, kernels, run }) {
    const { theta, clock } = run;
    const { length } = theta;
    const epochs = createOpenEpochs('epoch-mean-gradient-norm', run, length + 1, arena);
    /** Weights, then learning time: what is kept of the start of an epoch, and room for the present. */
    const present = arena.vector(length + 1);
    const sum = arena.vector(1);
    return observer({
      channels: {
        norm: scalar(
          '1',
          'Frobenius norm of the mean minibatch gradient along the past epoch (net displacement / learning time)',
          { label: 'norm of the mean gradient of an epoch' },
        ),
      },
      state: epochs.state,
      preparedAt: (step) => [step - epochs.length],
      prepare() {
        present.set(theta);
        present[length] = clock.time;
        epochs.begin(clock.step, present);
      },
      observe(frame) {
        const start = epochs.startOf(clock.step);
        if (!start) {
          frame.norm[0] = Number.NaN;
          return;
        }
        kernels.copy(theta, length, present);
        kernels.axpy(-1, start, length, present);
        kernels.sumSquares(present, length, sum);
        frame.norm[0] = Math.sqrt(sum[0]) / (clock.time - start[length]);
      },
    });
  },
});
