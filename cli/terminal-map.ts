// A heat map for the terminal: cells as coloured blocks, or as characters where there is no colour.
import { log } from '../core/elementary.js';
import { formatNumber, TIE } from '../core/figures/format.js';
import type { HeatMapCell, HeatMapTable } from '../core/figures/heat-map-table.js';
import type { MapAxis } from '../core/figures/map-axis.js';
import { describeAbsence, describeSample } from '../core/figures/sample.js';

export interface TerminalMapOptions {
  /** 24-bit colour; without it, a ramp of characters from light to dark. */
  readonly color: boolean;
}

/** Characters per cell: two make it about square; a small map gets room for its labels. */
const cellWidth = ({ positions }: MapAxis) => (positions.length <= 8 ? 6 : 2);
const RAMP = '.:-=+*%@';
const DIVERGED = 'x';
const EMPTY = '?';
const PARTIAL = { color: '·', plain: "'" } as const;
const RESET = '\u001b[0m';

/** The inferno colour map at nine even places (red, green, blue); interpolated between. */
const INFERNO: readonly (readonly [number, number, number])[] = [
  [0, 0, 4],
  [31, 12, 72],
  [85, 15, 109],
  [136, 34, 106],
  [186, 54, 85],
  [227, 89, 51],
  [249, 140, 10],
  [249, 201, 50],
  [252, 255, 164],
];

/** @returns lines with the title, the map with its axes, and a legend; ends with a newline. */
export function terminalMap(table: HeatMapTable, { color }: TerminalMapOptions): string {
  const { x, y, cells, note } = table;
  const byPlace = new Map(cells.map((cell) => [`${cell.column} ${cell.row}`, cell]));
  const rowLabels = labels(y);
  const margin = Math.max(...rowLabels.map((label) => label.length));
  const lines = [table.title, describeSample(table), '', `${y.label} ↑`];
  for (let row = y.positions.length - 1; row >= 0; row--) {
    const painted = x.positions.map((_, column) => paint(byPlace.get(`${column} ${row}`), table, color));
    lines.push(`${rowLabels[row].padStart(margin)} ${painted.join('')}${color ? RESET : ''}`);
  }
  const indent = ' '.repeat(margin + 1);
  lines.push(indent + columnLabels(x), `${indent}${x.label} →`, '', ...legend(table, color));
  if (note) lines.push(note);
  return `${lines.map((line) => line.replaceAll(TIE, ' ').trimEnd()).join('\n')}\n`;
}

/** The ticks of the axis where they fall on cells, else every value. Values that are not numbers have ticks of their own. */
function labels({ ticks, positions }: MapAxis): string[] {
  const onCells = positions.map((position) => ticks.find(({ value }) => value === position)?.label ?? '');
  return onCells.filter((label) => label !== '').length > 1 ? onCells : positions.map(formatNumber);
}

/** As many labels as fit, each starting at its column. */
function columnLabels(axis: MapAxis): string {
  let line = '';
  labels(axis).forEach((label, column) => {
    const start = column * cellWidth(axis);
    if (label === '' || (line !== '' && start <= line.length)) return;
    line = line.padEnd(start) + label;
  });
  return line;
}

function paint(cell: HeatMapCell | undefined, table: HeatMapTable, color: boolean): string {
  const width = cellWidth(table.x);
  if (cell === undefined || cell.n === 0) {
    const mark = (cell?.leftOut.diverged === undefined ? EMPTY : DIVERGED).repeat(width);
    return color ? `${RESET}\u001b[2m${mark}${RESET}` : mark;
  }
  return swatch(part(cell.value, table), color, width, Object.keys(cell.leftOut).length > 0);
}

function swatch(at: number, color: boolean, width: number, isPartial = false): string {
  if (!color) {
    const mark = RAMP[Math.min(RAMP.length - 1, Math.floor(at * RAMP.length))];
    return mark.repeat(width - 1) + (isPartial ? PARTIAL.plain : mark);
  }
  const place = at * (INFERNO.length - 1);
  const below = Math.min(Math.floor(place), INFERNO.length - 2);
  const rgb = INFERNO[below].map((low, i) => Math.round(low + (place - below) * (INFERNO[below + 1][i] - low)));
  // Black on the light end, white elsewhere.
  const ink = at > 0.7 ? 30 : 97;
  return `\u001b[48;2;${rgb.join(';')};${ink}m${(isPartial ? PARTIAL.color : '').padStart(width)}`;
}

/** Place of a value on the colour scale, 0 to 1. */
function part(value: number, { limits: [low, high], color }: HeatMapTable): number {
  const at = color === 'log' ? log(Math.max(value, low) / low) / log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, at));
}

function legend(table: HeatMapTable, color: boolean): string[] {
  const [low, high] = table.limits;
  const steps = color ? 16 : RAMP.length;
  const bar = Array.from({ length: steps }, (_, i) => swatch(i / (steps - 1), color, 2)).join('');
  const scale = `${formatNumber(low)} ${bar}${color ? RESET : ''} ${formatNumber(high)}`;
  const kind = table.color === 'log' ? ', logarithmic' : '';
  const empty = table.cells.filter(({ n }) => n === 0);
  const diverged = empty.filter(({ leftOut }) => leftOut.diverged !== undefined);
  const others = empty.filter(({ leftOut }) => leftOut.diverged === undefined);
  const partial = table.cells.some(({ n, leftOut }) => n > 0 && Object.keys(leftOut).length > 0);
  return [
    `${table.valueLabel}${kind}: ${scale}`,
    ...(diverged.length > 0 ? [`${DIVERGED}  ${describeAbsence(diverged)}`] : []),
    ...(others.length > 0 ? [`${EMPTY}  ${describeAbsence(others)}`] : []),
    ...(partial ? [`${color ? PARTIAL.color : PARTIAL.plain}  some runs left out`] : []),
  ];
}
