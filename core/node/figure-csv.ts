// The numbers behind a figure as a CSV file, so that it can be redrawn elsewhere.
import type { FlowTable } from '../figures/flow-table.js';
import { TIE } from '../figures/format.js';
import type { HeatMapTable, LeftOut } from '../figures/heat-map-table.js';
import type { Json } from '../parameters/check.js';
import { numberCell, textCell } from './csv-cell.js';

const REASONS: readonly LeftOut[] = ['diverged', 'saturated', 'stopped', 'failed', 'missing', 'not finite'];

/**
 * One row per cell: the swept values, where they are drawn, the statistic with its band, the number of seeds that
 * entered, and how many were left out for each reason.
 */
export function heatMapCsv({ x, y, statistic, cells }: HeatMapTable, axes: readonly [string, string]): string {
  const band = statistic === 'median' ? ['16 % quantile', '84 % quantile'] : ['mean - error', 'mean + error'];
  const header = [...axes, 'x', 'y', statistic, ...band, 'n', ...REASONS];
  const rows = cells.map(({ column, row, value, low, high, n, leftOut }) => [
    jsonCell(x.values[column]),
    jsonCell(y.values[row]),
    ...[x.positions[column], y.positions[row], value, low, high, n].map(numberCell),
    ...REASONS.map((reason) => String(leftOut[reason] ?? 0)),
  ]);
  return table(header, rows);
}

/** One row per panel, frame and element. */
export function flowCsv({ panels, seed, xLabel, elementLabel, valueLabel }: FlowTable): string {
  const header = ['panel', 'seed', 'status', xLabel, elementLabel, valueLabel];
  const rows = panels.flatMap(({ label, status, x, values }) =>
    x.flatMap((at, frame) =>
      values[frame].map((value, element) => [
        textCell(label.join(', ').replaceAll(TIE, ' ')),
        String(seed),
        status,
        numberCell(at),
        String(element),
        numberCell(value),
      ]),
    ),
  );
  return table(header, rows);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${[header.map(textCell), ...rows].map((cells) => cells.join(',')).join('\n')}\n`;
}

function jsonCell(value: Json): string {
  if (typeof value === 'number') return numberCell(value);
  return textCell(typeof value === 'string' ? value : JSON.stringify(value));
}
