// Loss: the square of what is missing to a margin of 1.
import { defineLoss } from 'eigenflow';
import { createOutputLoss, outputLossCode } from './output-loss.js';

/**
 * With y = +1 for a target above 0 and -1 else, averaged over outputs and samples,
 *
 *     max(0, 1 - y out)^2
 *
 * Targets are labels as in `hinge`. Second derivative 2/K below the margin and 0 from it on. The spherical perceptron
 * and the jamming of networks are studied with half of it (arXiv:1809.09349): there the loss is half as large.
 */
export const squaredHinge = defineLoss({
  name: 'squared-hinge',
  summary: 'Square of what is missing to a margin of 1, averaged over outputs and samples',
  params: {},
  cite: ['arXiv:1809.09349'],
  kernelsOnly: true,
  create: (_params, environment) => createOutputLoss(outputLossCode.squaredHinge, environment),
});
