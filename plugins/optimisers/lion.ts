// Optimiser: Lion.
import { clip, defineOptimiser } from 'eigenflow';
import { averaging, decoupledDecay, learningRate } from './parameters.js';
import { signStep } from './sign-step.js';

/**
 * Lion in the convention of its authors and of lion-pytorch. With g the gradient on the batch, mean = 0 at the start:
 *
 *     theta <- (1 - learningRate weightDecay) theta - learningRate sign(beta1 mean + (1 - beta1) g)
 *     mean  <- beta2 mean + (1 - beta2) g
 *
 * in this order: the sign sees the old average. No bias correction and no epsilon. The default of weightDecay is 0 here
 * and in lion-pytorch, 1e-3 in optax. A weight whose gradient has died moves on at full speed for ever, since the
 * average never becomes 0; the sign of 0 is 0, that of NaN is NaN.
 *
 * There is no limit of stability, neither preconditioner nor `descent`: steps have one size at any curvature. Coming
 * from far away it overshoots by learningRate beta1/(1 - beta2) (derived). Learning time advances by the learning rate.
 */
export const lion = defineOptimiser({
  name: 'lion',
  summary: 'A step of one size for every weight, against the sign of an average of gradients',
  params: {
    learningRate,
    beta1: averaging('the average in the sign, where the gradient has the rest,', 0.9),
    beta2: averaging('the average of gradients', 0.99),
    weightDecay: decoupledDecay,
    clip,
  },
  cite: ['arXiv:2302.06675'],
  kernelsOnly: true,
  create: (params, environment) => signStep(params, [params.beta1, params.beta2], environment),
});
