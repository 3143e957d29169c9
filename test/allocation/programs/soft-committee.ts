// A committee that learns from samples that never come twice, both layers, with label noise.
import onlineLearning from '../../../plugins/online-learning/index.js';
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'soft-committee', inputs: 24, students: 3, trained: ['W', 'V'], labelNoise: 0.1 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 2, order: 'iid' },
    optimiser: { use: 'sgd', learningRate: 0.25 },
  },
  100_000,
  [onlineLearning],
);
