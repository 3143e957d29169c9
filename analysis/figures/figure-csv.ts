// The numbers behind a figure as a CSV file, so that it can be redrawn elsewhere.
import type { CurvesDeclaration } from '../../core/contracts/figure.js';
import type { Json } from '../../core/contracts/json.js';
import { numberCell, textCell } from '../../node/files/csv-cell.js';
import type { FlowTable } from './draw/flow-table.js';
import { TIE } from './draw/format.js';
import type { HeatMapTable } from './draw/heat-map-table.js';
import type { HistogramTable } from './draw/histogram-table.js';
import type { LineTable } from './draw/line-table.js';
import type { PhaseMapTable } from './draw/phase-map-table.js';
import { type CellSample, LEFT_OUT } from './draw/sample.js';
import type { Statistic } from './draw/statistics.js';

const BANDS: Readonly<Record<Statistic, readonly [string, string]>> = {
  median: ['16 % quantile', '84 % quantile'],
  mean: ['mean - error', 'mean + error'],
  fraction: ['lower end (68 %)', 'upper end (68 %)'],
};

const sampleHeader = (statistic: Statistic) => [statistic, ...BANDS[statistic], 'n', ...LEFT_OUT];

const sampleCells = ({ value, low, high, n, leftOut }: CellSample) => [
  ...[value, low, high, n].map(numberCell),
  ...LEFT_OUT.map((reason) => String(leftOut[reason] ?? 0)),
];

/**
 * One row per cell: the swept values, where they are drawn, the statistic with its band, the number of seeds that
 * entered, and how many were left out for each reason.
 */
export function heatMapCsv({ x, y, statistic, cells }: HeatMapTable, axes: readonly [string, string]): string {
  const rows = cells.map((cell) => [
    jsonCell(x.values[cell.column]),
    jsonCell(y.values[cell.row]),
    numberCell(x.positions[cell.column]),
    numberCell(y.positions[cell.row]),
    ...sampleCells(cell),
  ]);
  return table([...axes, 'x', 'y', ...sampleHeader(statistic)], rows);
}

/** One row per line and position on the x axis; columns as in `heatMapCsv`. */
export function linesCsv({ x, series, statistic }: LineTable, axes: readonly [string, string | undefined]): string {
  const [xAxis, seriesAxis] = axes;
  const rows = series.flatMap(({ value, cells }) =>
    cells.map((cell, column) => [
      ...(value === undefined ? [] : [jsonCell(value)]),
      jsonCell(x.values[column]),
      numberCell(x.positions[column]),
      ...sampleCells(cell),
    ]),
  );
  return table([...(seriesAxis === undefined ? [] : [seriesAxis]), xAxis, 'x', ...sampleHeader(statistic)], rows);
}

/** One row per cell: its label with the probability and band of it, and the number of runs with each label. */
export function phaseMapCsv({ x, y, labels, cells }: PhaseMapTable, axes: readonly [string, string]): string {
  const header = [
    ...axes,
    ...['x', 'y', 'label', 'probability', 'lower end (68 %)', 'upper end (68 %)', 'n'],
    ...labels.map((label) => `runs ${label}`),
    ...LEFT_OUT,
  ];
  const rows = cells.map(({ column, row, label = '', probability: { value, low, high }, n, counts, leftOut }) => [
    jsonCell(x.values[column]),
    jsonCell(y.values[row]),
    numberCell(x.positions[column]),
    numberCell(y.positions[row]),
    textCell(label),
    ...[value, low, high, n, ...counts].map(numberCell),
    ...LEFT_OUT.map((reason) => String(leftOut[reason] ?? 0)),
  ]);
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
 * One row per panel, frame and element: its index in the stored array, from 0, where the figure counts from 1. Levels that do not move have
 * no time and the status `reference`, the elements of another channel their times and the same status.
 */
export function flowCsv({ panels, seed, xLabel, elementLabel, valueLabel }: FlowTable): string {
  const header = ['panel', 'seed', 'status', xLabel, `${elementLabel} index (from 0)`, valueLabel];
  const rows = panels.flatMap(({ label, status, x, values, reference = [], companion = { x: [], values: [] } }) => {
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
      ...reference.map((value, i) => row('reference', '', value, i)),
      ...companion.x.flatMap((at, frame) =>
        companion.values[frame].map((value, i) => row('reference', numberCell(at), value, i)),
      ),
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
