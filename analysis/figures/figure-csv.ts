// The numbers behind a figure as a CSV file, so that it can be redrawn elsewhere.
import type { CurvesDeclaration } from '../../core/contracts/figure.js';
import type { Json } from '../../core/contracts/json.js';
import { numberCell, textCell } from '../../node/files/csv-cell.js';
import type { FlowTable } from './draw/flow-table.js';
import { TIE } from './draw/format.js';
import type { HeatMapTable } from './draw/heat-map-table.js';
import type { HistogramTable } from './draw/histogram-table.js';
import type { LineTable } from './draw/line-table.js';
import type { FrameCell } from './draw/map-frame.js';
import type { PhaseMapTable } from './draw/phase-map-table.js';
import { type CellSample, LEFT_OUT, type LeftOut, RUNS_LEFT_OUT } from './draw/sample.js';
import type { Statistic } from './draw/statistics.js';

const BANDS: Readonly<Record<Statistic, readonly [string, string]>> = {
  median: ['16 % quantile', '84 % quantile'],
  mean: ['mean - error', 'mean + error'],
  fraction: ['lower end (68 %)', 'upper end (68 %)'],
};

const sampleHeader = (statistic: Statistic, reasons = RUNS_LEFT_OUT) => [
  ...[statistic, ...BANDS[statistic], 'n'],
  ...reasons,
];

const sampleCells = ({ value, low, high, n, leftOut }: CellSample, reasons: readonly LeftOut[] = RUNS_LEFT_OUT) => [
  ...[value, low, high, n].map(numberCell),
  ...reasons.map((reason) => String(leftOut[reason] ?? 0)),
];

/** What the columns of a map are called where no figure lies beside them, and values that all of its cells share. */
export interface MapColumns {
  readonly x: string;
  readonly y: string;
  /** The statistic, or the label. */
  readonly value: string;
  readonly shared: Readonly<Record<string, Json>>;
}

type Axes = readonly [string, string];
type Place = Pick<FrameCell, 'column' | 'row'>;

/** Of an axis without a name, which a row has beside its own, there are no columns. */
const named = (cells: readonly string[], names: readonly string[]) => cells.filter((_, i) => names[i] !== '');

function placeColumns({ x, y }: Pick<HeatMapTable, 'x' | 'y'>, axes: Axes, { shared, ...drawn }: MapColumns) {
  const names = [...axes, ...Object.keys(shared), drawn.x, drawn.y];
  const cells = ({ column, row }: Place) => [
    ...[x.values[column], y.values[row], ...Object.values(shared)].map(jsonCell),
    ...[x.positions[column], y.positions[row]].map(numberCell),
  ];
  return { header: named(names, names), cellsOf: (place: Place) => named(cells(place), names) };
}

/**
 * One row per cell: the swept values, where they are drawn, the statistic with its band, the number of seeds that
 * entered, and how many were left out for each reason.
 */
export function heatMapCsv(
  map: HeatMapTable,
  axes: Axes,
  names: MapColumns = { x: 'x', y: 'y', value: map.statistic, shared: {} },
): string {
  const [, ...sample] = sampleHeader(map.statistic);
  const { header, cellsOf } = placeColumns(map, axes, names);
  const rows = map.cells.map((cell) => [...cellsOf(cell), ...sampleCells(cell)]);
  return table([...header, names.value, ...sample], rows);
}

/**
 * One row per line and position on the x axis; columns as in `heatMapCsv`, the law where there is one, and one for seeds
 * without a minimum.
 */
export function linesCsv(
  { x, series, statistic, theoryLabel, counted }: LineTable,
  axes: readonly [string, string | undefined],
): string {
  const [xAxis, seriesAxis] = axes;
  const reasons = counted ? LEFT_OUT : RUNS_LEFT_OUT;
  const rows = series.flatMap(({ value, cells, theory }) =>
    cells.map((cell, column) => [
      ...(value === undefined ? [] : [jsonCell(value)]),
      jsonCell(x.values[column]),
      numberCell(x.positions[column]),
      ...sampleCells(cell, reasons),
      ...(theory === undefined ? [] : [numberCell(theory[column].value)]),
    ]),
  );
  const axisNames = [...(seriesAxis === undefined ? [] : [seriesAxis]), xAxis, 'x'];
  const law = theoryLabel === undefined ? [] : [theoryLabel];
  return table([...axisNames, ...sampleHeader(statistic, reasons), ...law], rows);
}

/** One row per cell: its label with the probability and band of it, and the number of runs with each label. */
export function phaseMapCsv(
  map: PhaseMapTable,
  axes: Axes,
  names: MapColumns = { x: 'x', y: 'y', value: 'label', shared: {} },
): string {
  const place = placeColumns(map, axes, names);
  const header = [
    ...place.header,
    ...[names.value, 'probability', 'lower end (68 %)', 'upper end (68 %)', 'n'],
    ...map.labels.map((label) => `runs ${label}`),
    ...RUNS_LEFT_OUT,
  ];
  const rows = map.cells.map((cell) => {
    const { label = '', probability, n, counts, leftOut } = cell;
    return [
      ...place.cellsOf(cell),
      textCell(label),
      ...[probability.value, probability.low, probability.high, n, ...counts].map(numberCell),
      ...RUNS_LEFT_OUT.map((reason) => String(leftOut[reason] ?? 0)),
    ];
  });
  return table(header, rows);
}

/** One row per curve and bin; the curves are measured ones and the law next to them. */
export function histogramCsv({ centres, curves, xLabel, statistic }: HistogramTable): string {
  const rows = curves.flatMap(({ label, kind, bins }) =>
    bins.map((bin, i) => [textCell(label.replaceAll(TIE, ' ')), kind, numberCell(centres[i]), ...sampleCells(bin)]),
  );
  return table(['cell', 'curve', xLabel, ...sampleHeader(statistic)], rows);
}

/** One row per curve and point. */
export function curvesCsv({ curves, xLabel, yLabel }: Pick<CurvesDeclaration, 'curves' | 'xLabel' | 'yLabel'>): string {
  const rows = curves.flatMap(({ label, x, y }) =>
    x.map((at, i) => [textCell(label), numberCell(at), numberCell(y[i])]),
  );
  return table(['curve', xLabel, yLabel], rows);
}

/**
 * One row per panel, frame and element: its index in the stored array, from 0, where the figure counts from 1. Levels that do not move have no time and the status `reference`; those of a law have the status `theory`.
 */
export function flowCsv({ panels, seed, xLabel, elementLabel, valueLabel }: FlowTable): string {
  const header = ['panel', 'seed', 'status', xLabel, `${elementLabel} index (from 0)`, valueLabel];
  const rows = panels.flatMap(({ label, status, x, values, theory, reference = [] }) => {
    const row = (state: string, at: string, value: number, element: number) => [
      textCell(label.join(', ').replaceAll(TIE, ' ')),
      seed === undefined ? '' : String(seed),
      state,
      at,
      String(element),
      numberCell(value),
    ];
    return [
      ...x.flatMap((at, frame) => values[frame].map((value, i) => row(status, numberCell(at), value, i))),
      ...(theory?.x ?? []).flatMap((at, frame) =>
        (theory?.values[frame] ?? []).map((value, i) => row('theory', numberCell(at), value, i)),
      ),
      ...reference.map((value, i) => row('reference', '', value, i)),
    ];
  });
  return table(header, rows);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${[header.map(textCell), ...rows].map((cells) => cells.join(',')).join('\n')}\n`;
}

function jsonCell(value: Json): string {
  if (typeof value === 'number') return numberCell(value);
  return textCell(typeof value === 'string' ? value : JSON.stringify(value));
}
