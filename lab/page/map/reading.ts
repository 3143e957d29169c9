// What stands at a place of the map, in words: for the text under the map, for screen readers and for the table.
import { reasonWords } from '../../../analysis/figures/draw/absence.js';
import { formatNumber, formatPlace } from '../../../analysis/figures/draw/format.js';
import type { MapAxis } from '../../../analysis/figures/draw/map-axis.js';
import type { Json } from '../../../core/contracts/json.js';
import type { MapTable } from '../../protocol.js';
import { cellAt, isCell, isRow, positionAt, type Spot } from './spot.js';

/** `T` of `T = learning rate / batch size`. */
export const shortLabel = ({ label }: Pick<MapAxis, 'label'>) => label.split(' = ')[0];

const plain = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));

/** A place of an axis as its ticks would have it. */
export function placeWords(axis: MapAxis, index: number): string {
  const value = axis.values[Math.round(index)];
  const entry = axis.values.every((each) => typeof each === 'number') || axis.positions[0] !== 0;
  return entry ? formatPlace(Number(positionAt(axis, index).toPrecision(4))) : plain(value);
}

export function axisWords(map: MapTable, { column, row }: Spot): string {
  const { x, y } = map.table;
  const across = `${shortLabel(x)} ${placeWords(x, column)}`;
  return isRow(map) ? across : `${shortLabel(y)} ${placeWords(y, row)}, ${across}`;
}

const fraction = (value: number) => String(Number(value.toFixed(2)));

export interface CellReading {
  /** The label, or the number. */
  readonly main: string;
  /** Probability with its band, or the error of the number. */
  readonly band?: string;
  readonly n: number;
  /** Other labels of the cell, and runs without one. */
  readonly more: readonly string[];
}

/** Undefined between cells. */
export function readCell(map: MapTable, spot: Spot): CellReading | undefined {
  if (!isCell(spot)) return undefined;
  const left = Object.entries(cellAt(map, spot).leftOut).map(([reason, count]) => `${count} ${reason}`);
  if (map.kind === 'heat-map') {
    const cell = cellAt(map, spot) as (typeof map.table.cells)[number];
    const { value, low, high, n } = cell;
    if (n === 0) return { main: reasonWords(cell), n, more: [] };
    const band =
      Number.isFinite(low) && Number.isFinite(high) ? `${formatNumber(low)} to ${formatNumber(high)}` : undefined;
    return { main: formatNumber(value), band, n, more: left };
  }
  const cell = cellAt(map, spot) as (typeof map.table.cells)[number];
  const { label, probability, counts, n } = cell;
  if (label === undefined) return { main: reasonWords(cell), n, more: [] };
  const others = map.table.labels.flatMap((other, i) =>
    other !== label && counts[i] > 0 ? [`${counts[i]} ${other}`] : [],
  );
  const band = `${fraction(probability.value)} (${fraction(probability.low)} to ${fraction(probability.high)})`;
  return { main: label, band, n, more: [...others, ...left] };
}

/** One sentence. */
export function sayCell(map: MapTable, spot: Spot): string {
  const reading = readCell(map, spot);
  const at = axisWords(map, spot);
  if (!reading) return `${at}: between cells; nothing is stored here`;
  const { main, band, n, more } = reading;
  const what = map.kind === 'heat-map' && n > 0 ? `${map.table.valueLabel} ${main}` : main;
  const sample = n === 0 ? '' : `, N ${n}`;
  return `${at}: ${[what, band].filter(Boolean).join(' ')}${sample}${more.length > 0 ? `; ${more.join(', ')}` : ''}`;
}
