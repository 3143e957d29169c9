// Cells of a map: boxes of colour, strokes across those without a value, hatching where it is uncertain, dots where it is
// incomplete.
import type { ColorValueRef, Mark, ProductionRule } from 'vega';
import { DOT } from './legend.js';
import { HATCH, INK, STROKE } from './style.js';

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

/** Strokes across cells without a value; the data are as `across` makes them. */
export function strokes(data: string): Mark {
  return {
    type: 'rule',
    from: { data },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x' },
        x2: { scale: 'x', field: 'x2' },
        y: { scale: 'y', field: 'y' },
        y2: { scale: 'y', field: 'y2' },
        stroke: { value: HATCH },
        strokeWidth: { value: STROKE },
      },
    },
  };
}

/** Small circles that are seen on every colour; the data have xc and yc in units of the scales. */
export function dots(data: string): Mark {
  return {
    type: 'symbol',
    from: { data },
    encode: { enter: { x: { scale: 'x', field: 'xc' }, y: { scale: 'y', field: 'yc' }, ...DOT } },
  };
}

/** Ends of the strokes of a hatched cell, by the sides of its box. */
export const HATCHING = [
  ['x0', 'yc', 'xc', 'y1'],
  ['x0', 'y0', 'x1', 'y1'],
  ['xc', 'y0', 'x1', 'yc'],
] as const;

/** Dark with a light core, so that lines are seen on every colour. */
export const HATCH_LAYERS = [
  { color: INK, width: 1.6 },
  { color: 'white', width: 0.7 },
] as const;

export const CURVE_LAYERS = [
  { color: INK, width: 2.6 },
  { color: 'white', width: 1.2 },
] as const;

export function hatching(data: string): Mark[] {
  return HATCH_LAYERS.flatMap(({ color, width }) =>
    HATCHING.map(
      ([x, y, x2, y2]): Mark => ({
        type: 'rule',
        from: { data },
        encode: {
          enter: {
            x: { scale: 'x', field: x },
            y: { scale: 'y', field: y },
            x2: { scale: 'x', field: x2 },
            y2: { scale: 'y', field: y2 },
            stroke: { value: color },
            strokeWidth: { value: width },
          },
        },
      }),
    ),
  );
}
