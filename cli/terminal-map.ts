// A heat map for the terminal: cells as coloured blocks, or as characters where there is no colour. With sixteen colours it
// has both, since neighbouring values then often share one.
import { absences, mainReason } from '../analysis/figures/draw/absence.js';
import { type ColorScale, colorScale } from '../analysis/figures/draw/color-scale.js';
import { formatNumber, TIE } from '../analysis/figures/draw/format.js';
import type { HeatMapCell, HeatMapTable } from '../analysis/figures/draw/heat-map-table.js';
import type { MapAxis } from '../analysis/figures/draw/map-axis.js';
import { describeSample, type LeftOut } from '../analysis/figures/draw/sample.js';
import { type ColorDepth, onColor, RESET } from './terminal-color.js';

export interface TerminalMapOptions {
  /** 1: no colours, but a ramp of characters from low to high values. */
  readonly depth: ColorDepth;
}

/** Characters per cell: two make it about square; a small map gets room for its labels. */
const cellWidth = ({ positions }: MapAxis) => (positions.length <= 8 ? 6 : 2);
const RAMP = '.:-=+*%@';
/** Stands before the character of a value below the centre of a scale with two signs. */
const BELOW = '-';
/** In place of a value. */
const ABSENT: Readonly<Record<LeftOut, string>> = {
  diverged: 'x',
  saturated: 's',
  failed: '!',
  missing: '?',
  'not stored': '/',
  'not finite': '~',
  unlabelled: 'u',
  copy: '=',
  // Of lines, of which there is none here.
  'no minimum': '-',
};
const PARTIAL = { color: '·', plain: "'" } as const;
/** Fainter than the rest. */
const DIM = '\u001b[2m';

/** @returns lines with the title, the map with its axes, and a legend; ends with a newline. */
export function terminalMap(table: HeatMapTable, { depth }: TerminalMapOptions): string {
  const { x, y, cells, note } = table;
  const byPlace = new Map(cells.map((cell) => [`${cell.column} ${cell.row}`, cell]));
  const rowLabels = labels(y);
  const margin = Math.max(...rowLabels.map((label) => label.length));
  const lines = [table.title, describeSample(table), '', `${y.label} ↑`];
  for (let row = y.positions.length - 1; row >= 0; row--) {
    const painted = x.positions.map((_, column) => paint(byPlace.get(`${column} ${row}`), table, depth));
    lines.push(`${rowLabels[row].padStart(margin)} ${painted.join('')}`);
  }
  const indent = ' '.repeat(margin + 1);
  lines.push(indent + columnLabels(x), `${indent}${x.label} →`, '', ...legend(table, depth));
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

function paint(cell: HeatMapCell | undefined, table: HeatMapTable, depth: ColorDepth): string {
  const width = cellWidth(table.x);
  if (cell === undefined || cell.n === 0) {
    const mark = ABSENT[cell === undefined ? 'missing' : mainReason(cell)].repeat(width);
    return depth === 1 ? mark : `${DIM}${mark}${RESET}`;
  }
  return swatch(cell.value, table, depth, width, Object.keys(cell.leftOut).length > 0);
}

function swatch(value: number, table: HeatMapTable, depth: ColorDepth, width: number, isPartial = false): string {
  const scale = colorScale(table);
  const ending = depth === 1 ? PARTIAL.plain : PARTIAL.color;
  const text =
    depth > 4 ? ' '.repeat(width) : characters(value, table, scale).padEnd(width, characterOf(value, table, scale));
  return onColor(isPartial ? text.slice(0, -1) + ending : text, scale.colorOf(value), depth);
}

/** A character from the ramp: of the value, or of its distance from the centre where the scale has two signs. */
function characterOf(value: number, { limits, center = 0 }: HeatMapTable, { diverges, place }: ColorScale): string {
  const from = (each: number) => Math.abs(place(each) - place(center));
  const at = diverges ? from(value) / Math.max(...limits.map(from)) : place(value);
  return RAMP[Math.min(RAMP.length - 1, Math.floor(at * RAMP.length))];
}

function characters(value: number, table: HeatMapTable, scale: ColorScale): string {
  const character = characterOf(value, table, scale);
  return (scale.diverges && value < (table.center ?? 0) ? BELOW : character) + character;
}

function legend(table: HeatMapTable, depth: ColorDepth): string[] {
  const [low, high] = table.limits;
  const { valueAt, diverges } = colorScale(table);
  const steps = depth > 4 ? 16 : diverges ? 2 * RAMP.length : RAMP.length;
  const bar = Array.from({ length: steps }, (_, i) => swatch(valueAt(i / (steps - 1)), table, depth, 2)).join('');
  const scale = `${formatNumber(low)} ${bar} ${formatNumber(high)}`;
  const kind = { linear: '', log: ', logarithmic', symlog: ', symmetric logarithmic' }[table.color];
  const sign = diverges && depth <= 4 ? [`${BELOW}  below ${formatNumber(table.center ?? 0)}`] : [];
  const partial = table.cells.some(({ n, leftOut }) => n > 0 && Object.keys(leftOut).length > 0);
  return [
    `${table.valueLabel}${kind}: ${scale}`,
    ...sign,
    ...absences(table.cells.filter(({ n }) => n === 0)).map(
      ({ words, cells: [first] }) => `${ABSENT[mainReason(first)]}  no value: ${words}`,
    ),
    ...(partial ? [`${depth === 1 ? PARTIAL.plain : PARTIAL.color}  some runs left out`] : []),
  ];
}
