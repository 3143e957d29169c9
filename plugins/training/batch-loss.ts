// Observer: loss of the batch that the coming step will use.
import { defineObserver, observer, scalar } from 'eigenflow';

/**
 * Channel `loss`, a number: plain mean of the loss over the batch of the coming step, at the weights before that step.
 * The per-step value of the training curve, not averaged along a path.
 */
export const batchLoss = defineObserver({
  name: 'batch-loss',
  summary: 'Loss of the batch that the coming step will use',
  params: {},
  cite: [],
  create: (_params, { run }) =>
    observer({
      channels: {
        loss: scalar('1', 'mean loss over the batch of the coming step, at fixed weights', { label: 'batch loss' }),
      },
      observe(frame) {
        frame.loss[0] = run.batch().loss;
      },
    }),
});
