// Noise model: none. Every step uses the whole data set.
import { defineNoiseModel, EigenflowError } from 'eigenflow';

/** Gradient descent without sampling noise: all N samples, in order, with weights 1/N. */
export const fullBatch = defineNoiseModel({
  name: 'full-batch',
  summary: 'The whole data set at every step: gradient descent without noise',
  params: {},
  cite: [],
  create() {
    let count = 1;
    return {
      attach({ samples }) {
        if (!Number.isFinite(samples)) {
          throw new EigenflowError('parameter', 'noise', 'one-pass data have no full batch; use minibatch');
        }
        count = samples;
      },
      get maxBatch() {
        return count;
      },
      get samplesPerStep() {
        return count;
      },
      temperature: () => 0,
      draw(batch, weights) {
        for (let i = 0; i < count; i++) {
          batch[i] = i;
          weights[i] = 1 / count;
        }
        return count;
      },
    };
  },
});
