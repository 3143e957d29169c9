// SAM on Adam under Bernoulli masks, whose batches change their size.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'teacher-student', hidden: 6, features: 5, samples: 200 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'bernoulli', fraction: 0.05 },
    optimiser: { use: 'sam', learningRate: 1e-4, base: 'adam' },
  },
  100_000,
);
