// SGD against its Langevin surrogate from the same weights on the same data. With single samples and a small step the
// surrogate with the exact covariance comes close; noise of the same size without its structure does not.
import { defineScenario } from 'eigenflow';
import { publishedNetwork } from './published.js';

export default defineScenario({
  ...publishedNetwork,
  plugins: [...publishedNetwork.plugins, 'langevin'],
  title: 'SGD against the Langevin equation, T = 1/32',
  time: 16,
  model: { ...publishedNetwork.model, initialWidth: 0.5 },
  // Fresh batches: the theory assumes that steps are independent.
  noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 1 / 32 },
  observers: {
    spectrum: { use: 'gram-spectrum', block: 'W', when: { points: 17 } },
    stability: { use: 'step-stability', when: { points: 5 } },
  },
  compare: {
    levels: 'spectrum.levels',
    top: 6,
    replicas: 32,
    surrogates: {
      langevin: {
        noise: { use: 'langevin', temperature: 1 / 32, subset: 512 },
        optimiser: { use: 'sgd', learningRate: 1 / 32 },
      },
      isotropic: {
        noise: { use: 'langevin', temperature: 1 / 32, subset: 512, covariance: 'isotropic' },
        optimiser: { use: 'sgd', learningRate: 1 / 32 },
      },
    },
  },
});
