// The runs that would settle a question which a map leaves open, as a scenario.
import type { Scenario } from '../scenario/scenario.js';
import type { Question } from './advice.js';

/** Seeds of a setting that is asked about: enough to tell 0.5 from 0.8 with one standard error to spare. */
export const NEXT_SEEDS = 10;

/** @param made the scenario that made the map */
export function nextScenario(made: Scenario, { learningRate, batchSize, initialWidth, model }: Question): Scenario {
  const { sweep: _sweep, figures: _figures, description: _description, ...rest } = made;
  return {
    ...rest,
    title: `${made.title}: initial width ${initialWidth}, learning rate ${learningRate}, batch size ${batchSize}`,
    model: { ...made.model, ...model },
    noise: { ...made.noise, batchSize },
    sweep: {
      axes: { 'model.initialWidth': [initialWidth], 'optimiser.learningRate': [learningRate] },
      seeds: NEXT_SEEDS,
    },
  };
}
