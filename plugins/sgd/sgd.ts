// Optimiser: plain stochastic gradient descent.
import { clip, clippedGradient, defineOptimiser, partsByRate } from 'eigenflow';
import { learningRate, weightDecay } from './parameters.js';
import { isPlain, ratesAsMetric } from './with-velocity.js';

/**
 * With g the gradient on the batch of this step:
 *
 *     theta <- theta - learningRate (g + weightDecay theta)
 *
 * A model with factors of the learning rate multiplies it block by block; theory for plain descent is not offered then,
 * nor where gradients are clipped. One step advances learning time by the learning rate, the time of the continuous
 * limits in arXiv:2407.16427 and arXiv:2509.01349.
 */
export const sgd = defineOptimiser({
  name: 'sgd',
  summary: 'Plain stochastic gradient descent',
  params: { learningRate, weightDecay, clip },
  cite: ['doi:10.1214/aoms/1177729586'],
  kernelsOnly: true,
  create(params, environment) {
    const { kernels, model } = environment;
    const parts = partsByRate(model, 'proportional');
    const gradientOf = clippedGradient(params, environment);
    return {
      state: [],
      ...(isPlain(parts) &&
        params.clip === undefined && {
          descent: {
            momentum: 0,
            nesterov: false,
            get weightDecay() {
              return params.weightDecay;
            },
          },
        }),
      ...(params.clip === undefined &&
        ratesAsMetric(
          parts,
          () => 1,
          () => 2,
        )),
      ...(isPlain(parts) &&
        params.clip === undefined && {
          modeStep(curvature, _at, matrix, noise) {
            const { learningRate, weightDecay } = params;
            if (weightDecay !== 0) return false;
            matrix[0] = 1 - learningRate * curvature;
            noise[0] = -learningRate;
            return true;
          },
        }),
      // Parameters are read at every step: one that follows a schedule is a getter.
      stepSize: () => params.learningRate,
      step(theta, objective) {
        objective.evaluate(theta);
        const gradient = gradientOf(objective);
        const { learningRate, weightDecay } = params;
        for (let i = 0; i < parts.length; i++) {
          const { factor, length, of } = parts[i];
          kernels.sgdStep(of(theta), of(gradient), length, learningRate * factor, weightDecay);
        }
      },
    };
  },
});
