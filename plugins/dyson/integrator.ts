// What the integrators of this plugin have in common: they are optimisers that move the levels of a level process.
import {
  type Clock,
  EigenflowError,
  type LevelProcess,
  type Optimiser,
  type OptimiserEnvironment,
  type Vector,
} from 'eigenflow';

/**
 * Moves the levels by `at.stepSize` of learning time. Numbers come in the clock, because a double argument is boxed.
 * Other levels may be moved between two steps, at times of their own: nothing is kept from one step to the next.
 */
export type Move = (levels: Vector, at: Clock) => void;

/**
 * The optimiser that evaluates the objective, for the loss that the engine watches, and then moves the levels. Loss and
 * noise model have no influence on the motion: drift and noise are those of the level process.
 *
 * @param name of the integrator, for the message
 * @throws EigenflowError `scenario` for a model without levels
 */
export function createIntegrator(
  name: string,
  params: { readonly stepSize: number },
  { model }: OptimiserEnvironment,
  createMove: (process: LevelProcess) => Move,
): Optimiser {
  const process = model.levelProcess;
  if (!process) {
    throw new EigenflowError(
      'scenario',
      'optimiser.use',
      `"${name}" moves levels, and this model has none; use a model such as "dyson-brownian-motion", or an ` +
        'optimiser such as "sgd"',
    );
  }
  const move = createMove(process);
  return {
    state: [],
    stepSize: () => params.stepSize,
    step(theta, objective, _state, at) {
      process.prepare?.(at);
      objective.evaluate(theta);
      move(theta, at);
    },
  };
}
