// A study that sweeps one axis has maps of one row: the second axis has no name and one value.
import type { FigureData } from '../../analysis/figures/figure-data.js';
import type { Manifest } from '../../node/results/results-folder.js';

export const ROW: Manifest['axes'][number] = { name: '', values: [null], group: -1, unit: '1' };

/** The same runs on a grid that has the row as well. */
export function withRow(data: FigureData): FigureData {
  const { dimensions, ground } = data;
  const row = { name: ROW.name, length: 1, axes: [{ name: ROW.name, axis: ROW }] };
  return {
    ...data,
    // Seeds stay last.
    dimensions: [...dimensions.slice(0, -1), row, ...dimensions.slice(-1)],
    ground: { ...ground, axes: [...ground.axes, ROW] },
  };
}
