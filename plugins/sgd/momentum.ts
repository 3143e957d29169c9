// Optimiser: stochastic gradient descent with heavy-ball momentum.
import { clip, defineOptimiser } from 'eigenflow';
import { learningRate, momentum as momentumParameter, weightDecay } from './parameters.js';
import { withVelocity } from './with-velocity.js';

/**
 * Polyak's heavy ball in the convention of PyTorch (no dampening, the learning rate outside the velocity). With g the
 * gradient on the batch of this step and velocity = 0 at the start:
 *
 *     velocity <- momentum velocity + g + weightDecay theta
 *     theta    <- theta - learningRate velocity
 *
 * Learning time advances by the learning rate. A slowly varying gradient moves the weights 1/(1 - momentum) times as
 * far per unit of that time as it does in `sgd`.
 */
export const momentum = defineOptimiser({
  name: 'momentum',
  summary: 'Stochastic gradient descent with heavy-ball momentum',
  params: { learningRate, momentum: momentumParameter, weightDecay, clip },
  cite: ['doi:10.1016/0041-5553(64)90137-5', 'https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html'],
  kernelsOnly: true,
  create: (params, environment) => withVelocity(params, false, environment.kernels.momentumStep, environment),
});
