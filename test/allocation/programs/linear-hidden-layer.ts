// A linear network with one hidden layer.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'linear-hidden-layer', samples: 64, labelNoise: 0.1 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 16, order: 'cyclic' },
    optimiser: { use: 'sgd', learningRate: 0.05 },
  },
  100_000,
);
