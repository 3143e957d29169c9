// What stands in the plots of a flow figure: a line per element, points where a frame has no neighbour to be joined to, and
// words where there is nothing to draw.
import type { GroupMark, Mark } from 'vega';
import type { ScaleKind } from './declaration.js';
import type { FlowPanel, FlowTable } from './flow-table.js';
import { panelLetter, TIE } from './format.js';
import { FAINT, INK } from './style.js';

/** What a reader should know of the gaps in lines. */
export function gapsOf({ panels }: FlowTable): string[] {
  const counts = panels.flatMap(({ values }, i) => {
    const n = values.filter((frame) => !frame.every(Number.isFinite)).length;
    return n === 0
      ? []
      : [`${n}${TIE}of${TIE}${values.length}${panels.length > 1 ? ` in${TIE}${panelLetter(i)}` : ''}`];
  });
  return counts.length === 0 ? [] : [`Frames not finite, where lines have gaps: ${counts.join(', ')}.`];
}

/** Dashed lines across a plot, at levels that do not move. */
export function referenceLines({ reference = [] }: FlowPanel, { yScale }: FlowTable, width: number): Mark[] {
  return reference
    .filter((level) => Number.isFinite(level) && (yScale === 'linear' || level > 0))
    .map((level) => ({
      type: 'rule',
      encode: {
        enter: {
          x: { value: 0 },
          x2: { value: width },
          y: { scale: 'y', value: level },
          stroke: { value: REFERENCE.color },
          strokeWidth: { value: 0.7 },
          strokeDash: { value: [...REFERENCE.dash] },
        },
      },
    }));
}

/** As the legend shows it, too. */
export const REFERENCE = { color: FAINT, dash: [3, 2] } as const;

/** Why nothing is drawn; undefined where there is something. */
export function emptiness({ x, values, status }: FlowPanel): string | undefined {
  if (x.length === 0) return `no data: ${status}`;
  return values.some((frame) => frame.some(Number.isFinite)) ? undefined : `no finite frame: ${status}`;
}

const elementColor = (elements: number) =>
  elements > 1 ? ({ scale: 'color', field: 'element' } as const) : { value: INK };

/** A line needs two points: frames without neighbours would leave nothing. */
export function lonePoints(data: string, elements: number): Mark {
  return {
    type: 'symbol',
    from: { data },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x' },
        y: { scale: 'y', field: 'y' },
        size: { value: 10 },
        fill: elementColor(elements),
      },
    },
  };
}

export function lines(data: string, elements: number): GroupMark {
  return {
    type: 'group',
    from: { facet: { name: 'line', data, groupby: 'element' } },
    marks: [
      {
        type: 'line',
        from: { data: 'line' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'x' },
            y: { scale: 'y', field: 'y' },
            stroke: elementColor(elements),
            strokeWidth: { value: elements > 40 ? 0.6 : 1 },
            strokeJoin: { value: 'round' },
            defined: { field: 'defined' },
          },
        },
      },
    ],
  };
}

/** One datum per frame and element, elements counted from 0. A value that cannot be drawn breaks its line. */
export function points({ x, values }: FlowPanel, { xScale, yScale }: FlowTable) {
  const fits = (value: number, kind: ScaleKind) => Number.isFinite(value) && (kind === 'linear' || value > 0);
  const isDrawn = (frame: number, i: number) =>
    frame >= 0 && frame < x.length && fits(x[frame], xScale) && fits(values[frame][i], yScale);
  return x.flatMap((at, frame) =>
    values[frame].map((value, i) => {
      const defined = isDrawn(frame, i);
      const lone = defined && !isDrawn(frame - 1, i) && !isDrawn(frame + 1, i);
      return { x: defined ? at : 1, y: defined ? value : 1, element: i, defined, lone };
    }),
  );
}
