// SGD against four surrogates from the same weights on the same data: the matrix Langevin equation with the covariance of
// minibatch noise, the same without its structure, and the Dyson equation of the levels alone with coefficients measured
// along the way, frozen or linear in the levels.
import { defineScenario, type Scenario } from 'eigenflow';
import { publishedNetwork } from './published.js';

const temperature = 1 / 32;
/** Of the surrogates: times the sharpness it stays below 0.1. */
const stepSize = 1 / 64;

type Surrogates = NonNullable<Scenario['compare']>['surrogates'];

/** The Dyson equation with coefficients from the realisations of SGD, by the matrix-step scheme. */
const levelSurrogate = (drift: 'frozen' | 'linearised'): Surrogates[string] => ({
  coefficients: { from: 'coefficients', drift },
  model: { use: 'general-levels', temperature, floor: 0 },
  loss: { use: 'mean-output' },
  noise: { use: 'full-batch' },
  optimiser: { use: 'matrix-step', stepSize },
  observers: { spectrum: { use: 'levels', when: { points: 17 } } },
});

export default defineScenario({
  ...publishedNetwork,
  plugins: [...publishedNetwork.plugins, 'langevin', 'dyson', 'stability'],
  title: 'SGD against the Langevin equation, T = 1/32',
  time: 16,
  model: { ...publishedNetwork.model, initialWidth: 0.5 },
  // Fresh batches: the theory assumes that steps are independent.
  noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 1 / 32 },
  observers: {
    spectrum: { use: 'gram-spectrum', block: 'W', when: { points: 17 } },
    stability: { use: 'sharpness', when: { points: 5 } },
    coefficients: { use: 'dyson-coefficients', block: 'W', when: { points: 65 } },
    step: { use: 'one-step', block: 'W', draws: 500, when: { points: 5 } },
  },
  compare: {
    levels: 'spectrum.levels',
    top: 6,
    replicas: 64,
    surrogates: {
      langevin: {
        noise: { use: 'langevin', temperature, subset: 512 },
        optimiser: { use: 'sgd', learningRate: stepSize },
      },
      isotropic: {
        noise: { use: 'langevin', temperature, subset: 512, covariance: 'isotropic' },
        optimiser: { use: 'sgd', learningRate: stepSize },
      },
      linearised: levelSurrogate('linearised'),
      frozen: levelSurrogate('frozen'),
    },
  },
});
