// Loss: the squared distance to the target, averaged over outputs and samples.
import { defineLoss } from 'eigenflow';
import { createOutputLoss, outputLossCode } from './output-loss.js';

/**
 *     loss = mean_n 1/K sum_k (out_nk - target_nk)^2
 *
 * with K outputs: averaged over outputs, as MSELoss of PyTorch, and without a factor 1/2. `half-mean-square` sums over
 * outputs and has the factor: it is K/2 times this loss, and its gradient K/2 times as large. Targets are numbers.
 * Exact second derivative 2/K.
 */
export const meanSquare = defineLoss({
  name: 'mean-square',
  summary: 'Squared distance between output and target, averaged over outputs and samples (MSELoss)',
  params: {},
  cite: [],
  kernelsOnly: true,
  create: (_params, environment) => createOutputLoss(outputLossCode.meanSquare, environment),
});
