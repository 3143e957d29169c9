// Optimiser: sharpness-aware minimisation.
import {
  choice,
  clip,
  clippedGradient,
  defineOptimiser,
  EigenflowError,
  number,
  partsByRate,
  type RatePart,
  type Vector,
} from 'eigenflow';
import { decayOf } from './adaptive-moments.js';
import { biasCorrection } from './bias-correction.js';
import { learningRate } from './parameters.js';

const USED = {
  sgd: [],
  momentum: ['momentum'],
  nesterov: ['momentum'],
  adam: ['beta1', 'beta2', 'epsilon'],
  adamw: ['beta1', 'beta2', 'epsilon'],
} as const;

type Base = keyof typeof USED;

/** Names of the state vectors. */
const STATES: Readonly<Record<Base, readonly string[]>> = {
  sgd: [],
  momentum: ['velocity'],
  nesterov: ['velocity'],
  adam: ['mean', 'square'],
  adamw: ['mean', 'square'],
};

const share = (doc: string) => number({ doc, unit: '1', min: 0, below: 1, optional: true });

/** @throws EigenflowError `parameter` for a parameter that the base does not have */
function checkUsed(base: Base, given: Readonly<Record<string, number | undefined>>): void {
  const used: readonly string[] = USED[base];
  const stray = Object.keys(given).find((name) => given[name] !== undefined && !used.includes(name));
  if (stray === undefined) return;
  const has = used.length > 0 ? `its own are ${used.join(', ')}` : 'it has none of its own';
  throw new EigenflowError('parameter', `optimiser.${stray}`, `has no effect with base ${base}: ${has}; leave it out`);
}

/**
 * SAM in the convention of davda54/sam (PyTorch has none). With g(theta) the gradient on the batch of this step:
 *
 *     e     = radius g(theta) / (|g(theta)| + 1e-12)
 *     theta <- step of `base` from theta with the gradient g(theta + e)
 *
 * on the same batch with the same noise, |.| being one norm over all weights. The first gradient has no weight decay
 * and is not clipped; momentum and averages see the second one alone; the loss that is told is that at theta. Two
 * evaluations a step, so that it takes about twice the time. The bases are sgd, momentum, nesterov, adam and adamw,
 * with their parameters and defaults.
 *
 * On a quadratic a sharp direction of curvature h is stable below learningRate h (1 + radius h/G) = 2 with sgd, G the
 * norm of a gradient that lies mostly elsewhere (arXiv:2309.12488): a limit that moves with G, so that none is said. No
 * T either: the noise enters twice. Learning time advances by the learning rate.
 *
 * Throws EigenflowError `parameter` for a parameter that the base does not have.
 */
export const sam = defineOptimiser({
  name: 'sam',
  summary: 'A step with the gradient from a little way uphill',
  params: {
    learningRate,
    radius: number({ doc: 'how far uphill', unit: '1', default: 0.05, min: 0, schedulable: true }),
    base: choice({ doc: 'optimiser that makes the step', values: Object.keys(USED) as Base[], default: 'sgd' }),
    momentum: share('as in the base; default 0.9'),
    beta1: share('as in the base; default 0.9'),
    beta2: share('as in the base; default 0.999'),
    epsilon: number({ doc: 'as in the base; default 1e-8', unit: '1', min: 0, optional: true }),
    weightDecay: number({ doc: 'as in the base', unit: '1', default: 0, min: 0, schedulable: true }),
    clip,
  },
  cite: ['arXiv:2010.01412', 'https://github.com/davda54/sam'],
  kernelsOnly: true,
  create(params, environment) {
    const { arena, kernels, model } = environment;
    const { base, momentum = 0.9, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = params;
    checkUsed(base, { momentum: params.momentum, beta1: params.beta1, beta2: params.beta2, epsilon: params.epsilon });
    const isAdam = base === 'adam' || base === 'adamw';
    const parts = partsByRate(model, isAdam ? 'normalised' : 'proportional');
    const gradientOf = clippedGradient(params, environment);
    const uphill = arena.vector(model.size);
    const loss = arena.vector(1);
    const first = biasCorrection(beta1);
    const second = biasCorrection(beta2);
    const decay = base === 'adam' ? decayOf(params, false) : decayOf(params, true);
    /** The step of the base on one part of the weights. */
    const move = (theta: Vector, gradient: Vector, state: readonly Vector[], { factor, length, of }: RatePart) => {
      const rate = params.learningRate * factor;
      const [t, g] = [of(theta), of(gradient)];
      switch (base) {
        case 'sgd':
          return kernels.sgdStep(t, g, length, rate, params.weightDecay);
        case 'momentum':
          return kernels.momentumStep(t, g, of(state[0]), length, rate, momentum, params.weightDecay);
        case 'nesterov':
          return kernels.nesterovStep(t, g, of(state[0]), length, rate, momentum, params.weightDecay);
        default:
          kernels.adamStep(
            t,
            g,
            of(state[0]),
            of(state[1]),
            null,
            length,
            rate,
            beta1,
            beta2,
            epsilon,
            first.slot[0],
            second.slot[0],
            decay.gradient,
            decay.decoupled,
          );
      }
    };
    return {
      state: STATES[base],
      ...(isAdam && { stepNumbers: [first, second] }),
      stepSize: () => params.learningRate,
      step(theta, objective, state) {
        objective.evaluate(theta);
        kernels.copy(objective.value, 1, loss);
        kernels.ascend(theta, objective.gradient, model.size, params.radius, uphill);
        objective.evaluate(uphill);
        kernels.copy(loss, 1, objective.value);
        const gradient = gradientOf(objective);
        for (let i = 0; i < parts.length; i++) move(theta, gradient, state, parts[i]);
      },
    };
  },
});
