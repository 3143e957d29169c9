// The colour bar of a map: beside it, or below it where there is little room.
import type { ColorValueRef, Mark, ProductionRule } from 'vega';
import { BAR_WIDTH, FONT, INK, STROKE, TEXT } from './style.js';
import { outline } from './text-marks.js';

/** Where a bar lies, from its upper left corner; unit: pixels. */
export interface BarPlace {
  readonly orient: 'upright' | 'lying';
  readonly x: number;
  readonly y: number;
  readonly length: number;
}

/**
 * A colour bar made of thin slices (a gradient would be interpolated in other colours than the scale), with ticks to
 * the right or below.
 *
 * @param slices data with from, to and value in units of the scale `bar`, which measures from the corner of the plot
 * @param ticks data with value and label
 * @param fill of the slices
 */
export function colorBar(
  slices: string,
  ticks: string,
  { orient, x, y, length }: BarPlace,
  fill: ProductionRule<ColorValueRef> = { scale: 'color', field: 'value' },
): Mark[] {
  const upright = orient === 'upright';
  const [along, across] = upright ? (['y', 'x'] as const) : (['x', 'y'] as const);
  const start = upright ? x : y;
  const end = start + BAR_WIDTH;
  return [
    {
      type: 'rect',
      from: { data: slices },
      encode: {
        enter: {
          [across]: { value: start },
          [`${across}2`]: { value: end },
          [along]: { scale: 'bar', field: upright ? 'to' : 'from' },
          [`${along}2`]: { scale: 'bar', field: upright ? 'from' : 'to' },
          fill,
          stroke: fill,
          strokeWidth: { value: 1 },
        },
      },
    },
    outline(x, y, upright ? BAR_WIDTH : length, upright ? length : BAR_WIDTH),
    {
      type: 'rule',
      from: { data: ticks },
      encode: {
        enter: {
          [across]: { value: end },
          [`${across}2`]: { value: end + 3 },
          [along]: { scale: 'bar', field: 'value' },
          stroke: { value: INK },
          strokeWidth: { value: STROKE },
        },
      },
    },
    {
      type: 'text',
      from: { data: ticks },
      encode: {
        enter: {
          [across]: { value: end + 5 },
          [along]: { scale: 'bar', field: 'value' },
          text: { field: 'label' },
          align: { value: upright ? 'left' : 'center' },
          baseline: { value: upright ? 'middle' : 'top' },
          font: { value: FONT },
          fontSize: { value: TEXT.tick },
          fill: { value: INK },
        },
      },
    },
  ];
}

/** Slices of a colour bar between two limits. */
export function barSlices([low, high]: readonly [number, number], count: number) {
  const at = (part: number) => low + part * (high - low);
  return Array.from({ length: count }, (_, i) => ({
    value: at((i + 0.5) / count),
    from: at(i / count),
    to: at((i + 1) / count),
  }));
}
