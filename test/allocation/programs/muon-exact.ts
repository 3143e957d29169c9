// Muon with the polar factor, which is stepped call by call.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'teacher-student', hidden: 3, features: 2, samples: 200 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
    optimiser: { use: 'muon', learningRate: 1e-4, exact: true },
  },
  400_000,
);
