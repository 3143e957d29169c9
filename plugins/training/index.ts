// Plugin `training`: losses and gradients along a run.
import { definePlugin } from 'eigenflow';
import { accuracy } from './accuracy.js';
import { batchGradient } from './batch-gradient.js';
import { batchLoss } from './batch-loss.js';
import { epochMeanGradientNorm } from './epoch-mean-gradient-norm.js';
import { epochMeanLoss } from './epoch-mean-loss.js';
import { fullLoss } from './full-loss.js';
import { gradientNorm } from './gradient-norm.js';
import { lossFluctuation } from './loss-fluctuation.js';
import { margins } from './margins.js';
import { testLoss } from './test-loss.js';
import { updateToWeight } from './update-to-weight.js';

export default definePlugin({
  name: 'training',
  version: '0.1.0',
  components: [
    batchLoss,
    batchGradient,
    fullLoss,
    testLoss,
    gradientNorm,
    epochMeanGradientNorm,
    epochMeanLoss,
    accuracy,
    lossFluctuation,
    margins,
    updateToWeight,
  ],
});
