// What sign-SGD and Lion share: a step of the same size for every weight, in the direction of a sign.
import { clippedGradient, type Optimiser, type OptimiserEnvironment, partsByRate } from 'eigenflow';

interface Values {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly clip?: number;
}

/**
 * @param params read at every step: one that follows a schedule is a getter
 * @param betas shares of the average in the sign and in the next average; none: the sign of the gradient itself
 */
export function signStep(
  params: Values,
  betas: readonly [number, number] | undefined,
  environment: OptimiserEnvironment,
): Optimiser {
  const { kernels, model } = environment;
  const parts = partsByRate(model, 'normalised');
  const gradientOf = clippedGradient(params, environment);
  const [beta1, beta2] = betas ?? [0, 0];
  return {
    state: betas ? ['mean'] : [],
    stepSize: () => params.learningRate,
    step(theta, objective, state) {
      objective.evaluate(theta);
      const gradient = gradientOf(objective);
      for (let i = 0; i < parts.length; i++) {
        const { factor, length, of } = parts[i];
        kernels.signStep(
          of(theta),
          of(gradient),
          betas ? of(state[0]) : null,
          length,
          params.learningRate * factor,
          beta1,
          beta2,
          params.weightDecay,
        );
      }
    },
  };
}
