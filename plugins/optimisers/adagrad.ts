// Optimiser: Adagrad.
import { type Clock, clip, clippedGradient, defineOptimiser, number, partsByRate } from 'eigenflow';
import { epsilon, gradientDecay, learningRate } from './parameters.js';

/** Far beyond any run: the other end of what the slowing is tried at. */
const MANY_STEPS = 2 ** 31;

/**
 * Adagrad in the convention of PyTorch. With t = 1, 2, ... the number of the step, g the gradient on its batch plus
 * weightDecay theta, sum = 0 at the start:
 *
 *     sum   <- sum + g^2
 *     theta <- theta - learningRate/(1 + (t - 1) slowing) g/(sqrt(sum + start) + epsilon)
 *
 * `start` is PyTorch's initial_accumulator_value, 0 there and 0.1 in optax and TensorFlow; `slowing` its lr_decay.
 * epsilon is 1e-10 by default, as in PyTorch. The first step is learningRate g/(|g| + epsilon) for start = 0.
 *
 * Preconditioner 1/((1 + (t - 1) slowing) (sqrt(sum + start) + epsilon)); stable below 2 with it held fixed. Any
 * learning rate converges on a quadratic: the sum grows until the step is stable (derived). T is no number, see `adam`.
 * Learning time advances by the learning rate, without the slowing.
 */
export const adagrad = defineOptimiser({
  name: 'adagrad',
  summary: 'Gradients over the root of summed squares',
  params: {
    learningRate,
    start: number({ doc: 'what is added to the sum of squares', unit: '1', default: 0, min: 0 }),
    slowing: number({
      doc: 'the learning rate is divided by 1 + slowing x steps made so far',
      unit: '1',
      default: 0,
      min: 0,
    }),
    epsilon: epsilon(1e-10),
    weightDecay: gradientDecay,
    clip,
  },
  cite: [
    'https://jmlr.org/papers/v12/duchi11a.html',
    'https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html',
  ],
  kernelsOnly: true,
  create(params, environment) {
    const { kernels, model } = environment;
    const { start, slowing, epsilon } = params;
    const parts = partsByRate(model, 'normalised');
    const gradientOf = clippedGradient(params, environment);
    const slot = Float64Array.of(1);
    const slowed = {
      slot,
      range: [1, 1 + slowing * MANY_STEPS] as const,
      follow(at: Clock) {
        slot[0] = 1 + at.step * slowing;
      },
    };
    return {
      state: ['sum'],
      ...(slowing > 0 && { stepNumbers: [slowed] }),
      stepSize: () => params.learningRate,
      ...(params.clip === undefined && {
        preconditioner(state, at, out) {
          for (const { factor, of } of parts) {
            const [sum, to] = [of(state[0]), of(out)];
            const size = at.step === 0 ? Number.NaN : factor / (1 + (at.step - 1) * slowing);
            for (let i = 0; i < to.length; i++) to[i] = size / (Math.sqrt(sum[i] + start) + epsilon);
          }
        },
        stableLimit: () => 2,
      }),
      step(theta, objective, [sum]) {
        objective.evaluate(theta);
        const gradient = gradientOf(objective);
        for (let i = 0; i < parts.length; i++) {
          const { factor, length, of } = parts[i];
          kernels.adagradStep(
            of(theta),
            of(gradient),
            of(sum),
            length,
            params.learningRate * factor,
            slot[0],
            start,
            epsilon,
            params.weightDecay,
          );
        }
      },
    };
  },
});
