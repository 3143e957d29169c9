// Optimiser: stochastic gradient descent with Nesterov momentum.
import { clip, defineOptimiser } from 'eigenflow';
import { learningRate, momentum, weightDecay } from './parameters.js';
import { withVelocity } from './with-velocity.js';

/**
 * Nesterov's accelerated gradient in the convention of PyTorch, which is written in the look-ahead point and needs one
 * gradient per step. With d = g + weightDecay theta, g the gradient on the batch of this step, and velocity = 0 at the
 * start:
 *
 *     velocity <- momentum velocity + d
 *     theta    <- theta - learningRate (d + momentum velocity)
 *
 * The first step is 1 + momentum times as long as that of `momentum`. Learning time advances by the learning rate.
 */
export const nesterov = defineOptimiser({
  name: 'nesterov',
  summary: 'Stochastic gradient descent with Nesterov momentum',
  params: { learningRate, momentum, weightDecay, clip },
  cite: [
    'https://proceedings.mlr.press/v28/sutskever13.html',
    'https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html',
  ],
  kernelsOnly: true,
  create: (params, environment) => withVelocity(params, true, environment.kernels.nesterovStep, environment),
});
