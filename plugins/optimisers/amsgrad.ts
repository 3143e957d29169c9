// Optimiser: AMSGrad.
import { choice, defineOptimiser, number } from 'eigenflow';
import { adaptiveMoments, decayOf, momentsWithClip } from './adaptive-moments.js';

/**
 * As `adam` or `adamw`, but divided by the largest average square that there has been:
 *
 *     largest <- max(largest, square)
 *     theta   <- theta - learningRate mean/(1 - beta1^t) / (sqrt(largest/(1 - beta2^t)) + epsilon)
 *
 * The largest of the averages as they are, corrected afterwards, as in PyTorch; optax corrects first, and the two
 * differ for ever. P never grows, so that training stays far below its limit of stability, that of `adam`: no mistake.
 */
export const amsgrad = defineOptimiser({
  name: 'amsgrad',
  summary: 'Adam divided by the largest average square so far',
  params: {
    ...momentsWithClip,
    weightDecay: number({ doc: 'coefficient of the weight decay', unit: '1', default: 0, min: 0, schedulable: true }),
    decay: choice({
      doc: 'gradient: weightDecay theta is added to the gradient, as in adam; decoupled: weights shrink, as in adamw',
      values: ['gradient', 'decoupled'],
      default: 'gradient',
    }),
  },
  cite: ['arXiv:1904.09237', 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html'],
  kernelsOnly: true,
  create: (params, environment) =>
    adaptiveMoments(params, decayOf(params, params.decay === 'decoupled'), true, environment),
});
