// Persistent chains of the Gaussian restricted Boltzmann machine.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'gaussian-rbm' },
    loss: { use: 'mean-output' },
    noise: { use: 'persistent-chains', chains: 4 },
    optimiser: { use: 'sgd', learningRate: 0.05 },
  },
  100_000,
);
