// What optimisers with momentum share: one velocity vector, and a kernel that updates it with the weights.
import type { Kernels, Optimiser } from 'eigenflow';

interface Parameters {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

/**
 * One evaluation and one update a step; learning time advances by the learning rate.
 *
 * @param params read at every step: one that follows a schedule is a getter
 * @param nesterov whether `update` is Nesterov's
 */
export function withVelocity(params: Parameters, nesterov: boolean, update: Kernels['momentumStep']): Optimiser {
  return {
    state: ['velocity'],
    descent: {
      get momentum() {
        return params.momentum;
      },
      nesterov,
      get weightDecay() {
        return params.weightDecay;
      },
    },
    stepSize: () => params.learningRate,
    step(theta, objective, [velocity]) {
      objective.evaluate(theta);
      const { learningRate, momentum, weightDecay } = params;
      update(theta, objective.gradient, velocity, theta.length, learningRate, momentum, weightDecay);
    },
  };
}
