// A linear teacher and student with fresh data at every step.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'linear-teacher-student', samples: 'endless' },
    loss: { use: 'mean-output' },
    noise: { use: 'minibatch', batchSize: 16, order: 'cyclic' },
    optimiser: { use: 'sgd', learningRate: 0.05 },
  },
  100_000,
);
