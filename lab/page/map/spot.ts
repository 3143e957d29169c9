// Places on a map, counted in cells: whole numbers are centres of cells, what lies between has no stored runs. A spot leads
// to the values of the swept axes and back.
import type { MapAxis } from '../../../analysis/figures/draw/map-axis.js';
import { placeOn } from '../../../analysis/figures/draw/tick-labels.js';
import type { FigureAxis } from '../../../core/contracts/figure.js';
import type { Json } from '../../../core/contracts/json.js';
import { sameJson } from '../../../core/figures/sources.js';
import type { MapTable, MapView, Place, SweepAxis } from '../../protocol.js';

export interface Spot {
  readonly column: number;
  readonly row: number;
}

/** Whether it is the map of one axis, in a row: the other axis has no name. */
export const isRow = ({ table: { y } }: Pick<MapTable, 'table'>) => y.label === '' && y.values.length === 1;

export const isCell = ({ column, row }: Spot) => Number.isInteger(column) && Number.isInteger(row);

export const cellOf = ({ column, row }: Spot): Spot => ({ column: Math.round(column), row: Math.round(row) });

export const cellAt = ({ table }: MapTable, { column, row }: Spot) =>
  table.cells[column * table.y.positions.length + row];

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** From the units of an axis to lengths along it, and back. */
const along = {
  log: [Math.log, Math.exp],
  linear: [(value: number) => value, (value: number) => value],
} as const;

/** Where a value of the axis as drawn lies, 0 to 1 from end to end. */
export const partAlong = ({ scale, edges }: MapAxis, position: number): number =>
  placeOn({ domain: [edges[0], edges[edges.length - 1]], scale }, 1)(position);

/** @param part 0 to 1 from end to end @param between whether it need not be the centre of a cell */
export function indexAlong(axis: MapAxis, part: number, between: boolean): number {
  const { positions, edges } = axis;
  const last = positions.length - 1;
  if (!between) {
    const cell = edges.findIndex((edge) => partAlong(axis, edge) > part) - 1;
    return part >= 1 ? last : clamp(cell, 0, last);
  }
  const places = positions.map((position) => partAlong(axis, position));
  const above = places.findIndex((place) => place > part);
  if (above <= 0) return above < 0 ? last : 0;
  return above - 1 + (part - places[above - 1]) / (places[above] - places[above - 1]);
}

/** The value as drawn at an index that need not be whole. */
export function positionAt({ scale, positions }: MapAxis, index: number): number {
  const below = clamp(Math.floor(index), 0, positions.length - 1);
  const part = index - below;
  if (part === 0) return positions[below];
  const [to, from] = along[scale];
  return from((1 - part) * to(positions[below]) + part * to(positions[below + 1]));
}

/** Of values between those of the sweep: more would be noise of the pointer. */
const DIGITS = 4;

/**
 * The value of the scenario at an index: between two numbers, what is drawn there; else that of the nearest cell. Counts, such
 * as batch sizes, stay whole.
 */
export function valueAt(
  axis: MapAxis,
  { inverse, entry }: Pick<FigureAxis, 'inverse' | 'entry'>,
  index: number,
  whole = false,
): Json {
  const nearest = axis.values[clamp(Math.round(index), 0, axis.values.length - 1)];
  if (Number.isInteger(index) || entry !== undefined) return nearest;
  const below = clamp(Math.floor(index), 0, axis.values.length - 2);
  const [a, b] = [axis.values[below], axis.values[below + 1]];
  if (typeof a !== 'number' || typeof b !== 'number') return nearest;
  const part = index - below;
  const turned = (value: number) => (inverse ? 1 / value : value);
  const between =
    axis.scale === 'log'
      ? Math.sign(a) * Math.exp((1 - part) * Math.log(Math.abs(a)) + part * Math.log(Math.abs(b)))
      : turned((1 - part) * turned(a) + part * turned(b));
  if (whole) return Math.round(between);
  return Number(between.toPrecision(DIGITS));
}

/** Where a value of the scenario is drawn; undefined where it lies on no part of the axis. */
function indexOf(axis: MapAxis, declared: FigureAxis, value: Json | undefined): number | undefined {
  const found = axis.values.findIndex((known) => sameJson(known, value));
  if (found >= 0) return found;
  if (typeof value !== 'number' || !axis.values.every((known) => typeof known === 'number')) return undefined;
  const values = axis.values as number[];
  const above = values.findIndex((known, i) => i > 0 && (known - value) * (values[i - 1] - value) <= 0);
  if (above < 0) return undefined;
  const [to] = along[axis.scale];
  const turned = (each: number) => to(declared.inverse && axis.scale === 'linear' ? 1 / each : Math.abs(each));
  const [a, b, here] = [values[above - 1], values[above], value].map(turned);
  return above - 1 + (here - a) / (b - a);
}

type Axes = Pick<MapView['declaration'], 'x' | 'y'>;

export function spotOf({ table }: MapTable, { x, y }: Axes, at: Place['at']): Spot | undefined {
  const column = indexOf(table.x, x, at[x.axis]);
  const row = isRow({ table }) ? 0 : indexOf(table.y, y, at[y.axis]);
  return column === undefined || row === undefined ? undefined : { column, row };
}

/**
 * Values of all axes at a spot.
 *
 * @param others of axes that the map does not show
 */
export function placeAt(
  { table }: MapTable,
  { x, y }: Axes,
  axes: readonly SweepAxis[],
  spot: Spot,
  others: Place['at'],
): Place['at'] {
  const isWhole = ({ axis }: FigureAxis) => axes.find(({ name }) => name === axis)?.whole;
  const own = {
    [x.axis]: valueAt(table.x, x, spot.column, isWhole(x)),
    ...(!isRow({ table }) && { [y.axis]: valueAt(table.y, y, spot.row, isWhole(y)) }),
  };
  const shown = { ...others, ...own };
  // What varies together with an axis of the map goes with it.
  for (const { name, values, group } of axes) {
    const leader = [x, y].find(({ axis }) => axes.find((each) => each.name === axis)?.group === group)?.axis;
    if (leader === undefined || leader === name) continue;
    const leading = axes.find((each) => each.name === leader);
    const at = leading?.values.findIndex((value) => sameJson(value, own[leader])) ?? -1;
    if (at >= 0) shown[name] = values[at];
  }
  return shown;
}

/** What a key does to a spot, as in a grid of a page; undefined for keys that it does not know. */
export function moved(
  { column, row }: Spot,
  { key, ctrlKey, shiftKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'shiftKey'>,
  [columns, rows]: readonly [number, number],
): Spot | undefined {
  const [lastColumn, lastRow] = [columns - 1, rows - 1];
  const by = (right: number, up: number) => {
    // Between cells in tenths; a whole step comes back to their centres.
    const step = (from: number, count: number, last: number) => {
      const to = shiftKey ? Math.round(10 * from + count) / 10 : Math.round(from) + count;
      return count === 0 ? from : clamp(to, 0, last);
    };
    return { column: step(column, right, lastColumn), row: step(row, up, lastRow) };
  };
  switch (key) {
    case 'ArrowRight':
      return by(1, 0);
    case 'ArrowLeft':
      return by(-1, 0);
    case 'ArrowUp':
      return by(0, 1);
    case 'ArrowDown':
      return by(0, -1);
    case 'PageUp':
      return { column, row: lastRow };
    case 'PageDown':
      return { column, row: 0 };
    case 'Home':
      return { column: 0, row: ctrlKey ? lastRow : row };
    case 'End':
      return { column: lastColumn, row: ctrlKey ? 0 : row };
    default:
      return undefined;
  }
}
