// Noise model: minibatches. Which samples a step sees, each with weight 1/batchSize.
import { batchParameters, batchPeriod, defineNoiseModel, openBatches } from 'eigenflow';

/**
 * Temperature is T = learningRate/batchSize whatever the order, but the orders are different noises. Let C be the
 * covariance of the per-sample gradient over the N samples (divisor N). The gradient of one step at fixed weights has
 * covariance C/B for `iid` and (N - B)/(N - 1) C/B for `fresh-subset`, independent from step to step (derived). The
 * same (N - B)/(N - 1) holds for a batch of `reshuffled` that lies within one epoch, but its steps are anticorrelated:
 * over a whole epoch the noise cancels, to leading order in the learning rate. `cyclic`, the order of arXiv:2509.01349,
 * has no noise in this sense at all: it is a periodic force, drawn once together with the data.
 *
 * With one-pass data (samples = Infinity) nothing is ever repeated and the four orders are one law: step s uses samples
 * s batchSize + i. Sample numbers end at 2^31 - 1.
 *
 * Throws EigenflowError `parameter` in `create` when the order needs distinct samples and the batch size
 * exceeds the data set, or when `replica` is given where nothing is drawn (`cyclic`, one-pass data); and at the step
 * for which one-pass sample numbers run out.
 */
export const minibatch = defineNoiseModel({
  name: 'minibatch',
  summary: 'Mean over a minibatch of samples',
  params: batchParameters,
  cite: ['arXiv:2509.01349', 'doi:10.1145/30401.315746'],
  create(params, { model: { samples }, random, arena }) {
    const { batchSize, order } = params;
    const choose = openBatches(params, samples, { random, arena });
    const weight = 1 / batchSize;
    return {
      maxBatch: batchSize,
      samplesPerStep: batchSize,
      period: batchPeriod(params, samples),
      temperature: (stepSize) => stepSize / batchSize,
      ...(Number.isFinite(samples) && { sampling: { batchSize, order, addedVariance: () => 0 } }),
      draw(batch, weights, at) {
        choose(batch, at);
        for (let i = 0; i < batchSize; i++) weights[i] = weight;
        return batchSize;
      },
    };
  },
});
