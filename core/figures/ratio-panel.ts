// One panel of ratios on a logarithmic axis, with a line at 1: points with bars, coloured by level. Scales `x`, `ratio`
// and `color` and the data `ratio<index>` belong to the figure around it.
import type { GroupMark } from 'vega';
import { FAINT, STROKE } from './style.js';
import { outline, tickText } from './text-marks.js';
import type { Tick } from './ticks.js';

export interface RatioPanel {
  /** Number of the column, from 0; the first one has the labels of the axis. */
  readonly index: number;
  /** Unit: pixels; `offset` from the top of the panel above. */
  readonly width: number;
  readonly offset: number;
  readonly height: number;
  readonly xTicks: readonly Tick[];
  readonly ratioTicks: readonly Tick[];
}

export function ratioPanel({ index, width, offset, height, xTicks, ratioTicks }: RatioPanel): GroupMark {
  const from = { data: `ratio${index}` };
  const x = { scale: 'x', field: 'time' };
  return {
    type: 'group',
    encode: { enter: { y: { value: offset }, width: { value: width }, height: { value: height } } },
    axes: [
      {
        orient: 'bottom',
        scale: 'x',
        values: xTicks.map(({ value }) => value),
        encode: { labels: { update: { text: { signal: tickText(xTicks) } } } },
      },
      {
        orient: 'left',
        scale: 'ratio',
        values: ratioTicks.map(({ value }) => value),
        labels: index === 0,
        encode: { labels: { update: { text: { signal: tickText(ratioTicks) } } } },
      },
    ],
    marks: [
      outline(0, 0, width, height),
      {
        type: 'rule',
        encode: {
          enter: {
            x: { value: 0 },
            x2: { value: width },
            y: { scale: 'ratio', value: 1 },
            stroke: { value: FAINT },
            strokeWidth: { value: STROKE },
            strokeDash: { value: [3, 2] },
          },
        },
      },
      {
        type: 'rule',
        from,
        encode: {
          enter: {
            x,
            y: { scale: 'ratio', field: 'low' },
            y2: { scale: 'ratio', field: 'high' },
            stroke: { scale: 'color', field: 'level' },
            strokeWidth: { value: STROKE },
          },
        },
      },
      {
        type: 'symbol',
        from,
        encode: {
          enter: {
            x,
            y: { scale: 'ratio', field: 'ratio' },
            size: { value: 8 },
            fill: { scale: 'color', field: 'level' },
          },
        },
      },
    ],
  };
}
