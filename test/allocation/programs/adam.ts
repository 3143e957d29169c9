// Adam with warm-up and cosine, clipped.
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'teacher-student', hidden: 6, features: 5, samples: 200 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
    optimiser: { use: 'adam', learningRate: { peak: 1e-3, warmUp: 1000, cosine: 1_000_000_000, floor: 0.1 }, clip: 1 },
  },
  200000,
);
