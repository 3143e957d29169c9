// Curves over a map, in the units of its axes as drawn: level curves of a summarised value, and guide lines.

import type { ContourOverlay, GuideLine } from '../../../core/contracts/figure.js';
import { log2, power } from '../../../core/kernels/elementary.js';
import { contourLines, type Polyline } from './contour.js';
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

/** @param contours where a guide may end */
export function guideCurve(
  { x: atX, y: atY, points, from, to, label }: GuideLine,
  x: MapAxis,
  y: MapAxis,
  contours: readonly MapCurve[] = [],
): MapCurve {
  const dash = [7, 2, 1.5, 2];
  if (points) return { label, dash, lines: [points.map(([px, py]): [number, number] => [px, py])] };
  const across = atX === undefined ? x : y;
  const start = from ?? across.edges[0];
  const met = to === 'contour' ? firstMeeting({ x: atX, y: atY, from: start }, x, y, contours) : to;
  const ends = [start, met ?? across.edges[across.edges.length - 1]];
  const line = ends.map((end): [number, number] => (atX === undefined ? [end, atY ?? Number.NaN] : [atX, end]));
  return { label, dash, lines: [line] };
}

/** Where a straight line first meets a curve, along the other axis from its start; curves are straight between their points as drawn. */
function firstMeeting(
  { x: atX, y: atY, from }: { readonly x?: number; readonly y?: number; readonly from: number },
  x: MapAxis,
  y: MapAxis,
  curves: readonly MapCurve[],
): number | undefined {
  const [fixed, free] = atX === undefined ? [1, 0] : [0, 1];
  const at = onScale([x, y][fixed], atX ?? atY ?? Number.NaN);
  const begin = onScale([x, y][free], from);
  let first = Number.POSITIVE_INFINITY;
  for (const line of curves.flatMap(({ lines }) => lines)) {
    const points = line.map(([px, py]) => [onScale(x, px), onScale(y, py)]);
    for (const [i, end] of points.entries()) {
      const start = points[i - 1];
      if (start === undefined || start[fixed] <= at === end[fixed] <= at) continue;
      const part = (at - start[fixed]) / (end[fixed] - start[fixed]);
      const meeting = start[free] + part * (end[free] - start[free]);
      if (meeting >= begin) first = Math.min(first, meeting);
    }
  }
  if (!Number.isFinite(first)) return undefined;
  return [x, y][free].scale === 'log' ? power(2, first) : first;
}

const onScale = ({ scale }: MapAxis, value: number) => (scale === 'log' ? log2(value) : value);
