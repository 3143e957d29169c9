// Gradient flow with its check of the step, and label noise.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'teacher-student', hidden: 6, features: 5, samples: 200 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'label-noise', batchSize: 4, order: 'cyclic', deviation: 0.01 },
    optimiser: { use: 'gradient-flow', learningRate: 0.01 },
  },
  100_000,
);
