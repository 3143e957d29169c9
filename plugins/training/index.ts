// Plugin `training`: losses and gradients along a run.
import { definePlugin } from 'eigenflow';
import { batchGradient } from './batch-gradient.js';
import { batchLoss } from './batch-loss.js';
import { epochMeanGradientNorm } from './epoch-mean-gradient-norm.js';
import { epochMeanLoss } from './epoch-mean-loss.js';
import { fullLoss } from './full-loss.js';
import { gradientNorm } from './gradient-norm.js';
import { testLoss } from './test-loss.js';

export default definePlugin({
  name: 'training',
  version: '0.1.0',
  components: [batchLoss, batchGradient, fullLoss, testLoss, gradientNorm, epochMeanGradientNorm, epochMeanLoss],
});
