// Observer: loss over the whole data set at fixed weights.
import { defineObserver, observer, requireFiniteData, scalar } from 'eigenflow';

/**
 * Channel `loss`, a number: plain mean of the loss over all training samples at the weights as they stand. The training
 * loss stored by the code of arXiv:2509.01349 is another quantity, the mean of minibatch losses along an epoch.
 *
 * Throws EigenflowError `scenario` for one-pass data.
 */
export const fullLoss = defineObserver({
  name: 'full-loss',
  summary: 'Mean loss over the whole training set, at fixed weights',
  params: {},
  cite: [],
  create(_params, { run }) {
    requireFiniteData(run.model, 'full-loss');
    return observer({
      channels: {
        loss: scalar('1', 'mean loss over the whole training set, at fixed weights', { label: 'training loss' }),
      },
      observe(frame) {
        frame.loss[0] = run.fullBatch().loss;
      },
    });
  },
});
