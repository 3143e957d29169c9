// Noise model: minibatches. Which samples a step sees, each with weight 1/batchSize.
import { defineNoiseModel } from '../../core/contracts/component.js';
import { EigenflowError } from '../../core/errors.js';
import { choice, integer } from '../../core/parameters/schema.js';
import { cyclic, freshSubset, iid, reshuffled } from './sample-orders.js';

const ORDERS = { cyclic: cyclic, reshuffled: reshuffled, 'fresh-subset': freshSubset, iid: iid };

/** Sample numbers are 32-bit integers. */
const SAMPLE_NUMBERS = 2 ** 31;

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
 * `draw` throws EigenflowError `parameter` when the batch size exceeds the data set and the order needs distinct
 * samples, and when one-pass sample numbers run out.
 */
export const minibatch = defineNoiseModel({
  name: 'minibatch',
  summary: 'Mean over a minibatch of samples',
  params: {
    batchSize: integer({ doc: 'samples in one step', unit: 'samples', min: 1, max: SAMPLE_NUMBERS - 1 }),
    order: choice({
      doc:
        'how batches go through the data; at the same learning rate and batch size these are different noises. ' +
        'cyclic: the same batches in the same order in every epoch; reshuffled: a new permutation in every epoch; ' +
        'fresh-subset: distinct samples, independent in every step; iid: drawn with replacement, independent in every step',
      unit: '1',
      values: ['cyclic', 'reshuffled', 'fresh-subset', 'iid'],
    }),
  },
  cite: ['arXiv:2509.01349', 'doi:10.1145/30401.315746'],
  create({ batchSize, order }, environment) {
    const finite = ORDERS[order](batchSize, environment);
    const onePass = cyclic(batchSize);
    const weight = 1 / batchSize;
    return {
      maxBatch: batchSize,
      samplesPerStep: batchSize,
      draw(batch, weights, samples, at) {
        if (samples === Number.POSITIVE_INFINITY) {
          if ((at.step + 1) * batchSize > SAMPLE_NUMBERS) {
            throw new EigenflowError(
              'parameter',
              'noise.batchSize',
              `one-pass data end after 2^31 samples, before step ${at.step} at batch size ${batchSize}`,
            );
          }
          onePass(batch, samples, at);
        } else {
          finite(batch, samples, at);
        }
        for (let i = 0; i < batchSize; i++) weights[i] = weight;
        return batchSize;
      },
    };
  },
});
