// Linear regression by momentum.
import limitingDynamics from '../../../plugins/limiting-dynamics/index.js';
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'linear-regression', modes: 6, outputs: 3, samples: 100 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 4, order: 'iid' },
    optimiser: { use: 'momentum', learningRate: 0.05 },
  },
  200_000,
  [limitingDynamics],
);
