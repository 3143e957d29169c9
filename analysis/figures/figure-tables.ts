// Reads the numbers that figures draw from the stored runs of a results folder.
import type {
  FigureAxis,
  FigureValue,
  FlowCell,
  FlowDeclaration,
  HeatMapDeclaration,
  HistogramDeclaration,
  LineDeclaration,
} from '../../core/contracts/figure.js';
import type { Json } from '../../core/contracts/json.js';
import { drawnAt, drawnValues, resolveChannel, sameJson, swept, type Where } from '../../core/figures/sources.js';
import { type FlowPanel, type FlowTable, MOST_PANELS, tabulateFlow } from './draw/flow-table.js';
import { formatPlace, TIE } from './draw/format.js';
import { type HeatMapRun, type HeatMapTable, tabulateHeatMap } from './draw/heat-map-table.js';
import { type BinnedRuns, type HistogramTable, tabulateHistogram } from './draw/histogram-table.js';
import { type LineRun, type LineTable, tabulateLines } from './draw/line-table.js';
import { axisLabel } from './draw/map-axis.js';
import type { SampleFacts } from './draw/sample.js';
import { inWords, withUnit } from './draw/words.js';
import type { FigureData } from './figure-data.js';
import {
  describeValue,
  describeWhere,
  type GridPoint,
  gridPoints,
  runFrame,
  runIds,
  runValue,
  type Selection,
  shownFrame,
} from './grid-points.js';

/** A figure's numbers with the runs they come from. */
export interface FigureNumbers<Table> {
  readonly table: Table;
  /** Ids of the runs that were read, in the order of the grid. */
  readonly runs: readonly string[];
}

type Unnamed<Declaration> = Omit<Declaration, 'name'>;

/** @throws EigenflowError `arrays` when the file of a run is damaged. Check the declaration with `checkFigures`. */
export function readHeatMap(data: FigureData, declaration: Unnamed<HeatMapDeclaration>): FigureNumbers<HeatMapTable> {
  const { manifest, ground } = data;
  const { x, y, where, contours } = declaration;
  const points = gridPoints(data, where);
  const runsOf = (value: FigureValue, of: Omit<Selection, 'value'>): HeatMapRun[] => {
    const selection = { ...of, value: fullName(value, data) };
    return points.map((point) => ({
      x: point.axes[x.axis],
      y: point.axes[y.axis],
      ...runValue(data, selection, point.run),
    }));
  };
  const table = tabulateHeatMap(
    { name: '', ...declaration },
    {
      xValues: drawnValues(x, 'x', ground, where),
      yValues: drawnValues(y, 'y', ground, where),
      seeds: data.realisations,
      runs: runsOf(declaration.value, declaration),
      // Another value than that of the map has neither its element nor its convention.
      contourRuns: contours?.value === undefined ? undefined : runsOf(contours.value, { frame: declaration.frame }),
      title: manifest.title,
      where: describeWhere(where),
      valueLabel: nameOf(declaration.value, data, declaration.element),
      ...leavesOut(declaration.value, data),
    },
  );
  return { table, runs: runIds(points) };
}

/** @throws EigenflowError `arrays` when the file of a run is damaged. Check the declaration with `checkFigures`. */
export function readLines(data: FigureData, declaration: Unnamed<LineDeclaration>): FigureNumbers<LineTable> {
  const { manifest, ground } = data;
  const { x, series, seriesValues, theory, leastAlong, where } = declaration;
  const marked = declaration.lastAbove?.value;
  const kept = (point: GridPoint) =>
    seriesValues === undefined || seriesValues.some((value) => sameJson(value, point.axes[series?.axis ?? '']));
  const points = gridPoints(data, where).filter(kept);
  const runsOf = (value: FigureValue, of: Omit<Selection, 'value'>): LineRun[] => {
    const selection = { ...of, value: fullName(value, data) };
    return points.map((point) => ({
      x: point.axes[x.axis],
      ...(series ? { series: point.axes[series.axis] } : {}),
      ...(leastAlong ? { along: point.axes[leastAlong.axis], seed: point.seed } : {}),
      ...runValue(data, selection, point.run),
    }));
  };
  const all = series && drawnValues(series, 'series', ground, where);
  const chosen = all?.values.map((value) => !seriesValues || seriesValues.some((each) => sameJson(each, value)));
  const table = tabulateLines(
    { name: '', ...declaration },
    {
      xValues: drawnValues(x, 'x', ground, where),
      seriesValues: all && {
        values: all.values.filter((_, i) => chosen?.[i]),
        divisors: all.divisors.filter((_, i) => chosen?.[i]),
      },
      alongValues: leastAlong && drawnValues(leastAlong, 'leastAlong', ground, where),
      seeds: data.realisations,
      runs: runsOf(declaration.value, declaration),
      theoryRuns: theory === undefined ? undefined : runsOf(theory, declaration),
      markedRuns: marked === undefined ? undefined : runsOf(marked, { frame: declaration.frame }),
      title: manifest.title,
      where: describeWhere(where),
      valueLabel: nameOf(declaration.value, data, declaration.element),
      ...leavesOut(declaration.value, data),
    },
  );
  return { table, runs: runIds(points) };
}

/** @throws EigenflowError `arrays` when the file of a run is damaged. Check the declaration with `checkFigures`. */
export function readFlow(data: FigureData, declaration: Unnamed<FlowDeclaration>): FigureNumbers<FlowTable> {
  const { manifest, ground } = data;
  const { value, seed = 0, where, panels } = declaration;
  const points = gridPoints(data, where).filter((point) => point.seed === seed);
  const given = typeof panels === 'object' ? panels : undefined;
  const shown = given
    ? given.map((cell) => ({ cell, point: points.find((point) => isAt(point, cell)) }))
    : evenlyChosen(points, MOST_PANELS).map((point) => ({ cell: undefined, point }));
  const channel = resolveChannel(value, 'value', ground);
  const { dims } = ground.channels[channel];
  const drawn = shown.flatMap(({ point }) => point ?? []);
  const varying = manifest.axes
    .map(({ name }) => name)
    .filter((name) => drawn.some(({ axes }) => !sameJson(axes[name], drawn[0].axes[name])));
  const table = tabulateFlow(
    { name: '', ...declaration },
    {
      title: manifest.title,
      where: describeWhere(where),
      valueLabel: nameOf(value, data),
      elementLabel: dims.join(', ') || 'element',
      hasSeed: manifest.checkpoints === undefined,
      cells: shown.length < points.length && given === undefined ? points.length : shown.length,
      panels: shown.flatMap(({ cell, point }) =>
        point ? [readPanel(data, channel, declaration, point, cell, varying)] : [],
      ),
    },
  );
  return { table, runs: runIds(drawn) };
}

const isAt = ({ axes }: GridPoint, { at }: FlowCell) =>
  Object.entries(at).every(([name, value]) => sameJson(axes[name], value));

/** `T = 4`, held on one line. */
function describeDrawn(axis: FigureAxis, value: Json, { ground }: FigureData, where: Where | undefined): string {
  const { values, divisors, unit } = drawnValues(axis, 'cellAxes', ground, where);
  const divisor = divisors[values.findIndex((each) => sameJson(each, value))];
  const number = swept(axis, value);
  const shown = number === undefined ? JSON.stringify(value) : formatPlace(drawnAt(axis, number, divisor));
  return [axisLabel(axis, unit), '=', shown].join(TIE);
}

/** @param varying axes whose values differ from panel to panel */
function readPanel(
  data: FigureData,
  channel: string,
  { x, since = 0, xDivideBy = 1, theory, reference, cellAxes, where }: Unnamed<FlowDeclaration>,
  { axes, run }: GridPoint,
  cell: FlowCell | undefined,
  varying: readonly string[],
): FlowPanel {
  const values = cellAxes
    ? cellAxes.map((axis) => describeDrawn(axis, axes[axis.axis], data, where))
    : varying.map((name) => describeValue(name, axes[name]));
  const label = cell?.label ? [`${cell.label}: ${values.join(', ')}`] : values;
  const status = run?.status ?? 'missing';
  const framesOf = (name: string) => {
    const arrays = data.open(name, run);
    if (arrays === undefined || !arrays.has(name)) return { x: [], values: [] };
    const { shape, data: stored } = arrays.get(name);
    const width = shape.slice(1).reduce((product, length) => product * length, 1);
    const at = [...arrays.get(`${name}.${x}`).data];
    const first = at.filter((place) => place < since).length;
    return {
      x: at.slice(first).map((place) => (place - since) / xDivideBy),
      values: at.slice(first).map((_, i) => [...stored.subarray((first + i) * width, (first + i + 1) * width)]),
    };
  };
  const frames = framesOf(channel);
  if (frames.x.length === 0) return { label, status, ...frames };
  return {
    label,
    status,
    ...frames,
    theory: theory === undefined ? undefined : framesOf(resolveChannel(theory, 'theory', data.ground)),
    reference: reference && runFrame(data, resolveChannel(reference.value, 'reference', data.ground), 0, run).values,
  };
}

/** @throws EigenflowError `arrays` when the file of a run is damaged. Check the declaration with `checkFigures`. */
export function readHistogram(
  data: FigureData,
  declaration: Unnamed<HistogramDeclaration>,
): FigureNumbers<HistogramTable> {
  const { manifest, ground } = data;
  const { value, theory, cells = [{ at: {} }], where, frame } = declaration;
  const points = gridPoints(data, where);
  const binsOf = (channel: string, chosen: readonly GridPoint[]): BinnedRuns =>
    chosen.map(({ run }) => {
      const { values, leftOut } = shownFrame(data, resolveChannel(channel, 'value', ground), frame, run);
      return values ? values.map((each) => ({ value: each })) : [{ value: Number.NaN, leftOut }];
    });
  const chosen = cells.map((cell) => ({ cell, points: points.filter((point) => isAt(point, cell)) }));
  const table = tabulateHistogram(declaration, {
    cells: chosen.map(({ cell, points: some }) => ({
      label: cell.label ?? describeWhere(cell.at),
      measured: binsOf(value, some),
      theory: theory === undefined ? undefined : binsOf(theory, some),
    })),
    seeds: data.realisations,
    title: manifest.title,
    where: describeWhere(where),
    valueLabel: nameOf(value, data),
    ...leavesOut(value, data),
  });
  return { table, runs: runIds(chosen.flatMap(({ points: some }) => some)) };
}

function evenlyChosen<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]);
}

function fullName(value: FigureValue, { ground }: FigureData): FigureValue {
  return typeof value === 'string' ? resolveChannel(value, 'value', ground) : value;
}

/** What errors over seeds of this value leave out. */
function leavesOut(value: FigureValue, { ground }: FigureData): Pick<SampleFacts, 'leavesOut'> {
  if (typeof value !== 'string') return {};
  const { leavesOut } = ground.channels[resolveChannel(value, 'value', ground)];
  return leavesOut === undefined ? {} : { leavesOut };
}

/** Name of a value with its unit, and which element of it where one is chosen: elements are counted from 1. */
function nameOf(value: FigureValue, { ground }: FigureData, element: readonly number[] = []): string {
  if (typeof value !== 'string') return `fraction ${value.labels.join(' or ')}`;
  const channel = resolveChannel(value, 'value', ground);
  const { dims, label, unit } = ground.channels[channel];
  const named = withUnit(label ?? inWords(channel), unit);
  return [named, ...element.map((i, axis) => `${dims[axis] ?? 'element'}${TIE}${i + 1}`)].join(', ');
}
