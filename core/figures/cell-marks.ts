// Cells of a map: boxes of colour, hatching where there is no value, dots where it is incomplete, and their legend.
import type { ColorValueRef, Mark, ProductionRule } from 'vega';
import { EMPTY, FONT, HATCH, INK, STROKE, TEXT } from './style.js';

/** Cells as boxes; the data have x0, x1, y0 and y1 in units of the scales. */
export function boxes(data: string, fill: ProductionRule<ColorValueRef>): Mark {
  return {
    type: 'rect',
    from: { data },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x0' },
        x2: { scale: 'x', field: 'x1' },
        y: { scale: 'y', field: 'y1' },
        y2: { scale: 'y', field: 'y0' },
        fill,
        // Closes the hairlines that renderers leave between touching cells.
        stroke: fill,
        strokeWidth: { value: 1 },
      },
    },
  };
}

/** Diagonals of the same boxes: rising in all, falling too where `crossed` is true of the datum. */
export function diagonals(data: string, crossed: string): Mark[] {
  const diagonal = (from: string, to: string, opacity: string): Mark => ({
    type: 'rule',
    from: { data },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x0' },
        x2: { scale: 'x', field: 'x1' },
        y: { scale: 'y', field: from },
        y2: { scale: 'y', field: to },
        stroke: { value: HATCH },
        strokeWidth: { value: STROKE },
        opacity: { signal: opacity },
      },
    },
  });
  return [diagonal('y0', 'y1', '1'), diagonal('y1', 'y0', `${crossed} ? 1 : 0`)];
}

/** Small circles that are seen on every colour; the data have xc and yc in units of the scales. */
export function dots(data: string): Mark {
  return {
    type: 'symbol',
    from: { data },
    encode: { enter: { x: { scale: 'x', field: 'xc' }, y: { scale: 'y', field: 'yc' }, ...DOT } },
  };
}

const DOT = {
  size: { value: 12 },
  fill: { value: 'white' },
  stroke: { value: INK },
  strokeWidth: { value: STROKE },
} as const;

const PATCH = 11;

/** Legend of what is drawn instead of a colour; the data have y, text and kind. */
export function patchLegend(data: string): Mark[] {
  const diagonal = (from: number, to: number, opacity: string): Mark => ({
    type: 'rule',
    from: { data },
    encode: {
      enter: {
        x: { value: 0 },
        x2: { value: PATCH },
        y: { field: 'y', offset: from },
        y2: { field: 'y', offset: to },
        stroke: { value: HATCH },
        strokeWidth: { value: STROKE },
        opacity: { signal: opacity },
      },
    },
  });
  return [
    {
      type: 'rect',
      from: { data },
      encode: {
        enter: {
          width: { value: PATCH },
          y: { field: 'y' },
          height: { value: PATCH },
          // Any colour of the scale would do under the circle: it stands for a cell with a value.
          fill: { signal: `datum.kind === 'partial' ? '#bb3754' : '${EMPTY}'` },
        },
      },
    },
    diagonal(PATCH, 0, "datum.kind === 'partial' ? 0 : 1"),
    diagonal(0, PATCH, "datum.kind === 'diverged' ? 1 : 0"),
    {
      type: 'symbol',
      from: { data },
      encode: {
        enter: {
          x: { value: PATCH / 2 },
          y: { field: 'y', offset: PATCH / 2 },
          ...DOT,
          opacity: { signal: "datum.kind === 'partial' ? 1 : 0" },
        },
      },
    },
    {
      type: 'text',
      from: { data },
      encode: {
        enter: {
          x: { value: PATCH + 6 },
          y: { field: 'y', offset: PATCH / 2 },
          text: { field: 'text' },
          baseline: { value: 'middle' },
          font: { value: FONT },
          fontSize: { value: TEXT.small },
          fill: { value: INK },
        },
      },
    },
  ];
}
