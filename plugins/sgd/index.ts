// Plugin `sgd`: stochastic gradient descent. The losses, the minibatch laws and the classical optimisers.
import { definePlugin } from 'eigenflow';
import { fullBatch } from './full-batch.js';
import { halfMeanSquare } from './half-mean-square.js';
import { meanOutput } from './mean-output.js';
import { minibatch } from './minibatch.js';
import { momentum } from './momentum.js';
import { nesterov } from './nesterov.js';
import { sgd } from './sgd.js';

export default definePlugin({
  name: 'sgd',
  version: '0.1.0',
  components: [halfMeanSquare, meanOutput, minibatch, fullBatch, sgd, momentum, nesterov],
});
