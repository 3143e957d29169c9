// A scenario without results: its cells can be chosen and run, and nothing is stored of them.
import { tabulatePhases } from '../../analysis/figures/draw/phase-map-table.js';
import { describeWhere } from '../../analysis/figures/grid-points.js';
import { drawnValues, type FigureGround } from '../../core/figures/sources.js';
import type { RunConfig } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { Grid } from '../../core/scenario/sweep.js';
import type { MapView } from '../protocol.js';
import { declaredMaps, usualAxes } from './map-views.js';
import { ROW } from './one-row.js';
import { fixedAt, type StoredRuns } from './stored-runs.js';

/** @param runs of the sweep */
export function plannedRuns(scenario: Scenario, grid: Grid, runs: () => readonly RunConfig[]): StoredRuns {
  const axes = declaredMaps(scenario.figures)[0]?.declaration ?? usualAxes(grid.axes);
  const ground: FigureGround = {
    axes: [...grid.axes, ROW],
    channels: {},
    seeds: grid.seeds,
    classifiers: {},
    scenario,
  };
  const view: MapView | undefined = axes && {
    name: 'cells',
    title: 'Cells of the sweep',
    declaration: { kind: 'phase-map', x: axes.x, y: axes.y, where: axes.where },
  };
  return {
    maps: view ? [view] : [],
    rows: [],
    count: { runs: 0, provable: 0 },
    draw({ title, declaration }, given) {
      const where = fixedAt({ name: '', title, declaration }, given);
      const { x, y } = declaration;
      const table = tabulatePhases(
        { kind: 'phase-map', title, x, y, where },
        {
          xValues: drawnValues(x, 'x', ground, where),
          yValues: drawnValues(y, 'y', ground, where),
          seeds: grid.seeds,
          runs: [],
          classifier: scenario.classifier?.use ?? '',
          labels: [],
          crossings: [],
          title,
          where: describeWhere(where),
        },
      );
      return { kind: 'phase-map', table };
    },
    at: () => [],
    config: (id) => runs().find((config) => config.id === id) ?? 'there is no such run in the scenario',
    label: () => undefined,
    compare: () => ({ verdict: 'not comparable', message: 'nothing is stored that it could be held against' }),
  };
}
