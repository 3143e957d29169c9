// AdamW under white noise, which is stepped call by call.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'teacher-student', hidden: 6, features: 5, samples: 200 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'sgld', temperature: 1e-6, batchSize: 4, order: 'iid' },
    optimiser: { use: 'adamw', learningRate: 1e-4, weightDecay: 0.1 },
  },
  100_000,
);
