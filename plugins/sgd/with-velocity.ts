// What optimisers with momentum share: one velocity vector, and a kernel that updates it with the weights.
import {
  clippedGradient,
  type Kernels,
  type Optimiser,
  type OptimiserEnvironment,
  partsByRate,
  type RatePart,
} from 'eigenflow';
import { stableLimit } from 'eigenflow/theory';

interface Parameters {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly clip?: number;
}

/** Whether the learning rate is the same for all weights, and the one that the optimiser was given. */
export const isPlain = (parts: readonly RatePart[]) => parts.every(({ factor }) => factor === 1);

/**
 * Where the learning rate differs from block to block: its factors as the diagonal P of a preconditioner, times what a
 * steady gradient gains by momentum, and the step at which a quadratic turns unstable. Nothing where it is the same
 * throughout.
 */
export function ratesAsMetric(
  parts: readonly RatePart[],
  gain: () => number,
  limit: () => number,
): Pick<Optimiser, 'preconditioner' | 'stableLimit'> {
  if (isPlain(parts)) return {};
  return {
    preconditioner(_state, _at, out) {
      for (const { factor, of } of parts) of(out).fill(gain() * factor);
    },
    stableLimit: limit,
  };
}

/**
 * One evaluation and one update a step; learning time advances by the learning rate. A model with factors of the
 * learning rate multiplies it block by block; theory for plain descent is not offered then, nor
 * where gradients are clipped.
 *
 * @param params read at every step: one that follows a schedule is a getter
 * @param nesterov whether `update` is Nesterov's
 */
export function withVelocity(
  params: Parameters,
  nesterov: boolean,
  update: Kernels['momentumStep'],
  environment: OptimiserEnvironment,
): Optimiser {
  const parts = partsByRate(environment.model, 'proportional');
  const gradientOf = clippedGradient(params, environment);
  return {
    state: ['velocity'],
    ...(isPlain(parts) &&
      params.clip === undefined && {
        descent: {
          get momentum() {
            return params.momentum;
          },
          nesterov,
          get weightDecay() {
            return params.weightDecay;
          },
        },
      }),
    ...(params.clip === undefined &&
      ratesAsMetric(
        parts,
        () => 1 / (1 - params.momentum),
        () => stableLimit({ momentum: params.momentum, nesterov, weightDecay: 0 }) / (1 - params.momentum),
      )),
    ...(isPlain(parts) &&
      params.clip === undefined && {
        modeStep(curvature, _at, matrix, noise) {
          const { learningRate, momentum, weightDecay } = params;
          if (weightDecay !== 0) return false;
          // Of the gradient and of the velocity in what the weight moves by.
          const [direct, kept] = nesterov ? [1 + momentum, momentum * momentum] : [1, momentum];
          matrix[0] = 1 - learningRate * direct * curvature;
          matrix[1] = -learningRate * kept;
          matrix[2] = curvature;
          matrix[3] = momentum;
          noise[0] = -learningRate * direct;
          noise[1] = 1;
          return true;
        },
      }),
    stepSize: () => params.learningRate,
    step(theta, objective, [velocity]) {
      objective.evaluate(theta);
      const gradient = gradientOf(objective);
      const { learningRate, momentum, weightDecay } = params;
      for (let i = 0; i < parts.length; i++) {
        const { factor, length, of } = parts[i];
        update(of(theta), of(gradient), of(velocity), length, learningRate * factor, momentum, weightDecay);
      }
    },
  };
}
