// The published protocol: cyclic batches of 4.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'teacher-student' },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
    optimiser: { use: 'sgd', learningRate: 0.125 },
  },
  250_000,
);
