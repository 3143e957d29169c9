// NAG-GS whose mass changes.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'teacher-student', hidden: 6, features: 5, samples: 200 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
    optimiser: { use: 'nag-gs', learningRate: 0.01, mass: 2 },
  },
  200000,
);
