// Observer: loss of the batch that the coming step will use.
import { defineObserver } from 'eigenflow';

/**
 * Channel `loss`, a number: plain mean of the loss over the batch of the coming step, at the weights before that step.
 * The per-step value of the training curve, not averaged along a path.
 */
export const batchLoss = defineObserver({
  name: 'batch-loss',
  summary: 'Loss of the batch that the coming step will use',
  params: {},
  cite: [],
  create: () => ({
    attach: () => ({
      loss: {
        shape: [],
        dims: [],
        unit: '1',
        label: 'batch loss',
        doc: 'mean loss over the batch of the coming step, at fixed weights',
      },
    }),
    observe(view, out) {
      out.loss[0] = view.batch().loss;
    },
  }),
});
