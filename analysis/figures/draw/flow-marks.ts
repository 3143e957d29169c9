// What stands in the plots of a flow figure: a line per element, points where frames are few or have no neighbour to be
// joined to, and words where there is nothing to draw.
import type { GroupMark, LineEncodeEntry, Mark } from 'vega';
import type { ScaleKind } from '../../../core/contracts/figure.js';
import type { FlowPanel, FlowTable } from './flow-table.js';
import { panelLetter, TIE } from './format.js';
import { CATEGORIES } from './palette.js';
import { FAINT, INK } from './style.js';

/** Two frames say nothing of the way from one to the other. */
const LEAST_JOINED = 3;
/** Up to this many, every frame is seen as a point on its line. */
const MOST_DOTTED = 24;

type Scales = Pick<FlowTable, 'xScale' | 'yScale'>;

type Frames = Pick<FlowPanel, 'x' | 'values'>;

const fits = (value: number, kind: ScaleKind) => Number.isFinite(value) && (kind === 'linear' || value > 0);

/** Frames of which something can be drawn. */
const drawnFrames = ({ x, values }: Frames, { xScale, yScale }: Scales) =>
  x.filter((at, frame) => fits(at, xScale) && values[frame].some((value) => fits(value, yScale))).length;

/** Says of which panels the levels between the frames are not known. */
export function fewFrames(table: FlowTable): string[] {
  const few = table.panels.flatMap((panel, i) => (drawnFrames(panel, table) === 2 ? [panelLetter(i)] : []));
  if (few.length === 0) return [];
  const where = table.panels.length > 1 ? ` in${TIE}${few.join(', ')}` : '';
  return [`Two frames${where}, drawn as points: the way from one to the other was not recorded.`];
}

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

/** As the legend shows it, too: it lies on top of lines of any colour. */
export const THEORY = { color: CATEGORIES[3], dash: [4, 2] } as const;

/** A line for every element. @param style how it looks, and the field that says where it has no gap */
const elementLines = (data: string, name: string, style: LineEncodeEntry): GroupMark => ({
  type: 'group',
  from: { facet: { name, data, groupby: 'element' } },
  marks: [
    {
      type: 'line',
      from: { data: name },
      encode: { enter: { x: { scale: 'x', field: 'x' }, y: { scale: 'y', field: 'y' }, ...style } },
    },
  ],
});

/** Dashed, whether or not there are enough frames to join those that were measured. */
export const theoryLines = (data: string): GroupMark =>
  elementLines(data, 'law', {
    stroke: { value: THEORY.color },
    strokeWidth: { value: 1 },
    strokeDash: { value: [...THEORY.dash] },
    defined: { field: 'drawn' },
  });

/** Why nothing is drawn; undefined where there is something. */
export function emptiness({ x, values, status }: FlowPanel): string | undefined {
  if (x.length === 0) return `no data: ${status}`;
  return values.some((frame) => frame.some(Number.isFinite)) ? undefined : `no finite frame: ${status}`;
}

const elementColor = (elements: number) =>
  elements > 1 ? ({ scale: 'color', field: 'element' } as const) : { value: INK };

export function dots(data: string, elements: number): Mark {
  return {
    type: 'symbol',
    from: { data },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x' },
        y: { scale: 'y', field: 'y' },
        size: { value: elements > 40 ? 5 : 10 },
        fill: elementColor(elements),
      },
    },
  };
}

export const lines = (data: string, elements: number): GroupMark =>
  elementLines(data, 'line', {
    stroke: elementColor(elements),
    strokeWidth: { value: elements > 40 ? 0.6 : 1 },
    strokeJoin: { value: 'round' },
    defined: { field: 'defined' },
  });

/**
 * One datum per frame and element, elements counted from 0. A value that cannot be drawn breaks its line. `dot`: to be
 * drawn as a point, `defined`: to be joined to its neighbours, `drawn`: one that the scales can take.
 */
export function points(panel: Frames, scales: Scales) {
  const { x, values } = panel;
  const { xScale, yScale } = scales;
  const frames = drawnFrames(panel, scales);
  const isDrawn = (frame: number, i: number) =>
    frame >= 0 && frame < x.length && fits(x[frame], xScale) && fits(values[frame][i], yScale);
  return x.flatMap((at, frame) =>
    values[frame].map((value, i) => {
      const drawn = isDrawn(frame, i);
      const isLone = !isDrawn(frame - 1, i) && !isDrawn(frame + 1, i);
      return {
        x: drawn ? at : 1,
        y: drawn ? value : 1,
        element: i,
        drawn,
        defined: drawn && frames >= LEAST_JOINED,
        dot: drawn && (isLone || frames <= MOST_DOTTED),
      };
    }),
  );
}
