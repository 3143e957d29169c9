// Optimiser: sign-SGD, with momentum Signum.
import { clip, defineOptimiser } from 'eigenflow';
import { averaging, decoupledDecay, learningRate } from './parameters.js';
import { signStep } from './sign-step.js';

/**
 * With g the gradient on the batch of this step:
 *
 *     theta <- (1 - learningRate weightDecay) theta - learningRate sign(g)
 *
 * and with momentum (Signum) the sign of mean <- momentum mean + (1 - momentum) g, mean = 0 at the start. PyTorch has
 * neither. The sign of 0 is 0, so that a dead unit rests; that of NaN is NaN, so that a diverged run does not look
 * alive (torch.sign gives 0). Only clipping to a norm with an infinite gradient could matter: a clip changes no sign
 * without momentum.
 *
 * There is no limit of stability: steps have one size, and weights end in an oscillation of the size of the learning
 * rate at any curvature (derived). Neither preconditioner nor `descent`. Learning time advances by the learning rate.
 */
export const signSgd = defineOptimiser({
  name: 'sign-sgd',
  summary: 'A step of one size for every weight, against the sign of the gradient',
  params: {
    learningRate,
    momentum: averaging('the average of gradients, whose sign is taken,', 0),
    weightDecay: decoupledDecay,
    clip,
  },
  cite: ['arXiv:1802.04434'],
  kernelsOnly: true,
  create: (params, environment) =>
    signStep(params, params.momentum > 0 ? [params.momentum, params.momentum] : undefined, environment),
});
