// What all maps have in common: axes, the boxes of cells, marks for cells without a value, curves over them, labels.
import type { Axis, ColorValueRef, Data, Mark, ProductionRule, Scale } from 'vega';
import { absences, across, strokesOf } from './absence.js';
import { boxes, CURVE_LAYERS, dots, hatching, strokes } from './cell-marks.js';
import type { LegendItem } from './legend.js';
import type { MapAxis } from './map-axis.js';
import type { MapCurve } from './map-curves.js';
import type { LeftOutCounts } from './sample.js';
import { EMPTY, INK, TEXT } from './style.js';
import { outline, textLines, tickText, uprightLabel } from './text-marks.js';
import { placeOn, spaceLabels } from './tick-labels.js';
import type { Tick } from './ticks.js';

/** Space below the map for ticks and the label of the axis; unit: pixels. */
export const BELOW = 42;
/** Space beside the ticks for a label that is turned upwards. */
export const UPRIGHT = 16;

/** A cell as the frame sees it. */
export interface FrameCell {
  /** Positions on the axes of the map. */
  readonly column: number;
  readonly row: number;
  /** Runs that entered. */
  readonly n: number;
  readonly leftOut: LeftOutCounts;
  /** To be hatched. */
  readonly uncertain: boolean;
}

export interface FramedMap<Cell extends FrameCell> {
  readonly x: MapAxis;
  readonly y: MapAxis;
  readonly cells: readonly Cell[];
  readonly curves: readonly MapCurve[];
  /** What hatching means. */
  readonly uncertainty: string;
}

export interface MapSize {
  /** Space left of the map. */
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** @param shown what the colour of a cell with a value is made of */
export function frameData<Cell extends FrameCell>(
  { x, y, cells, curves }: FramedMap<Cell>,
  shown: (cell: Cell) => Record<string, unknown>,
): Data[] {
  const box = (cell: Cell) => ({
    x0: x.edges[cell.column],
    x1: x.edges[cell.column + 1],
    xc: x.positions[cell.column],
    y0: y.edges[cell.row],
    y1: y.edges[cell.row + 1],
    yc: y.positions[cell.row],
  });
  const present = cells.filter(({ n }) => n > 0);
  const absent = cells.filter(({ n }) => n === 0);
  return [
    { name: 'present', values: present.map((cell) => ({ ...shown(cell), ...box(cell) })) },
    { name: 'absent', values: absent.map(box) },
    { name: 'strokes', values: absent.flatMap((cell) => strokesOf(cell).map((stroke) => across(box(cell), stroke))) },
    { name: 'partial', values: present.filter(isPartial).map(box) },
    { name: 'uncertain', values: present.filter(({ uncertain }) => uncertain).map(box) },
    ...curves.map(({ lines }, i) => ({
      name: `curve${i}`,
      values: lines.flatMap((line, part) => line.map(([cx, cy]) => ({ x: cx, y: cy, part }))),
    })),
  ];
}

export function frameScales({ x, y }: Pick<FramedMap<FrameCell>, 'x' | 'y'>, { width, height }: MapSize): Scale[] {
  const position = (name: string, { scale, edges }: MapAxis, range: [number, number]): Scale => ({
    name,
    type: scale,
    domain: [edges[0], edges[edges.length - 1]],
    range,
    zero: false,
    nice: false,
  });
  return [position('x', x, [0, width]), position('y', y, [height, 0])];
}

/** @param width of the map; unit: pixels */
export function frameAxes({ x, y }: Pick<FramedMap<FrameCell>, 'x' | 'y'>, width: number): Axis[] {
  const axis = (orient: 'bottom' | 'left', scale: string, ticks: readonly Tick[]): Axis => ({
    orient,
    scale,
    labelFlush: false,
    values: ticks.map(({ value }) => value),
    encode: { labels: { update: { text: { signal: tickText(ticks) } } } },
  });
  const domain = [x.edges[0], x.edges[x.edges.length - 1]] as const;
  const placeOf = placeOn({ domain, scale: x.scale }, width);
  return [
    axis('bottom', 'x', spaceLabels(x.ticks, { length: width, gap: 2 * UPRIGHT, placeOf })),
    axis('left', 'y', y.ticks),
  ];
}

/** @param fill of cells that have a value */
export function frameMarks<Cell extends FrameCell>(
  { x, y, curves }: FramedMap<Cell>,
  { left, width, height }: MapSize,
  fill: ProductionRule<ColorValueRef>,
): Mark[] {
  return [
    boxes('present', fill),
    boxes('absent', { value: EMPTY }),
    strokes('strokes'),
    ...hatching('uncertain'),
    dots('partial'),
    {
      type: 'group',
      clip: true,
      encode: { enter: { width: { value: width }, height: { value: height } } },
      marks: curves.map(({ dash }, i) => curveMarks(`curve${i}`, dash)),
    },
    outline(0, 0, width, height),
    ...textLines([x.label], { x: width / 2, y: height + 31 }, { size: TEXT.label, align: 'center' }),
    uprightLabel(y.label, TEXT.label - left, height / 2, height),
  ];
}

/** Light with a dark rim: seen on every colour. */
function curveMarks(data: string, dash: readonly number[]): Mark {
  return {
    type: 'group',
    from: { facet: { name: `${data}Part`, data, groupby: 'part' } },
    marks: CURVE_LAYERS.map(
      ({ color, width }): Mark => ({
        type: 'line',
        from: { data: `${data}Part` },
        encode: {
          enter: {
            x: { scale: 'x', field: 'x' },
            y: { scale: 'y', field: 'y' },
            stroke: { value: color },
            strokeWidth: { value: width },
            strokeDash: { value: [...dash] },
          },
        },
      }),
    ),
  };
}

const leftOutOf = ({ leftOut }: FrameCell) => Object.values(leftOut).reduce((sum, count) => sum + count, 0);
export const isPartial = (cell: FrameCell) => cell.n > 0 && leftOutOf(cell) > 0;

/**
 * Curves, and what stands in the map instead of a colour or on it.
 *
 * @param colorOf a cell with a value: the legend shows a mark on a colour that it has in the map
 */
export function frameLegend<Cell extends FrameCell>(
  { cells, curves, uncertainty }: FramedMap<Cell>,
  colorOf: (cell: Cell) => string,
): LegendItem[] {
  const counted = (text: string, { length }: readonly Cell[]) =>
    `${text} (${length === 1 ? '1 cell' : `${length} cells`})`;
  const marked = (kind: 'partial' | 'uncertain', text: string, some: readonly Cell[]): LegendItem[] =>
    some.length === 0 ? [] : [{ symbol: { kind, color: colorOf(some[0]) }, text: counted(text, some) }];
  return [
    ...curves.map(({ label, dash }) => ({ symbol: { kind: 'line', color: INK, dash } as const, text: label })),
    ...absences(cells.filter(({ n }) => n === 0)).map(
      ({ words, cells: some }): LegendItem => ({
        symbol: { kind: 'absent', strokes: strokesOf(some[0]) },
        text: counted(`no value: ${words}`, some),
      }),
    ),
    ...marked('partial', 'some runs left out', cells.filter(isPartial)),
    ...marked(
      'uncertain',
      uncertainty,
      cells.filter(({ n, uncertain }) => n > 0 && uncertain),
    ),
  ];
}
