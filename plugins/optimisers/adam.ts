// Optimiser: Adam.
import { defineOptimiser } from 'eigenflow';
import { adaptiveMoments, decayOf, momentsWithClip } from './adaptive-moments.js';
import { gradientDecay } from './parameters.js';

/**
 * Adam in the convention of PyTorch. With t = 1, 2, ... the number of the step, g the gradient on its batch plus
 * weightDecay theta, mean = square = 0 at the start:
 *
 *     mean   <- beta1 mean + (1 - beta1) g
 *     square <- beta2 square + (1 - beta2) g^2
 *     theta  <- theta - learningRate mean/(1 - beta1^t) / (sqrt(square/(1 - beta2^t)) + epsilon)
 *
 * Decay enters both averages, unlike in `adamw`. epsilon is added to the root; Kingma's second form has epsilon sqrt(1
 * - beta2^t) in its place, and optax can put it under the root. The first step is learningRate g/(|g| + epsilon). A
 * weight whose gradient has always been 0 stays; with epsilon = 0 it becomes NaN.
 *
 * Preconditioner P = 1/((1 - beta1^t) (sqrt(square/(1 - beta2^t)) + epsilon)), of the average of gradients; with P held
 * fixed, steps are stable on a quadratic below learningRate times curvature in its metric = 2 (1 + beta1)/(1 - beta1),
 * 38 at beta1 = 0.9 (arXiv:2207.14484; derived), where full-batch training comes to rest. T is no number: where noise
 * dominates each weight has its own, learningRate/sqrt(B C_ii) (derived), so `descent` is not said. Learning time
 * advances by the learning rate; it is not that of gradient flow.
 */
export const adam = defineOptimiser({
  name: 'adam',
  summary: 'Adam: averaged gradients over the root of averaged squares, weight decay in the gradient',
  params: { ...momentsWithClip, weightDecay: gradientDecay },
  cite: ['arXiv:1412.6980', 'https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html'],
  kernelsOnly: true,
  create: (params, environment) => adaptiveMoments(params, decayOf(params, false), false, environment),
});
