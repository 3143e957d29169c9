// The runs that would settle a question which a map leaves open, as a scenario.
import type { Scenario } from '../../core/scenario/scenario.js';
import type { Question } from './advice.js';
import type { Setting } from './map-data.js';
import { coordinateOf, type MapData, type MapRun, temperatureOf } from './map-data.js';

/** New seeds of a setting that is asked about: enough to tell 0.5 from 0.8 with one standard error to spare. */
export const NEXT_SEEDS = 10;

/** Seeds of the next scenario: those that the map has of this very setting, and `NEXT_SEEDS` more. */
export function nextSeeds({ runs }: MapData, { initialWidth, temperature, batchSize, length }: Setting): number {
  const isHere = (run: MapRun) =>
    run.initialWidth === initialWidth &&
    temperatureOf(run.learningRate, run.batchSize) === temperature &&
    run.batchSize === batchSize &&
    run.length === length;
  const seeds = runs.filter(isHere).map(({ instance }) => Number(instance.split(' ')[1]));
  return seeds.reduce((most, seed) => Math.max(most, seed + 1), 0) + NEXT_SEEDS;
}

/**
 * @param made the scenario that made the map
 * @param map that leaves the question open
 */
export function nextScenario(
  made: Scenario,
  { conditions, ...map }: MapData,
  { learningRate, batchSize, initialWidth, model }: Question,
  setting: Setting,
): Scenario {
  const {
    epochs: _epochs,
    steps: _steps,
    time: _time,
    sweep: _sweep,
    figures: _figures,
    description: _description,
    ...rest
  } = made;
  const coordinate = coordinateOf({ conditions, ...map });
  const where = coordinate ? `${coordinate.name} ${initialWidth}, ` : '';
  return {
    ...rest,
    title: `${made.title}: ${where}learning rate ${learningRate}, batch size ${batchSize}`,
    model: { ...made.model, ...model },
    noise: { ...made.noise, batchSize },
    [conditions.lengthUnit]: setting.length,
    sweep: {
      axes: { ...(coordinate && { [coordinate.path]: [initialWidth] }), 'optimiser.learningRate': [learningRate] },
      seeds: nextSeeds({ conditions, ...map }, setting),
    },
  };
}
