// Noise model: stochastic gradient Langevin dynamics, white noise of a given temperature.
import {
  batchParameters,
  choice,
  defineNoiseModel,
  EigenflowError,
  integer,
  number,
  openBatches,
  replicaStream,
} from 'eigenflow';

/**
 * With `sgd` and xi independent standard normals, one for each weight and step:
 *
 *     theta <- theta - learningRate g(theta) + sqrt(2 learningRate temperature) xi
 *
 * added to the gradient as sqrt(2 temperature/step size) xi, the same at every evaluation within a step. temperature is
 * that of the Boltzmann law exp(-L/temperature) of the mean loss L: variance temperature/(h (1 - learningRate h/2)) in
 * a well of curvature h (derived). For the posterior of N samples with summed loss it is 1/N. Welling and Teh write
 * learningRate/2 for the step of the gradient and sqrt(learningRate) for the noise: the same with half the rate.
 *
 * Without `batchSize` gradients are those of all data; with it the noise of minibatches comes on top. T of minibatches,
 * learning rate / batch size, is another temperature: noise of covariance C rather than white, and half the unit (plain
 * SGD has learningRate C/(2 B) here). With momentum the temperature becomes temperature/(1 - momentum), since a step
 * adds the noise up; it loses its meaning where the optimiser normalises gradients (adam and its kin, sign-sgd, lion,
 * muon), and under clipping.
 *
 * Throws EigenflowError `parameter` for one-pass data without `batchSize`.
 */
export const sgld = defineNoiseModel({
  name: 'sgld',
  summary: 'White noise of a given temperature on every weight (stochastic gradient Langevin dynamics)',
  params: {
    temperature: number({
      doc: 'temperature of the Boltzmann law of the mean loss',
      unit: 'loss',
      min: 0,
      schedulable: true,
    }),
    batchSize: integer({
      doc: 'samples in one step; default: all',
      unit: 'samples',
      min: 1,
      max: 2 ** 30,
      optional: true,
    }),
    order: choice({ ...batchParameters.order, default: 'fresh-subset' }),
    replica: batchParameters.replica,
  },
  cite: ['https://www.stats.ox.ac.uk/~teh/research/compstats/WelTeh2011a.pdf'],
  create(params, { model: { samples, size }, random, arena }) {
    const { order, replica } = params;
    if (params.batchSize === undefined && !Number.isFinite(samples)) {
      throw new EigenflowError(
        'parameter',
        'noise.batchSize',
        'one-pass data have no end; say how many samples a step takes',
      );
    }
    const { batchSize = samples } = params;
    const drawn = params.batchSize === undefined ? 'cyclic' : order;
    const choose = openBatches({ batchSize, order: drawn, replica }, samples, { random, arena }, true);
    const white = replicaStream(random, replica).child('white');
    const noise = arena.vector(size);
    const weight = 1 / batchSize;
    return {
      maxBatch: batchSize,
      samplesPerStep: batchSize,
      ...(Number.isFinite(samples) && {
        sampling: {
          batchSize,
          order: drawn,
          addedVariance: (stepSize: number) => (2 * params.temperature) / stepSize,
        },
      }),
      draw(batch, weights, at) {
        choose(batch, at);
        for (let i = 0; i < batchSize; i++) weights[i] = weight;
        return batchSize;
      },
      perturb(gradient, _theta, at) {
        white.normals(at.step, noise);
        // A loop, because a number that is computed and handed to a function may be boxed.
        const amplitude = Math.sqrt((2 * params.temperature) / at.stepSize);
        for (let i = 0; i < size; i++) gradient[i] += amplitude * noise[i];
      },
    };
  },
});
