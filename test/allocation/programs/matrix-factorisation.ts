// A symmetric factorisation on batches of its rows, with noise on them.
import matrixFactorisation from '../../../plugins/matrix-factorisation/index.js';
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'symmetric-factorisation', rank: 4 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'label-noise', batchSize: 2, order: 'iid', deviation: 0.01 },
    optimiser: { use: 'sgd', learningRate: 0.001 },
  },
  100_000,
  [matrixFactorisation],
);
