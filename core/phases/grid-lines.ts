// The lines of a grid: cells that differ in one group of axes only, in the order of its values. The grid need not be
// full: an adaptive map has lines with gaps.

import type { Axis } from '../contracts/classifier.js';
import type { Json } from '../contracts/json.js';
import { exp, log } from '../kernels/elementary.js';
import { canonical } from '../scenario/identity.js';

export interface Line<Cell> {
  /** Values of the other axes. */
  readonly at: Readonly<Record<string, Json>>;
  /** Ascending in place; two or more. */
  readonly cells: readonly Cell[];
  /** Value of the axis in each cell. */
  readonly values: readonly number[];
}

/** Interpolation along an axis is in the logarithm where all its values are positive. */
export interface Scale {
  to(value: number): number;
  from(place: number): number;
}

const LINEAR: Scale = { to: (value) => value, from: (place) => place };
const LOGARITHMIC: Scale = { to: log, from: exp };

export const scaleOf = (values: readonly number[]) => (values.every((value) => value > 0) ? LOGARITHMIC : LINEAR);

/** The axes that can be crossed: of each group that varies together the first with numbers only. */
export function crossableAxes(axes: readonly Axis[]): Axis[] {
  const groups = new Set<number>();
  return axes.filter(({ values, group }) => {
    if (groups.has(group) || values.length < 2 || !values.every((value) => typeof value === 'number')) return false;
    groups.add(group);
    return true;
  });
}

/** @param axis one of `crossableAxes` */
export function linesAlong<Cell extends { readonly axes: Readonly<Record<string, Json>> }>(
  cells: readonly Cell[],
  axis: Axis,
  axes: readonly Axis[],
): Line<Cell>[] {
  const moving = new Set(axes.filter(({ group }) => group === axis.group).map(({ name }) => name));
  const lines = new Map<string, { at: Readonly<Record<string, Json>>; cells: Cell[] }>();
  for (const cell of cells) {
    const at = Object.fromEntries(Object.entries(cell.axes).filter(([name]) => !moving.has(name)));
    const key = canonical(at);
    const line = lines.get(key);
    if (line) line.cells.push(cell);
    else lines.set(key, { at, cells: [cell] });
  }
  const position = (cell: Cell) => cell.axes[axis.name] as number;
  return [...lines.values()]
    .filter((line) => line.cells.length > 1)
    .map((line) => {
      const ordered = [...line.cells].sort((a, b) => position(a) - position(b));
      return { at: line.at, cells: ordered, values: ordered.map(position) };
    });
}
