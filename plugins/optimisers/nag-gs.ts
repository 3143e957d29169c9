// Optimiser: NAG-GS, Nesterov's accelerated flow by a semi-implicit scheme.
import { type Clock, clip, clippedGradient, defineOptimiser, EigenflowError, number, partsByRate } from 'eigenflow';
import { biasCorrection } from './bias-correction.js';

/**
 * The flow dx = (v - x) dt, dv = [convexity (x - v) - grad f(x)]/mass dt, d mass/dt = convexity - mass, with steps
 * alpha = learningRate in the order of Gauss and Seidel (arXiv:2209.14937, where convexity is mu and mass is gamma):
 *
 *     mass <- (mass + alpha convexity)/(1 + alpha)
 *     v    <- [v + tau x - alpha/mass g(x)]/(1 + tau),     tau = alpha convexity/mass
 *     x    <- (x + alpha v)/(1 + alpha)
 *
 * x are the weights, v = x at the start, g the gradient on the batch. The paper has x before v, so that its first step
 * leaves x where it is: the same sequence, begun half a step later. The authors' PyTorch class takes the mass before
 * its update. The state is `lead` = v - x, which begins at 0. Noise sigma dW on v is that of `sgld` at temperature
 * (sigma mass)^2/2.
 *
 * With mass = convexity and curvatures from convexity to L, alpha = [convexity + mass + sqrt((convexity - mass)^2 + 4
 * mass L)]/(L - convexity) is the fastest step, and from [convexity + mass + sqrt(mass^2 - 6 mass convexity +
 * convexity^2 + 4 mass L)]/(L - 2 convexity) on steps diverge; never where convexity is L/2 or more. A gradient g that
 * stays moves the weights by alpha/(mass + convexity (1 + alpha)) g a step in the end (derived).
 *
 * Learning time advances by alpha, the time of the flow above. Neither preconditioner nor `descent`. The learning rate
 * follows no schedule, since the mass would have to follow it. Throws EigenflowError `component` for a model with
 * factors of the learning rate.
 */
export const nagGs = defineOptimiser({
  name: 'nag-gs',
  summary: "Nesterov's accelerated flow by a semi-implicit scheme",
  params: {
    learningRate: number({ doc: 'step alpha in the time of the flow', unit: '1', above: 0 }),
    convexity: number({ doc: 'mu, the smallest curvature that is counted on', unit: '1', default: 1, min: 0 }),
    mass: number({ doc: 'gamma at the start; it approaches the convexity', unit: '1', default: 1, above: 0 }),
    clip,
  },
  cite: ['arXiv:2209.14937', 'https://github.com/skolai/nag-gs'],
  kernelsOnly: true,
  create(params, environment) {
    const { learningRate: alpha, convexity, mass } = params;
    const { kernels, model } = environment;
    if (partsByRate(model, 'proportional').some(({ factor }) => factor !== 1)) {
      const message = 'nag-gs has one time for all weights; use a model without factors of the learning rate';
      throw new EigenflowError('component', 'optimiser', message);
    }
    const { size } = model;
    const gradientOf = clippedGradient(params, environment);
    const settle = 1 / (1 + alpha);
    const [kept, push] = [new Float64Array(1), new Float64Array(1)];
    const write = (massNow: number) => {
      kept[0] = 1 / (1 + (alpha * convexity) / massNow);
      push[0] = -alpha / (massNow + alpha * convexity);
    };
    // The mass approaches the convexity as an average does that starts at 0: by 1 - settle^t.
    const { write: approach } = biasCorrection(settle);
    const approached = new Float64Array(1);
    const massAfter = (updates: number) => {
      approach(updates, approached);
      return mass + (convexity - mass) * approached[0];
    };
    const writeAfter = (updates: number) => write(massAfter(updates));
    const follow = (at: Clock) => writeAfter(at.step + 1);
    const first = mass + (convexity - mass) * (1 - settle);
    const rangeOf = (slot: Float64Array): readonly [number, number] => {
      const ends = [first, Math.max(convexity, first / 1024)].map((end) => {
        write(end);
        return slot[0];
      });
      return [Math.min(...ends), Math.max(...ends)];
    };
    const stepNumbers = [kept, push].map((slot) => ({ slot, range: rangeOf(slot), follow }));
    writeAfter(1);
    return {
      state: ['lead'],
      ...(mass !== convexity && { stepNumbers }),
      stepSize: () => alpha,
      ...(params.clip === undefined && {
        modeStep(curvature, at, matrix, noise) {
          const massNow = massAfter(at.step + 1);
          const keptNow = 1 / (1 + (alpha * convexity) / massNow);
          const pushNow = -alpha / (massNow + alpha * convexity);
          // The lead before it is settled is kept lead + push (h q + e).
          matrix[0] = 1 + alpha * settle * pushNow * curvature;
          matrix[1] = alpha * settle * keptNow;
          matrix[2] = settle * pushNow * curvature;
          matrix[3] = settle * keptNow;
          noise[0] = alpha * settle * pushNow;
          noise[1] = settle * pushNow;
          return true;
        },
      }),
      step(theta, objective, [lead]) {
        objective.evaluate(theta);
        kernels.scale(kept[0], lead, size);
        kernels.axpy(push[0], gradientOf(objective), size, lead);
        kernels.axpy(alpha * settle, lead, size, theta);
        kernels.scale(settle, lead, size);
      },
    };
  },
});
