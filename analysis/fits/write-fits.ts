// Fits as a table: `<folder>/fits/<law>.csv` (RFC 4180). What was not measured is an empty cell.
import { join } from 'node:path';
import { csvTable } from '../../node/files/csv-cell.js';
import { makeHeldFolder, writeHeld } from '../../node/files/held-files.js';
import { axisText } from '../../node/results/runs-table.js';
import type { Fits } from './fit-cells.js';

const number = (value: number) => (Number.isNaN(value) ? '' : String(value));

/**
 * One row per cell: the axes; `channel`, `levels` and `frame`; `n` seeds and those `left out`; every quantity of the law
 * with its ` error`, one standard error; `distance` and `p value`.
 */
export function fitsTable({ law, channel, levels, frame, axes, cells }: Fits): string {
  const header = [
    ...axes,
    ...['channel', 'levels', 'frame', 'n', 'left out'],
    ...law.quantities.flatMap((name) => [name, `${name} error`]),
    ...['distance', 'p value'],
  ];
  const rows = cells.map(({ axes: at, fit, leftOut }) => [
    ...axes.map((name) => axisText(at[name])),
    ...[channel, levels.join(' '), String(frame), String(fit.n), String(leftOut)],
    ...law.quantities.flatMap((name) => [fit.quantities[name].value, fit.quantities[name].error].map(number)),
    ...[fit.distance, fit.pValue].map(number),
  ]);
  return csvTable(header, rows);
}

/** @returns the path of the table. @throws EigenflowError `file` */
export async function writeFits(folder: string, fits: Fits): Promise<string> {
  const path = join(folder, 'fits', `${fits.law.name}.csv`);
  makeHeldFolder(folder, join(folder, 'fits'));
  await writeHeld(folder, path, fitsTable(fits));
  return path;
}
