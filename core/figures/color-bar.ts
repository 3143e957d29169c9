// The colour bar beside a figure.
import type { ColorValueRef, Mark, ProductionRule } from 'vega';
import { BAR_WIDTH, FONT, INK, STROKE, TEXT } from './style.js';
import { outline } from './text-marks.js';

/**
 * A colour bar made of thin slices (a gradient would be interpolated in other colours than the scale), with ticks.
 *
 * @param slices data with from, to and value in units of the scale `bar`
 * @param ticks data with value and label
 */
export function colorBar(slices: string, ticks: string, x: number, height: number): Mark[] {
  const right = x + BAR_WIDTH;
  const fill: ProductionRule<ColorValueRef> = { scale: 'color', field: 'value' };
  return [
    {
      type: 'rect',
      from: { data: slices },
      encode: {
        enter: {
          x: { value: x },
          width: { value: BAR_WIDTH },
          y: { scale: 'bar', field: 'to' },
          y2: { scale: 'bar', field: 'from' },
          fill,
          stroke: fill,
          strokeWidth: { value: 1 },
        },
      },
    },
    outline(x, 0, BAR_WIDTH, height),
    {
      type: 'rule',
      from: { data: ticks },
      encode: {
        enter: {
          x: { value: right },
          x2: { value: right + 3 },
          y: { scale: 'bar', field: 'value' },
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
          x: { value: right + 5 },
          y: { scale: 'bar', field: 'value' },
          text: { field: 'label' },
          baseline: { value: 'middle' },
          font: { value: FONT },
          fontSize: { value: TEXT.tick },
          fill: { value: INK },
        },
      },
    },
  ];
}

/** Slices of a colour bar between two limits. */
export function barSlices([low, high]: readonly [number, number], kind: 'log' | 'linear', count = 128) {
  const at = (part: number) => (kind === 'log' ? low * (high / low) ** part : low + part * (high - low));
  return Array.from({ length: count }, (_, i) => ({
    value: at((i + 0.5) / count),
    from: at(i / count),
    to: at((i + 1) / count),
  }));
}
