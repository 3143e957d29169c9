// Runs at width 0 have no place on the logarithmic axis of a phase map: the others are read, and it is told.
import { expect, it } from 'vitest';
import { exportMap } from '../../analysis/advice/export-map.js';
import { readMap } from '../../analysis/advice/read-map.js';
import { smallMap } from './small-map.js';
import { compute, newFolder } from './studies.js';

const mapOver = (widths: readonly number[]) =>
  compute({
    ...smallMap,
    sweep: { axes: { 'model.initialWidth': widths, 'optimiser.learningRate': [0.5, 4, 64] }, seeds: 2 },
  });

it('runs at width 0 are left out of a map, and of its small data set, with a note', async () => {
  const { out } = await mapOver([0, 1, 4]);
  const path = `${newFolder()}/map`;
  await exportMap([out], path);
  for (const map of [readMap(out), readMap(path)]) {
    expect(map.runs.map(({ initialWidth }) => initialWidth).sort()).toEqual([1, 1, 1, 1, 1, 1, 4, 4, 4, 4, 4, 4]);
    expect(map.leftOut).toBe(
      '6 of 18 runs are left out: they are at model.initialWidth 0, which has no place on a logarithmic axis',
    );
  }
});

it('a map that has nothing else is refused with the reason', async () => {
  const { out } = await mapOver([0]);
  expect(() => readMap(out)).toThrow(
    'holds only runs at model.initialWidth 0, which has no place on a logarithmic axis',
  );
});
