// Noise model: minibatches. Which samples a step sees, each with weight 1/batchSize.
import { choice, defineNoiseModel, EigenflowError, integer, replica, replicaStream } from 'eigenflow';
import { cyclic, freshSubset, iid, onePass, reshuffled, type SampleOrder } from './sample-orders.js';

const ORDERS = { cyclic, reshuffled, 'fresh-subset': freshSubset, iid };

/** @throws EigenflowError `parameter`: replicas of what is not drawn at random would be one run, many times over. */
function refuseReplica(replica: number, reason: string): void {
  if (replica === 0) return;
  throw new EigenflowError('parameter', 'noise.replica', `${replica} has no effect: ${reason}; leave it out`);
}

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
  params: {
    batchSize: integer({ doc: 'samples in one step', unit: 'samples', min: 1, max: 2 ** 30 }),
    order: choice({
      doc:
        'how batches go through the data; at the same learning rate and batch size these are different noises. ' +
        'cyclic: the same batches in the same order in every epoch; reshuffled: a new permutation in every epoch; ' +
        'fresh-subset: distinct samples, independent in every step; ' +
        'iid: drawn with replacement, independent in every step',
      values: ['cyclic', 'reshuffled', 'fresh-subset', 'iid'],
    }),
    replica,
  },
  cite: ['arXiv:2509.01349', 'doi:10.1145/30401.315746'],
  create({ batchSize, order, replica }, { model: { samples }, random, arena }) {
    const onlyOnce = samples === Number.POSITIVE_INFINITY;
    if (onlyOnce) refuseReplica(replica, 'one-pass data are drawn by the model');
    else if (order === 'cyclic') refuseReplica(replica, 'the order "cyclic" draws nothing at random');
    const choose: SampleOrder = onlyOnce
      ? onePass(batchSize)
      : ORDERS[order](batchSize, samples, { random: replicaStream(random, replica), arena });
    const weight = 1 / batchSize;
    return {
      maxBatch: batchSize,
      samplesPerStep: batchSize,
      temperature: (stepSize) => stepSize / batchSize,
      draw(batch, weights, at) {
        choose(batch, at);
        for (let i = 0; i < batchSize; i++) weights[i] = weight;
        return batchSize;
      },
    };
  },
});
