// Noise model: none. Every step uses the whole data set.
import { defineNoiseModel, EigenflowError } from 'eigenflow';

/**
 * Gradient descent without sampling noise: all N samples, in order, with weights 1/N. Throws EigenflowError `parameter`
 * for one-pass data.
 */
export const fullBatch = defineNoiseModel({
  name: 'full-batch',
  summary: 'The whole data set at every step: gradient descent without noise',
  params: {},
  cite: [],
  create(_params, { model: { samples } }) {
    if (!Number.isFinite(samples)) {
      throw new EigenflowError('parameter', 'noise', 'one-pass data have no full batch; use minibatch');
    }
    return {
      maxBatch: samples,
      samplesPerStep: samples,
      temperature: () => 0,
      sampling: { batchSize: samples, order: 'cyclic', addedVariance: () => 0 },
      masks: { fraction: 1, correlation: () => 0 },
      draw(batch, weights) {
        for (let i = 0; i < samples; i++) {
          batch[i] = i;
          weights[i] = 1 / samples;
        }
        return samples;
      },
    };
  },
});
