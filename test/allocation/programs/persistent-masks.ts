// A perceptron with a door on three Gaussian clusters, under masks that persist.
import gaussianMixture from '../../../plugins/gaussian-mixture/index.js';
import network from '../../../plugins/network/index.js';
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'gaussian-mixture', dimension: 10, clusters: 3, activation: 'door' },
    loss: { use: 'logistic' },
    noise: { use: 'persistent-masks', fraction: 0.3, persistenceTime: 1 },
    optimiser: { use: 'sgd', learningRate: 0.01, weightDecay: 0.1 },
  },
  100_000,
  [gaussianMixture, network],
);
