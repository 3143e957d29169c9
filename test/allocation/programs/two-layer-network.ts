// A two-layer network that learns three points one at a time.
import twoLayerRelu from '../../../plugins/two-layer-relu/index.js';
import { printBytesOf } from '../scenario.js';

await printBytesOf(
  {
    model: { use: 'two-layer-network', width: 16 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 1, order: 'reshuffled' },
    optimiser: { use: 'sgd', learningRate: 0.05 },
  },
  100_000,
  [twoLayerRelu],
);
