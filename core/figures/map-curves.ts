// Curves over a map, in the units of its axes as drawn: level curves of a summarised value, and guide lines.
import { contourLines, type Polyline } from './contour.js';
import type { ContourOverlay, GuideLine } from './declaration.js';
import { formatNumber } from './format.js';
import type { MapAxis } from './map-axis.js';

export interface MapCurve {
  readonly label: string;
  /** Lengths of strokes and gaps, in pixels; [] for an unbroken line. */
  readonly dash: readonly number[];
  readonly lines: readonly Polyline[];
}

const DASHES: readonly (readonly number[])[] = [[], [5, 2.5], [1.5, 2]];

/**
 * @param cells of the map, column by column
 * @param isFraction levels are told in percent
 */
export function contourCurves(
  { levels, label, whereProductAbove }: ContourOverlay,
  x: MapAxis,
  y: MapAxis,
  cells: readonly { readonly value: number }[],
  isFraction: boolean,
): MapCurve[] {
  const valueAt = (column: number, row: number) => {
    if (whereProductAbove !== undefined && !(x.positions[column] * y.positions[row] > whereProductAbove)) {
      return Number.NaN;
    }
    return cells[column * y.positions.length + row].value;
  };
  return levels.map((level, i) => ({
    label: `${label ? `${label} ` : ''}${isFraction ? `${formatNumber(100 * level)} %` : formatNumber(level)}`,
    dash: DASHES[i % DASHES.length],
    lines: contourLines(x, y, valueAt, level),
  }));
}

export function guideCurve({ x: atX, y: atY, from, to, label }: GuideLine, x: MapAxis, y: MapAxis): MapCurve {
  const across = atX === undefined ? x : y;
  const ends = [from ?? across.edges[0], to ?? across.edges[across.edges.length - 1]];
  const line = ends.map((end): [number, number] => (atX === undefined ? [end, atY ?? Number.NaN] : [atX, end]));
  return { label, dash: [7, 2, 1.5, 2], lines: [line] };
}
