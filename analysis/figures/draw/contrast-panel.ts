// One panel of a number that says how the levels of a surrogate stand to those of the reference: points, with bars where
// the data have them, coloured by level. The scales `x` and `color` belong to the figure around it.
import type { GroupMark } from 'vega';
import { FAINT, STROKE } from './style.js';
import { outline, tickText } from './text-marks.js';
import type { Tick } from './ticks.js';

export interface ContrastPanel {
  /** Data with `time`, `level`, `value`, and `low` and `high` where there are bars. */
  readonly data: string;
  /** Of the values. */
  readonly scale: string;
  readonly hasBars: boolean;
  /** Values with a dashed line; the first is where there is no difference. */
  readonly guides: readonly number[];
  /** Whether the axes have labels: of values in the first column, of times in the last row. */
  readonly valueLabels: boolean;
  readonly timeLabels: boolean;
  /** Unit: pixels; `offset` from the top of the figure. */
  readonly width: number;
  readonly offset: number;
  readonly height: number;
  readonly xTicks: readonly Tick[];
  readonly ticks: readonly Tick[];
}

export function contrastPanel(panel: ContrastPanel): GroupMark {
  const { data, scale, hasBars, guides, valueLabels, timeLabels, width, offset, height, xTicks, ticks } = panel;
  const from = { data };
  const x = { scale: 'x', field: 'time' };
  return {
    type: 'group',
    encode: { enter: { y: { value: offset }, width: { value: width }, height: { value: height } } },
    axes: [
      {
        orient: 'bottom',
        scale: 'x',
        values: xTicks.map(({ value }) => value),
        labels: timeLabels,
        encode: { labels: { update: { text: { signal: tickText(xTicks) } } } },
      },
      {
        orient: 'left',
        scale,
        values: ticks.map(({ value }) => value),
        labels: valueLabels,
        encode: { labels: { update: { text: { signal: tickText(ticks) } } } },
      },
    ],
    marks: [
      outline(0, 0, width, height),
      ...guides.map((value, i) => ({
        type: 'rule' as const,
        encode: {
          enter: {
            x: { value: 0 },
            x2: { value: width },
            y: { scale, value },
            stroke: { value: FAINT },
            strokeWidth: { value: STROKE },
            strokeDash: { value: i === 0 ? [3, 2] : [1, 2] },
          },
        },
      })),
      ...(hasBars
        ? [
            {
              type: 'rule' as const,
              from,
              encode: {
                enter: {
                  x,
                  y: { scale, field: 'low' },
                  y2: { scale, field: 'high' },
                  stroke: { scale: 'color', field: 'level' },
                  strokeWidth: { value: STROKE },
                },
              },
            },
          ]
        : []),
      {
        type: 'symbol',
        from,
        encode: {
          enter: { x, y: { scale, field: 'value' }, size: { value: 8 }, fill: { scale: 'color', field: 'level' } },
        },
      },
    ],
  };
}
