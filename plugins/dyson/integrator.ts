// What the integrators of this plugin have in common: they are optimisers that move the levels of a level process.
import type { Clock, LevelProcess, Model, Optimiser, Vector } from 'eigenflow';
import { levelProcessOf } from './level-process-of.js';

/**
 * Moves the levels by `at.stepSize` of learning time. Numbers come in the clock, because a double argument is boxed.
 */
export type Move = (levels: Vector, at: Clock) => void;

/**
 * The optimiser that evaluates the objective, for the loss that the engine watches, and then moves the levels. Loss and
 * noise model have no influence on the motion: drift and noise are those of the level process. Its `step` throws
 * EigenflowError `scenario` for a model without levels.
 *
 * @param name of the integrator, for that message
 * @param prepare called at the first step of a run
 */
export function createIntegrator(
  name: string,
  params: { readonly stepSize: number },
  prepare: (process: LevelProcess) => Move,
): Optimiser {
  let model: Model | undefined;
  let process: LevelProcess | undefined;
  let move: Move | undefined;
  return {
    state: [],
    plan(at) {
      at.stepSize = params.stepSize;
    },
    step(theta, objective, _state, at) {
      if (move === undefined || objective.model !== model) {
        process = levelProcessOf(objective, name);
        move = prepare(process);
        model = objective.model;
      }
      process?.prepare?.(at);
      objective.evaluate(theta);
      at.stepSize = params.stepSize;
      move(theta, at);
    },
  };
}
