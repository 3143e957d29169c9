// Fits of a law over the cells of a sweep, for the terminal.

import type { Fits } from '../analysis/fits/fit-cells.js';
import { log10 } from '../core/kernels/elementary.js';
import type { Estimate } from '../core/statistics/estimate.js';

const shortName = (axis: string) => axis.slice(axis.lastIndexOf('.') + 1);
const significant = (value: number, digits: number) =>
  Number.isNaN(value) ? '-' : String(Number(value.toPrecision(digits)));

/** As many decimals as two digits of the error need. */
function withError({ value, error }: Estimate): string {
  if (!(error > 0)) return significant(value, 4);
  const decimals = Math.min(100, Math.max(0, 1 - Math.floor(log10(error))));
  return `${value.toFixed(decimals)} +- ${error.toFixed(decimals)}`;
}

export function fitsReport({ law, channel, unit, leavesOut, levels, frame, axes, cells }: Fits): string {
  const varying = axes.filter((name) => new Set(cells.map(({ axes: at }) => JSON.stringify(at[name]))).size > 1);
  const header = [...varying.map(shortName), 'N', 'left out', ...law.quantities, 'distance', 'p'];
  const rows = cells.map(({ axes: at, fit, leftOut }) => [
    ...varying.map((name) => (typeof at[name] === 'string' ? at[name] : JSON.stringify(at[name]))),
    ...[String(fit.n), String(leftOut)],
    ...law.quantities.map((name) => withError(fit.quantities[name])),
    ...[significant(fit.distance, 3), significant(fit.pValue, 2)],
  ]);
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
  const line = (row: readonly string[]) => `  ${row.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd();
  const of = levels.length > 1 ? `, levels ${levels.join(', ')}` : '';
  const when = frame === 'last' ? 'last frame' : `frame ${frame}`;
  const scale = unit === '1' || unit === '' ? '' : ` (unit: ${unit})`;
  const beyond = leavesOut === undefined ? [] : [`errors leave out ${leavesOut}`];
  const title = `${law.name}: ${channel}${of}, ${when}, over seeds${scale}`;
  return [title, line(header), ...rows.map(line), ...beyond].join('\n');
}
