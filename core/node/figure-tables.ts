// Reads the numbers that figures draw from the stored runs of a results folder.
import type { FlowDeclaration, HeatMapDeclaration } from '../figures/declaration.js';
import { type FlowPanel, type FlowTable, MOST_PANELS, tabulateFlow } from '../figures/flow-table.js';
import { formatNumber, TIE } from '../figures/format.js';
import { type HeatMapRun, type HeatMapTable, type LeftOut, tabulateHeatMap } from '../figures/heat-map-table.js';
import type { Json } from '../parameters/check.js';
import { openRun } from './export/frames.js';
import type { RunGrid } from './export/run-grid.js';
import type { RunRow } from './runs-table.js';

/** A figure's numbers with the runs they come from. */
export interface FigureNumbers<Table> {
  readonly table: Table;
  /** Ids of the runs that were read, in the order of the grid. */
  readonly runs: readonly string[];
}

/** A point of the grid: the value of every axis, the seed, and the run where one has ended. */
interface GridPoint {
  readonly axes: Readonly<Record<string, Json>>;
  readonly seed: number;
  readonly run: RunRow | undefined;
}

/** @throws EigenflowError `arrays` when the file of a run is damaged. Check the declaration with `checkFigures`. */
export function readHeatMap(grid: RunGrid, declaration: HeatMapDeclaration): FigureNumbers<HeatMapTable> {
  const { manifest } = grid;
  const { x, y, value } = declaration;
  const values = (axis: string) => {
    const all = manifest.axes.find(({ name }) => name === axis)?.values ?? [];
    const wanted = declaration.where?.[axis];
    return wanted === undefined ? all : all.filter((each) => each === wanted);
  };
  const points = gridPoints(grid, declaration.where);
  const runs = points.map(
    (point): HeatMapRun => ({
      x: point.axes[x.axis],
      y: point.axes[y.axis],
      ...measuredValue(grid, declaration, point.run),
    }),
  );
  const table = tabulateHeatMap(declaration, {
    xValues: values(x.axis),
    yValues: values(y.axis),
    seeds: manifest.seeds,
    runs,
    title: manifest.title,
    where: describeWhere(declaration.where),
    valueLabel: withUnit(value, manifest.channels[value].unit),
  });
  return { table, runs: points.flatMap(({ run }) => (run === undefined ? [] : [run.id])) };
}

/** @throws EigenflowError `arrays` when the file of a run is damaged. Check the declaration with `checkFigures`. */
export function readFlow(grid: RunGrid, declaration: FlowDeclaration): FigureNumbers<FlowTable> {
  const { manifest } = grid;
  const { value, seed = 0 } = declaration;
  const points = gridPoints(grid, declaration.where).filter((point) => point.seed === seed);
  const shown = evenlyChosen(points, MOST_PANELS);
  const channel = manifest.channels[value];
  const table = tabulateFlow(declaration, {
    title: manifest.title,
    where: describeWhere(declaration.where),
    valueLabel: withUnit(value, channel.unit),
    elementLabel: channel.dims.join(', ') || 'element',
    cells: points.length,
    panels: shown.map((point) => readPanel(grid, declaration, point)),
  });
  return { table, runs: shown.flatMap(({ run }) => (run === undefined ? [] : [run.id])) };
}

function gridPoints({ dimensions, runs }: RunGrid, where: Readonly<Record<string, Json>> = {}): GridPoint[] {
  const points: GridPoint[] = [];
  const seeds = dimensions[dimensions.length - 1].length;
  const wanted = Object.entries(where);
  for (let i = 0; i < runs.length; i++) {
    const axes: Record<string, Json> = {};
    let rest = Math.floor(i / seeds);
    for (const { length, axes: members } of dimensions.slice(0, -1).reverse()) {
      for (const { axis } of members) axes[axis.name] = axis.values[rest % length];
      rest = Math.floor(rest / length);
    }
    if (!wanted.every(([name, value]) => axes[name] === value)) continue;
    points.push({ axes, seed: i % seeds, run: runs[i] });
  }
  return points;
}

function measuredValue(
  { folder }: RunGrid,
  { value, element = [], frame = 'last' }: HeatMapDeclaration,
  run: RunRow | undefined,
): { value: number; leftOut?: LeftOut } {
  const none = (leftOut: LeftOut) => ({ value: Number.NaN, leftOut });
  if (run === undefined) return none('missing');
  // The last frame of a run that broke off shows another time than the others. A saturated run can move no more, so
  // that its last frame is what it would have ended with.
  const isWhole = run.status === 'completed' || run.status === 'saturated';
  if (frame === 'last' && !isWhole) return none(run.status as LeftOut);
  const arrays = openRun(folder, run);
  if (arrays === undefined || !arrays.has(value)) return none(run.status === 'failed' ? 'failed' : 'missing');
  const { shape, data } = arrays.get(value);
  const index = frame === 'last' ? shape[0] - 1 : frame;
  if (index < 0 || index >= shape[0]) return none(run.status === 'completed' ? 'missing' : run.status);
  return { value: data[element.reduce((at, i, axis) => at * shape[axis + 1] + i, index)] };
}

function readPanel(
  { folder, manifest }: RunGrid,
  { value, x, where }: FlowDeclaration,
  { axes, run }: GridPoint,
): FlowPanel {
  const fixed = manifest.axes.filter(({ name }) => where !== undefined && name in where).map(({ group }) => group);
  const label = manifest.axes
    .filter(({ values, group }) => values.length > 1 && !fixed.includes(group))
    .map(({ name }) => describeValue(name, axes[name]));
  const arrays = openRun(folder, run);
  const status = run?.status ?? 'missing';
  if (arrays === undefined || !arrays.has(value)) return { label, status, x: [], values: [] };
  const { shape, data } = arrays.get(value);
  const width = shape.slice(1).reduce((product, length) => product * length, 1);
  return {
    label,
    status,
    x: [...arrays.get(`${value}.${x}`).data],
    values: Array.from({ length: shape[0] }, (_, frame) => [...data.subarray(frame * width, (frame + 1) * width)]),
  };
}

function evenlyChosen<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]);
}

function describeWhere(where: Readonly<Record<string, Json>> = {}): string {
  return Object.entries(where)
    .map(([name, value]) => describeValue(name, value))
    .join(', ');
}

/** `learningRate = 0.5`, held on one line. */
function describeValue(axis: string, value: Json): string {
  const name = axis.slice(axis.lastIndexOf('.') + 1);
  let shown = typeof value === 'string' ? value : JSON.stringify(value);
  if (typeof value === 'number') shown = formatNumber(value);
  return [name, '=', shown].join(TIE);
}

function withUnit(channel: string, unit: string): string {
  const name = channel.slice(channel.indexOf('.') + 1);
  return unit === '1' || unit === '' || unit === name ? name : `${name} (${unit})`;
}
