// Loss: negative log-likelihood of yes or no, output by output.
import { defineLoss } from 'eigenflow';
import { createOutputLoss, outputLossCode } from './output-loss.js';

/**
 * With o an output (the logarithm of the odds), t its target and p = 1/(1 + exp(-o)), averaged over outputs and
 * samples,
 *
 *     -t log p - (1 - t) log(1 - p) = max(o, 0) - o t + log(1 + exp(-|o|))
 *
 * as BCEWithLogitsLoss of PyTorch; finite for every finite output. Targets: labels 0 and 1, or probabilities in
 * between. A target below 0 counts as 0, so that labels -1 and +1 mean the same. One output tells two classes apart;
 * of several, each asks a question of its own, and one-hot rows make it one against all others. Second derivative p
 * (1 - p)/K.
 *
 * On data that it can separate the loss has no minimum at finite weights: they grow for ever (arXiv:1710.10345).
 */
export const logistic = defineLoss({
  name: 'logistic',
  summary: 'Negative log-likelihood of yes or no, averaged over outputs and samples (BCEWithLogitsLoss)',
  params: {},
  cite: ['arXiv:1710.10345'],
  kernelsOnly: true,
  create: (_params, environment) => createOutputLoss(outputLossCode.logistic, environment),
});
