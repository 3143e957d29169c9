// A diagonal linear network of depth 3 whose labels are noisy in another way at every step.
import diagonalNetwork from '../../../plugins/diagonal-network/index.js';
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'diagonal-linear-network', inputs: 20, samples: 12, depth: 3 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'label-noise', batchSize: 4, order: 'iid', deviation: 0.1 },
    optimiser: { use: 'sgd', learningRate: 0.001 },
  },
  100_000,
  [diagonalNetwork],
);
