// Observer: mean of the minibatch losses along the past epoch, the "training loss" that was published.
import { defineObserver, observer, scalar } from 'eigenflow';
import { createOpenEpochs } from './open-epochs.js';

/**
 * Channel `loss`, a number: mean, over the steps of the epoch that ends here, of the loss of each step's batch at the
 * weights that the step started from. Along moving weights, therefore not the loss at any weights (`full-loss`): where
 * the weights fluctuate the two differ. It is the quantity that the code of arXiv:2509.01349 stores as the loss.
 *
 * It is the difference of two running sums, so it is exact to 1e-16 of the sum of all losses so far: to six digits as
 * long as the mean loss of the epoch is above 1e-10 of that sum.
 *
 * One epoch is round(samples / samplesPerStep) steps. Nothing is measured before the end of the first epoch; no more
 * than 8 frames may fall into one.
 *
 * Throws EigenflowError `scenario` for one-pass data, and when more than 8 epochs would be under way at once.
 */
export const epochMeanLoss = defineObserver({
  name: 'epoch-mean-loss',
  summary: 'Mean of the batch losses of the past epoch, along the moving weights',
  params: {},
  cite: ['arXiv:2509.01349'],
  create(_params, { arena, run }) {
    const epochs = createOpenEpochs('epoch-mean-loss', run, 1, arena);
    return observer({
      channels: {
        loss: scalar('1', 'mean of the batch losses of the past epoch, each at the weights before its step', {
          label: 'mean batch loss of an epoch',
        }),
      },
      state: epochs.state,
      preparedAt: (step) => [step - epochs.length],
      prepare() {
        epochs.begin(run.clock.step, run.lossSum);
      },
      observe(frame) {
        const start = epochs.startOf(run.clock.step);
        frame.loss[0] = start ? (run.lossSum[0] - start[0]) / epochs.length : Number.NaN;
      },
    });
  },
});
