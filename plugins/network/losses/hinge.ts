// Loss: what is missing to a margin of 1.
import { defineLoss } from 'eigenflow';
import { createOutputLoss, outputLossCode } from './output-loss.js';

/**
 * With y = +1 for a target above 0 and -1 else, averaged over outputs and samples,
 *
 *     max(0, 1 - y out)
 *
 * Targets are labels, 0 and 1 or -1 and +1, which mean the same; one-hot rows make each output one against all others.
 * The gradient is 0 at a margin of exactly 1, and the second derivative 0 everywhere: a sharpness by Gauss-Newton says
 * nothing. Loss and gradient become exactly 0 when every margin is reached. It is none of PyTorch's losses:
 * HingeEmbeddingLoss and MultiMarginLoss are others.
 */
export const hinge = defineLoss({
  name: 'hinge',
  summary: 'What is missing to a margin of 1, averaged over outputs and samples',
  params: {},
  cite: ['doi:10.1007/BF00994018'],
  kernelsOnly: true,
  create: (_params, environment) => createOutputLoss(outputLossCode.hinge, environment),
});
