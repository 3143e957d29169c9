// Noise model: Bernoulli masks, each sample in or out of a step by itself.
import { defineNoiseModel, EigenflowError, number, replica, replicaStream } from 'eigenflow';

/**
 * In each step every sample of the N takes part with probability `fraction`, independently of all others and of other
 * steps: the noise for which dynamical mean-field theory is written (arXiv:2006.06098). Samples weigh 1/(fraction N),
 * so that the gradient is right on average; where a theory has weights 1/N, the learning rate is smaller by `fraction`.
 * The gradient of one step has the covariance (1 - fraction)/(fraction N) <g_n g_n^T> about its mean, g_n the gradients
 * of single samples (derived): the second moment, not their covariance C, since the number of samples fluctuates too. T
 * of minibatches is therefore not said; near a minimum it is step size (1 - fraction)/(fraction N).
 *
 * The loss that is told is the mean over those that take part. Where none does, the gradient is 0 and the loss that of
 * the first sample. Throws EigenflowError `parameter` for one-pass data.
 */
export const bernoulli = defineNoiseModel({
  name: 'bernoulli',
  summary: 'Every sample takes part in a step with a given probability',
  params: {
    fraction: number({ doc: 'probability of each sample in each step', unit: '1', above: 0, max: 1 }),
    replica,
  },
  cite: ['arXiv:2006.06098'],
  create({ fraction, replica }, { model: { samples }, random, arena }) {
    if (!Number.isFinite(samples)) {
      const message = 'one-pass data are no set of which samples could be left out; use minibatch';
      throw new EigenflowError('parameter', 'noise', message);
    }
    const stream = replicaStream(random, replica);
    const uniforms = arena.vector(samples);
    const weight = 1 / (fraction * samples);
    return {
      maxBatch: samples,
      samplesPerStep: fraction * samples,
      masks: { fraction, correlation: () => 0 },
      draw(batch, weights, at) {
        stream.uniforms(at.step, uniforms);
        let n = 0;
        for (let i = 0; i < samples; i++) {
          if (uniforms[i] >= fraction) continue;
          batch[n] = i;
          weights[n] = weight;
          n += 1;
        }
        if (n > 0) return n;
        batch[0] = 0;
        weights[0] = 0;
        return 1;
      },
    };
  },
});
