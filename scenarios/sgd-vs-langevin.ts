// SGD against its Langevin surrogate from the same weights on the same data: at T = 1/32 with batches of 4 they agree.
import { defineScenario } from 'eigenflow';
import { publishedNetwork } from './published.js';

export default defineScenario({
  ...publishedNetwork,
  plugins: [...publishedNetwork.plugins, 'langevin'],
  title: 'SGD against the Langevin equation, T = 1/32',
  time: 16,
  model: { ...publishedNetwork.model, initialWidth: 0.5 },
  // Fresh batches: the theory assumes that steps are independent.
  noise: { use: 'minibatch', batchSize: 4, order: 'iid' },
  optimiser: { use: 'sgd', learningRate: 0.125 },
  observers: {
    spectrum: { use: 'gram-spectrum', block: 'W', when: { points: 17 } },
    stability: { use: 'step-stability', when: { points: 5 } },
  },
  compare: {
    levels: 'spectrum.levels',
    top: 6,
    replicas: 24,
    surrogates: {
      langevin: {
        noise: { use: 'langevin', temperature: 1 / 32, subset: 512 },
        optimiser: { use: 'sgd', learningRate: 1 / 32 },
      },
    },
  },
});
