// What Adam, AdamW and AMSGrad share: running averages of the gradient and of its square, weight by weight.
import { clip, clippedGradient, type Optimiser, type OptimiserEnvironment, partsByRate } from 'eigenflow';
import { biasCorrection } from './bias-correction.js';
import { averaging, epsilon, learningRate } from './parameters.js';

/** Parameters of all three, but for the decay. */
export const moments = {
  learningRate,
  beta1: averaging('the average of gradients', 0.9),
  beta2: averaging('the average of squared gradients', 0.999),
  epsilon: epsilon(1e-8),
} as const;

export const momentsWithClip = { ...moments, clip } as const;

interface Values {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly clip?: number;
}

export interface Decay {
  /** Enters the gradient. */
  readonly gradient: number;
  /** Shrinks the weights. */
  readonly decoupled: number;
}

/** Names of the state vectors. */
export const momentState = (largest: boolean) => ['mean', 'square', ...(largest ? ['largest'] : [])];

/**
 * @param params read at every step: one that follows a schedule is a getter
 * @param decay read at every step, too
 * @param largest whether the step is divided by the largest average square so far (AMSGrad)
 */
export function adaptiveMoments(
  params: Values,
  decay: Decay,
  largest: boolean,
  environment: OptimiserEnvironment,
): Optimiser {
  const { kernels, model } = environment;
  const { beta1, beta2, epsilon } = params;
  const parts = partsByRate(model, 'normalised');
  const gradientOf = clippedGradient(params, environment);
  const first = biasCorrection(beta1);
  const second = biasCorrection(beta2);
  const slot = new Float64Array(1);
  return {
    state: momentState(largest),
    stepNumbers: [first, second],
    stepSize: () => params.learningRate,
    ...(params.clip === undefined && {
      preconditioner(state, at, out) {
        const square = state[largest ? 2 : 1];
        first.write(at.step, slot);
        const averaged = slot[0];
        second.write(at.step, slot);
        const squared = slot[0];
        for (const { factor, of } of parts) {
          const [values, to] = [of(square), of(out)];
          // 0/0 before the first step: there is none yet.
          for (let i = 0; i < to.length; i++) to[i] = factor / (averaged * (Math.sqrt(values[i] / squared) + epsilon));
        }
      },
      stableLimit: () => ((2 - params.learningRate * decay.decoupled) * (1 + beta1)) / (1 - beta1),
    }),
    step(theta, objective, state) {
      objective.evaluate(theta);
      const gradient = gradientOf(objective);
      for (let i = 0; i < parts.length; i++) {
        const { factor, length, of } = parts[i];
        kernels.adamStep(
          of(theta),
          of(gradient),
          of(state[0]),
          of(state[1]),
          largest ? of(state[2]) : null,
          length,
          params.learningRate * factor,
          beta1,
          beta2,
          epsilon,
          first.slot[0],
          second.slot[0],
          decay.gradient,
          decay.decoupled,
        );
      }
    },
  };
}

/** Decay of one kind, which may follow a schedule. */
export const decayOf = (params: { readonly weightDecay: number }, decoupled: boolean): Decay => ({
  get gradient() {
    return decoupled ? 0 : params.weightDecay;
  },
  get decoupled() {
    return decoupled ? params.weightDecay : 0;
  },
});
