// Optimiser: RMSprop.
import { clip, clippedGradient, defineOptimiser, flag, number, partsByRate } from 'eigenflow';
import { averaging, epsilon, gradientDecay, learningRate } from './parameters.js';

/**
 * RMSprop in the convention of PyTorch. With g the gradient on the batch plus weightDecay theta, all state 0 at the
 * start:
 *
 *     square <- smoothing square + (1 - smoothing) g^2
 *     theta  <- theta - learningRate g/(sqrt(square) + epsilon)
 *
 * No bias correction: the first step is learningRate/sqrt(1 - smoothing), ten times the learning rate at the default.
 * With momentum, velocity <- momentum velocity + g/(sqrt(square) + epsilon) and theta <- theta - learningRate
 * velocity: it adds up, and does not average. `centered` subtracts the squared average of g under the root; what
 * rounding leaves below 0 counts as 0, where PyTorch gives NaN. Hinton's smoothing, and optax's, is 0.9; optax has
 * epsilon under the root.
 *
 * Preconditioner 1/((1 - momentum) (sqrt(square) + epsilon)), or that of the centered root: what a steady gradient is
 * multiplied by; stable below 2 (1 + momentum)/(1 - momentum) in its metric, with it held fixed (derived). T is no
 * number, see `adam`. Learning time advances by the learning rate.
 */
export const rmsprop = defineOptimiser({
  name: 'rmsprop',
  summary: 'Gradients over the root of averaged squares',
  params: {
    learningRate,
    smoothing: averaging('the average of squared gradients', 0.99),
    epsilon: epsilon(1e-8),
    momentum: number({
      doc: 'fraction of the velocity that survives one update; 0: no velocity',
      unit: '1',
      default: 0,
      min: 0,
      below: 1,
    }),
    centered: flag({ doc: 'divide by the scatter about the average gradient', default: false }),
    weightDecay: gradientDecay,
    clip,
  },
  cite: [
    'https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf',
    'arXiv:1308.0850',
    'https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html',
  ],
  kernelsOnly: true,
  create(params, environment) {
    const { kernels, model } = environment;
    const { smoothing, epsilon, momentum, centered } = params;
    const parts = partsByRate(model, 'normalised');
    const gradientOf = clippedGradient(params, environment);
    const names = ['square', ...(centered ? ['mean'] : []), ...(momentum > 0 ? ['velocity'] : [])];
    const meanAt = names.indexOf('mean');
    const velocityAt = names.indexOf('velocity');
    return {
      state: names,
      stepSize: () => params.learningRate,
      ...(params.clip === undefined && {
        preconditioner(state, at, out) {
          for (const { factor, of } of parts) {
            const [square, to] = [of(state[0]), of(out)];
            const mean = meanAt < 0 ? undefined : of(state[meanAt]);
            for (let i = 0; i < to.length; i++) {
              const spread = mean ? Math.max(0, square[i] - mean[i] * mean[i]) : square[i];
              to[i] = at.step === 0 ? Number.NaN : factor / ((1 - momentum) * (Math.sqrt(spread) + epsilon));
            }
          }
        },
        // In the metric of P, which holds what a steady gradient gains by the velocity.
        stableLimit: () => (2 * (1 + momentum)) / (1 - momentum),
      }),
      step(theta, objective, state) {
        objective.evaluate(theta);
        const gradient = gradientOf(objective);
        for (let i = 0; i < parts.length; i++) {
          const { factor, length, of } = parts[i];
          kernels.rmspropStep(
            of(theta),
            of(gradient),
            of(state[0]),
            meanAt < 0 ? null : of(state[meanAt]),
            velocityAt < 0 ? null : of(state[velocityAt]),
            length,
            params.learningRate * factor,
            smoothing,
            momentum,
            epsilon,
            params.weightDecay,
          );
        }
      },
    };
  },
});
