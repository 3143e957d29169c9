// Studies that sweep one axis, or axes that vary together: their maps have one row, whether runs are stored, exported or yet
// to come.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { exportMap } from '../../../analysis/advice/export-map.js';
import { parseScenario } from '../../../core/scenario/parse.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import { expandSweep } from '../../../core/scenario/sweep.js';
import { svgSurface } from '../../../lab/page/drawing/svg-surface.js';
import { PAPER } from '../../../lab/page/drawing/theme.js';
import { mapShapes, plotBox } from '../../../lab/page/map/draw-map.js';
import { mapPicture } from '../../../lab/page/map/map-picture.js';
import { sayCell } from '../../../lab/page/map/reading.js';
import type { Shape } from '../../../lab/page/map/shapes.js';
import { placeAt, spotOf } from '../../../lab/page/map/spot.js';
import type { MapView } from '../../../lab/protocol.js';
import { plannedRuns } from '../../../lab/worker/planned-runs.js';
import { registryOf } from '../../../lab/worker/plugins.js';
import { openStoredMap } from '../../../lab/worker/stored-map.js';
import { openStoredResults } from '../../../lab/worker/stored-results.js';
import type { StoredRuns } from '../../../lab/worker/stored-runs.js';
import { parseCsv } from '../../../node/files/csv-cell.js';
import { readRun } from '../../../node/results/run-file.js';
import { smallMap } from '../../node/small-map.js';
import { compute, newFolder } from '../../node/studies.js';

const load = (path: string): never => {
  throw new Error(`no file ${path}`);
};
const WIDTH = 'model.initialWidth';
// The last one saturates at once.
const VALUES = [0.25, 1, 4, 1e200];
const scenario = parseScenario({ ...smallMap, sweep: { axes: { [WIDTH]: VALUES }, seeds: 3 } });
const registry = await registryOf(smallMap.plugins);
const runsOf = (one: typeof scenario) => resolveScenario(one, registry, load).runs;

let out: string;
let results: StoredRuns;
let exported: StoredRuns;
beforeAll(async () => {
  ({ out } = await compute(scenario));
  results = openStoredResults(out, new Set(), () => runsOf(scenario), new Map());
  const folder = join(newFolder(), 'map');
  await exportMap([out], folder);
  exported = openStoredMap(folder, (one) => runsOf(parseScenario(one)));
});

function viewOf({ maps }: StoredRuns, name: string): MapView {
  const view = maps.find((each) => each.name === name);
  if (!view) throw new Error(`no map ${name}: ${maps.map((each) => each.name).join(', ')}`);
  return view;
}

function numbersOf(stored: StoredRuns, name: string) {
  const view = viewOf(stored, name);
  const map = stored.draw(view, {});
  if (map.kind !== 'heat-map') throw new Error(name);
  return { map, declaration: view.declaration };
}

const lossesOf = (width: number) =>
  runsOf(scenario)
    .filter(({ axes }) => axes[WIDTH] === width)
    .map(({ id }) => readRun(out, id).get('loss.loss').data.at(-1) ?? Number.NaN)
    .sort((a, b) => a - b);

describe('the map of one axis', () => {
  test('has a cell for every value, with the median of the seeds', () => {
    const { cells } = numbersOf(results, 'loss.loss').map.table;
    expect(cells.map(({ column, row, n }) => [column, row, n])).toEqual([0, 1, 2, 3].map((i) => [i, 0, i < 3 ? 3 : 0]));
    for (const [i, { value }] of cells.slice(0, 3).entries()) expect(value).toBe(lossesOf(VALUES[i])[1]);
    expect(cells[3].leftOut).toEqual({ saturated: 3 });
  });

  test('is there for an exported map, and before a run is computed', () => {
    expect(exported.draw(viewOf(exported, 'label.outcome'), {}).table.cells).toHaveLength(4);
    const loss = numbersOf(exported, 'loss.loss last').map.table.cells;
    // An exported map is drawn over 1 / width, and has eight digits.
    expect(loss.at(-1)?.value).toBe(Number(lossesOf(VALUES[0])[1].toPrecision(8)));
    const planned = plannedRuns(scenario, expandSweep(scenario), () => runsOf(scenario));
    expect(planned.draw(planned.maps[0], {}).table.cells).toHaveLength(4);
  });

  test('of axes that vary together is that of the first, and leads to values of both', () => {
    const sweep = {
      axes: { [WIDTH]: [0.5, 1], 'optimiser.learningRate': [1, 2] },
      zip: [[WIDTH, 'optimiser.learningRate']],
    };
    const zipped = parseScenario({ ...smallMap, sweep });
    const grid = expandSweep(zipped);
    const { maps, draw } = plannedRuns(zipped, grid, () => runsOf(zipped));
    const axes = grid.axes.map((axis) => ({ ...axis, whole: false }));
    const at = placeAt(draw(maps[0], {}), maps[0].declaration, axes, { column: 1, row: 0 }, {});
    expect(at).toEqual({ [WIDTH]: 1, 'optimiser.learningRate': 2 });
  });

  test('leads to values of that axis alone, and back', () => {
    const { map, declaration } = numbersOf(results, 'loss.loss');
    const axes = [{ name: WIDTH, values: VALUES, group: 0, whole: false }];
    const at = placeAt(map, declaration, axes, { column: 1.5, row: 0 }, {});
    expect(at).toEqual({ [WIDTH]: 2 });
    expect(spotOf(map, declaration, { [WIDTH]: 4 })).toEqual({ column: 2, row: 0 });
    expect(sayCell(map, { column: 2, row: 0 })).toMatch(/^initial width 4: training loss .* N 3$/);
  });

  test('draws numbers as points, higher ones higher, with bands that reach no edge', () => {
    const { map } = numbersOf(results, 'loss.loss');
    const box = plotBox(map, { x: 0, y: 0, width: 400, height: 400 });
    const shapes = mapShapes(map, box, PAPER).flatMap((shape) => (shape.kind === 'clip' ? shape.shapes : [shape]));
    const points = shapes.filter((shape): shape is Extract<Shape, { kind: 'circle' }> => shape.kind === 'circle');
    const order = (numbers: readonly number[]) => numbers.map((_, i) => i).sort((a, b) => numbers[a] - numbers[b]);
    expect(points).toHaveLength(3);
    expect(order(points.map(({ y }) => -y))).toEqual(order(map.table.cells.slice(0, 3).map(({ value }) => value)));
    const bands = shapes.flatMap((shape) => (shape.kind === 'line' && shape.width === 1.2 ? shape.points : []));
    for (const [, y] of bands.filter(([, each]) => Number.isFinite(each))) {
      expect(y).toBeGreaterThan(box.y);
      expect(y).toBeLessThan(box.y + box.height);
    }
  });

  test('draws a band that reaches 0 to the end of a logarithmic axis', () => {
    const { map } = numbersOf(results, 'loss.loss');
    const cells = map.table.cells.map((cell) => ({ ...cell, low: cell.n > 0 ? -1 : Number.NaN }));
    const { draw } = mapPicture(
      { ...map, table: { ...map.table, color: 'log', cells } },
      viewOf(results, 'loss.loss').declaration,
      {},
      [],
    );
    const surface = svgSurface();
    draw(surface, { x: 0, y: 0, width: 500, height: 560 }, PAPER);
    expect(surface.content()).not.toContain('NaN');
    expect(surface.content().match(/d="M[^L"]+L[^L"]+" [^>]*stroke-width="1.2"/g)).toHaveLength(1 + 3);
  });

  test('is kept without columns of an axis that is not there', () => {
    const { map, declaration } = numbersOf(results, 'loss.loss');
    const [header, ...rows] = parseCsv(mapPicture(map, declaration, {}, []).csv);
    expect(header.slice(0, 3)).toEqual([WIDTH, 'initial width', 'median of training loss']);
    expect(rows.map(([width]) => Number(width))).toEqual(VALUES);
    expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([header.length]));
  });
});
