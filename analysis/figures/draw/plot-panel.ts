// Curves in a plane as a panel: lines with bands, points, steps, shaded regions and guide lines, with a legend below.
import type { Axis, Mark, Scale } from 'vega';
import type { GuideLine, ScaleKind } from '../../../core/contracts/figure.js';
import { power } from '../../../core/kernels/elementary.js';
import { type LegendItem, legend } from './legend.js';
import type { Panel, PlotRoom } from './panel.js';
import { FAINT, FONT, INK, labelSpace, TEXT } from './style.js';
import { outline, textLines, tickText, uprightLabel } from './text-marks.js';
import { lastOverhang, placeOn, spaceLabels } from './tick-labels.js';
import { chooseTicks, type Tick } from './ticks.js';

export interface PlotAxis {
  readonly label: string;
  readonly scale: ScaleKind;
  readonly domain: readonly [number, number];
  /** Instead of chosen ones. */
  readonly ticks?: readonly Tick[];
}

export interface PlotCurve {
  readonly label: string;
  readonly color: string;
  readonly dash?: readonly number[];
  /** 'points': a line through points. 'steps': bars of a histogram, x being their centres. */
  readonly style: 'line' | 'points' | 'steps';
  readonly points: readonly PlotPoint[];
  /** How the bands of the points are drawn. Default 'band'. */
  readonly errors?: 'band' | 'bars';
}

export interface PlotPoint {
  readonly x: number;
  /** A value that cannot be drawn breaks the line. */
  readonly y: number;
  /** Ends of the band; NaN or absent where there is none. */
  readonly low?: number;
  readonly high?: number;
  /** Where runs were left out: how many entered, which stands beside a hollow point. */
  readonly incomplete?: number;
}

export interface PlotTable {
  readonly title: string;
  readonly sample: string;
  readonly notes: readonly string[];
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly curves: readonly PlotCurve[];
  /** `dash`: the number of its dashes, where it is not its place in the list. */
  readonly guides: readonly (GuideLine & { readonly dash?: number })[];
  readonly regions: readonly { readonly from: number; readonly to: number; readonly label: string }[];
}

/** Unit: pixels. */
const BELOW = 42;
const UPRIGHT = 16;
const RIGHT = 10;
const MOST_HEIGHT = 250;
const BAND_OPACITY = 0.2;

export function plotPanel(table: PlotTable, boxWidth: number, room?: PlotRoom): Panel {
  const { x, y, curves, guides, regions } = table;
  const yTicks = y.ticks ?? chooseTicks(y.domain[0], y.domain[1], y.scale, 6);
  const xTicks = x.ticks ?? chooseTicks(x.domain[0], x.domain[1], x.scale, boxWidth > 220 ? 7 : 5);
  const left = Math.max(UPRIGHT + labelSpace(yTicks.map(({ label }) => label)), room?.left ?? 0);
  const width = boxWidth - left - Math.max(RIGHT, lastOverhang(xTicks) + 2, room?.right ?? 0);
  // Of the box, so that plots side by side are equally high.
  const height = room?.height || Math.min(MOST_HEIGHT, Math.round(boxWidth * 0.58));
  const key = legend(legendItems(table), { x: 0, y: height + BELOW }, width);
  return {
    kind: 'plot',
    title: table.title,
    sample: table.sample,
    notes: table.notes,
    width: boxWidth,
    height: height + BELOW + key.height,
    left,
    plot: { width, height },
    body: {
      data: curves.map(({ points }, i) => ({ name: `curve${i}`, values: points.map((each) => drawable(each, table)) })),
      scales: [scale('x', x, [0, width]), scale('y', y, [height, 0])],
      axes: [
        axis('bottom', 'x', spaceLabels(xTicks, { length: width, gap: 2 * UPRIGHT, placeOf: placeOn(x, width) })),
        axis('left', 'y', yTicks),
      ],
      marks: [
        {
          type: 'group',
          clip: true,
          encode: { enter: { width: { value: width }, height: { value: height } } },
          marks: [
            ...regions.map((region) => shade(region, height)),
            ...curves.flatMap((curve, i) => errorMarks(curve, `curve${i}`)),
            ...curves.flatMap((curve, i) => curveMarks(curve, `curve${i}`)),
            ...guides.flatMap((guide, i) => guideMarks(guide, guideDash(guide.dash ?? i), table)),
          ],
        },
        // Not clipped: the end of an error bar may lie on the edge.
        ...curves.flatMap((curve, i) => countMarks(curve, `curve${i}`)),
        ...regions.flatMap((region) => regionLabel(region)),
        outline(0, 0, width, height),
        ...textLines([x.label], { x: width / 2, y: height + 31 }, { size: TEXT.label, align: 'center' }),
        uprightLabel(y.label, TEXT.label - left, height / 2, height),
        ...key.marks,
      ],
    },
  };
}

const hasBand = ({ points }: PlotCurve) =>
  points.some(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));

const isIncomplete = ({ points }: Pick<PlotCurve, 'points'>) =>
  points.some(({ incomplete, y }) => incomplete !== undefined && Number.isFinite(y));

function legendItems({ curves, guides }: PlotTable): LegendItem[] {
  const hollow = curves.find(isIncomplete);
  return [
    ...curves
      .filter(({ label }) => label !== '')
      .map((curve): LegendItem => {
        const { label, color, dash } = curve;
        return { symbol: { kind: 'line', color, dash, band: hasBand(curve) && curve.errors !== 'bars' }, text: label };
      }),
    ...guides.map(
      ({ label, dash }, i): LegendItem => ({
        symbol: { kind: 'line', color: FAINT, dash: guideDash(dash ?? i) },
        text: label,
      }),
    ),
    ...(hollow
      ? [{ symbol: { kind: 'hollow', color: hollow.color } as const, text: 'some runs left out, with N' }]
      : []),
  ];
}

/** What a scale cannot take is marked as undefined and put at its lower end. */
function drawable({ x, y, low, high, incomplete }: PlotPoint, { x: xAxis, y: yAxis }: PlotTable) {
  const fits = (value: number | undefined, { scale: kind }: PlotAxis): value is number =>
    Number.isFinite(value) && (kind === 'linear' || (value as number) > 0);
  const defined = fits(x, xAxis) && fits(y, yAxis);
  const banded = defined && fits(high, yAxis) && Number.isFinite(low);
  const floor = yAxis.domain[0];
  return {
    x: defined ? x : xAxis.domain[0],
    y: defined ? y : floor,
    low: banded ? Math.max(low as number, yAxis.scale === 'log' ? floor : Number.NEGATIVE_INFINITY) : floor,
    high: banded ? high : floor,
    defined,
    banded,
    ...(incomplete === undefined ? {} : { incomplete }),
  };
}

function scale(name: string, { scale: type, domain }: PlotAxis, range: [number, number]): Scale {
  return { name, type, domain: [...domain], range, zero: false, nice: false };
}

function axis(orient: 'bottom' | 'left', name: string, ticks: readonly Tick[]): Axis {
  return {
    orient,
    scale: name,
    labelFlush: false,
    values: ticks.map(({ value }) => value),
    encode: { labels: { update: { text: { signal: tickText(ticks) } } } },
  };
}

const interpolation = (style: PlotCurve['style']) => ({ value: style === 'steps' ? 'step' : 'linear' }) as const;

function band({ color, style }: PlotCurve, data: string): Mark {
  return {
    type: 'area',
    from: { data },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x' },
        y: { scale: 'y', field: 'low' },
        y2: { scale: 'y', field: 'high' },
        fill: { value: color },
        fillOpacity: { value: BAND_OPACITY },
        interpolate: interpolation(style),
        defined: { field: 'banded' },
      },
    },
  };
}

function errorMarks(curve: PlotCurve, data: string): Mark[] {
  if (!hasBand(curve)) return [];
  return curve.errors === 'bars' ? errorBars(curve, data) : [band(curve, data)];
}

/** Half of the stroke across each end of an error bar; unit: pixels. */
const CAP = 2.5;

/** A bar from end to end with a stroke across both ends. */
function errorBars({ color }: PlotCurve, data: string): Mark[] {
  const bar = { stroke: { value: color }, strokeWidth: { value: 0.9 }, opacity: { signal: 'datum.banded ? 1 : 0' } };
  const x = (offset: number) => ({ scale: 'x', field: 'x', offset });
  const cap = (field: string): Mark => ({
    type: 'rule',
    from: { data },
    encode: { enter: { ...bar, x: x(-CAP), x2: x(CAP), y: { scale: 'y', field } } },
  });
  const upright: Mark = {
    type: 'rule',
    from: { data },
    encode: { enter: { ...bar, x: x(0), y: { scale: 'y', field: 'low' }, y2: { scale: 'y', field: 'high' } } },
  };
  return [upright, cap('low'), cap('high')];
}

function curveMarks({ color, dash = [], style }: PlotCurve, data: string): Mark[] {
  const line: Mark = {
    type: 'line',
    from: { data },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x' },
        y: { scale: 'y', field: 'y' },
        stroke: { value: color },
        strokeWidth: { value: 1.2 },
        strokeDash: { value: [...dash] },
        strokeJoin: { value: 'round' },
        interpolate: interpolation(style),
        defined: { field: 'defined' },
      },
    },
  };
  if (style !== 'points') return [line];
  const points: Mark = {
    type: 'symbol',
    from: { data },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x' },
        y: { scale: 'y', field: 'y' },
        size: { value: 14 },
        fill: { signal: `isValid(datum.incomplete) ? 'white' : '${color}'` },
        stroke: { value: color },
        strokeWidth: { value: 1 },
        opacity: { signal: 'datum.defined ? 1 : 0' },
      },
    },
  };
  return [line, points];
}

/** How many runs a point stands for, where some are missing. */
function countMarks({ color, errors, points }: PlotCurve, data: string): Mark[] {
  if (!isIncomplete({ points })) return [];
  const counts: Mark = {
    type: 'text',
    from: { data },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x' },
        // On an error bar it could not be read.
        y: { scale: 'y', signal: errors === 'bars' ? 'datum.banded ? datum.high : datum.y' : 'datum.y', offset: -5 },
        text: { signal: "datum.defined && isValid(datum.incomplete) ? datum.incomplete : ''" },
        align: { value: 'center' },
        font: { value: FONT },
        fontSize: { value: TEXT.small },
        fill: { value: color },
      },
    },
  };
  return [counts];
}

/** As those of contours over maps, so that levels look alike side by side. */
const GUIDE_DASHES: readonly (readonly number[])[] = [[], [5, 2.5], [1.5, 2], [7, 2, 1.5, 2]];
const guideDash = (i: number) => [...GUIDE_DASHES[i % GUIDE_DASHES.length]];

function guideMarks({ x, y, points, from, to }: GuideLine, dash: readonly number[], table: PlotTable): Mark[] {
  const rule = ([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): Mark => ({
    type: 'rule',
    encode: {
      enter: {
        x: { scale: 'x', value: x1 },
        x2: { scale: 'x', value: x2 },
        y: { scale: 'y', value: y1 },
        y2: { scale: 'y', value: y2 },
        stroke: { value: FAINT },
        strokeWidth: { value: 1 },
        strokeDash: { value: [...dash] },
      },
    },
  });
  if (points) return points.slice(1).map((point, i) => rule(points[i], point));
  const [start, end] = x !== undefined ? table.y.domain : table.x.domain;
  const ends = [from ?? start, typeof to === 'number' ? to : end];
  const [first, last] = ends.map((at): [number, number] => (x !== undefined ? [x, at] : [at, y ?? Number.NaN]));
  return [rule(first, last)];
}

function shade({ from, to }: { readonly from: number; readonly to: number }, height: number): Mark {
  return {
    type: 'rect',
    encode: {
      enter: {
        x: { scale: 'x', value: from },
        x2: { scale: 'x', value: to },
        y: { value: 0 },
        y2: { value: height },
        fill: { value: INK },
        fillOpacity: { value: 0.08 },
      },
    },
  };
}

function regionLabel({
  from,
  to,
  label,
}: {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}): Mark[] {
  const [line] = textLines([label], { x: 0, y: 11 }, { size: TEXT.small, align: 'center' });
  const middle = { signal: `(scale('x', ${from}) + scale('x', ${to})) / 2` };
  return [{ ...line, encode: { enter: { ...line.encode?.enter, x: middle } } } as Mark];
}

/** Ends of an axis that shows all values, with some air around them. */
export function extentOf(values: readonly number[], kind: ScaleKind, air = 0.04): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (kind === 'log' && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return kind === 'log' ? [0.1, 1] : [0, 1];
  if (kind === 'log') {
    // Not power(high / low, air): the ratio of two doubles can overflow.
    const factor = (power(high, air) / power(low, air)) * (low === high ? 2 : 1);
    return [low / factor, high * factor];
  }
  const room = low === high ? Math.abs(low || 1) / 2 : (high - low) * air;
  return [low - room, high + room];
}
