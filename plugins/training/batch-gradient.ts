// Observer: the gradient that the coming step will use.
import { defineObserver, observer, vector } from 'eigenflow';

/**
 * Channel `gradient`, one number for each weight: gradient on the batch of the coming step, with the noise model's
 * weights and perturbation, at the weights before that step; without weight decay.
 */
export const batchGradient = defineObserver({
  name: 'batch-gradient',
  summary: 'Gradient on the batch that the coming step will use',
  params: {},
  cite: [],
  create: (_params, { run }) =>
    observer({
      channels: {
        gradient: vector(
          'weight',
          run.model.size,
          '1',
          'gradient on the batch of the coming step, at fixed weights; blocks one after the other, row-major',
        ),
      },
      observe(frame) {
        frame.gradient.set(run.batch().gradient);
      },
    }),
});
