// Several maps of the same network under the same conditions, read as one.
import { EigenflowError } from '../../core/errors.js';
import { canonical } from '../../core/scenario/identity.js';
import { coordinateOf, type MapData } from './map-data.js';

/** @throws EigenflowError `results` naming what differs from the first map */
export function combineMaps(maps: readonly MapData[]): MapData {
  const [first, ...others] = maps;
  for (const other of others) {
    const keys = Object.keys(first.conditions) as (keyof MapData['conditions'])[];
    const different = keys.find((key) => canonical(first.conditions[key]) !== canonical(other.conditions[key]));
    if (different !== undefined) {
      throw new EigenflowError(
        'results',
        other.source,
        `cannot be read together with ${first.source}: another ${different}`,
      );
    }
    if (coordinateOf(first)?.path !== coordinateOf(other)?.path) {
      const [a, b] = [other, first].map((map) => coordinateOf(map)?.path ?? 'no parameter');
      throw new EigenflowError('results', other.source, `varies ${a}, and ${first.source} ${b}`);
    }
    if (first.paired !== other.paired) {
      throw new EigenflowError('results', other.source, `draws instances otherwise than ${first.source}`);
    }
  }
  const runs = new Map(
    maps.flatMap(({ runs: some }) =>
      some.map((run) => {
        const { initialWidth, learningRate, batchSize, length, instance } = run;
        return [[initialWidth, learningRate, batchSize, length, instance].join(' '), run] as const;
      }),
    ),
  );
  return {
    ...first,
    source: maps.map(({ source }) => source).join(' and '),
    runs: [...runs.values()],
    smoothness: maps.find(({ smoothness }) => smoothness !== undefined)?.smoothness,
  };
}
