// Optimiser: plain stochastic gradient descent.
import { defineOptimiser } from 'eigenflow';
import { learningRate, weightDecay } from './parameters.js';

/**
 * With g the gradient on the batch of this step:
 *
 *     theta <- theta - learningRate (g + weightDecay theta)
 *
 * One step advances learning time by the learning rate, the time of the continuous limits in arXiv:2407.16427 and
 * arXiv:2509.01349.
 */
export const sgd = defineOptimiser({
  name: 'sgd',
  summary: 'Plain stochastic gradient descent',
  params: { learningRate, weightDecay },
  cite: ['doi:10.1214/aoms/1177729586'],
  kernelsOnly: true,
  create(params, { kernels }) {
    return {
      state: [],
      descent: {
        momentum: 0,
        nesterov: false,
        get weightDecay() {
          return params.weightDecay;
        },
      },
      // Parameters are read at every step: one that follows a schedule is a getter.
      stepSize: () => params.learningRate,
      step(theta, objective) {
        objective.evaluate(theta);
        kernels.sgdStep(theta, objective.gradient, theta.length, params.learningRate, params.weightDecay);
      },
    };
  },
});
