// A heat map as a panel: cells, curves over them, a colour bar beside them and a legend below.
import type { Axis, Mark, Scale } from 'vega';
import { boxes, diagonals, dots, hatching } from './cell-marks.js';
import { type BarPlace, barSlices, colorBar } from './color-bar.js';
import { describeClamping, type HeatMapCell, type HeatMapTable } from './heat-map-table.js';
import { type LegendItem, legend } from './legend.js';
import type { MapAxis } from './map-axis.js';
import type { Panel } from './panel.js';
import { describeSample } from './sample.js';
import { BAR_WIDTH, DIVERGING, EMPTY, INK, labelSpace, SEQUENTIAL, TEXT } from './style.js';
import { outline, textLines, tickText, uprightLabel } from './text-marks.js';
import { chooseTicks, type Tick } from './ticks.js';

/** Unit: pixels. */
const BAR_GAP = 12;
/** Space below the map for ticks and the label of the axis. */
const BELOW = 42;
/** Space beside the ticks for a label that is turned upwards. */
const UPRIGHT = 16;
/** A map keeps at least this much however long its labels are, and takes no more however wide the page is. */
const LEAST_PLOT = 120;
const MOST_HEIGHT = 330;
const NARROW = 240;

interface Layout {
  /** Space left of the map. */
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly bar: BarPlace;
  /** Where the legend begins. */
  readonly bottom: number;
}

export function heatMapPanel(table: HeatMapTable, boxWidth: number): Panel {
  const { x, y, color, limits } = table;
  const present = table.cells.filter(({ n }) => n > 0);
  const absent = table.cells.filter(({ n }) => n === 0);
  const barTicks = chooseTicks(limits[0], limits[1], color, []);
  const { left, width, height, bar, bottom } = layOut(y, barTicks, boxWidth);
  const key = legend(legendItems(table), { x: 0, y: bottom }, boxWidth - left);
  const position = (name: string, axis: MapAxis, range: [number, number]): Scale => ({
    name,
    type: axis.scale,
    domain: [axis.edges[0], axis.edges[axis.edges.length - 1]],
    range,
    zero: false,
    nice: false,
  });
  const clear = describeClamping(table);
  return {
    title: table.title,
    sample: describeSample(table),
    notes: [...(clear ? [clear] : []), ...(table.note ? [table.note] : [])],
    width: boxWidth,
    height: bottom + key.height,
    left,
    plot: { width, height },
    body: {
      data: [
        { name: 'present', values: present.map((cell) => box(cell, table)) },
        { name: 'absent', values: absent.map((cell) => ({ ...box(cell, table), kind: absentKind(cell) })) },
        { name: 'partial', values: present.filter(isPartial).map((cell) => box(cell, table)) },
        { name: 'uncertain', values: present.filter((cell) => cell.uncertain).map((cell) => box(cell, table)) },
        { name: 'barSlices', values: barSlices(limits, color) },
        { name: 'barTicks', values: barTicks },
        ...table.curves.map(({ lines }, i) => ({
          name: `curve${i}`,
          values: lines.flatMap((line, part) => line.map(([cx, cy]) => ({ x: cx, y: cy, part }))),
        })),
      ],
      scales: [
        position('x', x, [0, width]),
        position('y', y, [height, 0]),
        colorScale(table),
        { name: 'bar', type: color, domain: [...limits], range: barRange(bar), zero: false, nice: false },
      ],
      axes: [axis('bottom', 'x', x), axis('left', 'y', y)],
      marks: [
        boxes('present', { scale: 'color', field: 'value' }),
        boxes('absent', { value: EMPTY }),
        ...diagonals('absent', "datum.kind === 'diverged'"),
        ...hatching('uncertain'),
        dots('partial'),
        {
          type: 'group',
          clip: true,
          encode: { enter: { width: { value: width }, height: { value: height } } },
          marks: table.curves.flatMap(({ dash }, i) => curveMarks(`curve${i}`, dash)),
        },
        outline(0, 0, width, height),
        ...textLines([x.label], { x: width / 2, y: height + 31 }, { size: TEXT.label, align: 'center' }),
        uprightLabel(y.label, TEXT.label - left, height / 2, height),
        ...colorBar('barSlices', 'barTicks', bar),
        ...(bar.orient === 'upright'
          ? [uprightLabel(table.valueLabel, boxWidth - left, height / 2, height)]
          : textLines([table.valueLabel], { x: width / 2, y: bar.y + 36 }, { size: TEXT.label, align: 'center' })),
        ...key.marks,
      ],
    },
  };
}

/** Gives the map what labels leave of the box: a narrow box has the colour bar below. */
function layOut(y: MapAxis, barTicks: readonly Tick[], boxWidth: number): Layout {
  const left = UPRIGHT + labelSpace(y.ticks.map(({ label }) => label));
  if (boxWidth < NARROW) {
    const width = boxWidth - left - 6;
    const bar: BarPlace = { orient: 'lying', x: 0, y: width + BELOW, length: width };
    return { left, width, height: width, bar, bottom: bar.y + 44 };
  }
  const right = BAR_GAP + BAR_WIDTH + labelSpace(barTicks.map(({ label }) => label)) + UPRIGHT;
  const width = Math.max(LEAST_PLOT, boxWidth - left - right);
  const height = Math.min(MOST_HEIGHT, width);
  const bar: BarPlace = { orient: 'upright', x: width + BAR_GAP, y: 0, length: height };
  return { left: Math.min(left, boxWidth - right - width), width, height, bar, bottom: height + BELOW };
}

const barRange = ({ orient, x, y, length }: BarPlace): [number, number] =>
  orient === 'upright' ? [y + length, y] : [x, x + length];

function colorScale({ color, limits, center }: HeatMapTable): Scale {
  const shared = { name: 'color', clamp: true, zero: false } as const;
  if (center === undefined) return { ...shared, type: color, domain: [...limits], range: { scheme: SEQUENTIAL } };
  const reach = Math.max(limits[1] - center, center - limits[0]);
  // Dark at both ends would hide curves: the scheme is light in the middle.
  return { ...shared, type: 'linear', domain: [center - reach, center + reach], range: { scheme: DIVERGING } };
}

function box({ column, row, value }: HeatMapCell, { x, y, limits }: HeatMapTable) {
  return {
    // The scale cannot take the logarithm of a loss of exactly zero.
    value: Math.max(value, limits[0]),
    x0: x.edges[column],
    x1: x.edges[column + 1],
    xc: x.positions[column],
    y0: y.edges[row],
    y1: y.edges[row + 1],
    yc: y.positions[row],
  };
}

/** Light with a dark rim: seen on every colour. */
function curveMarks(data: string, dash: readonly number[]): Mark[] {
  const layers = [
    { color: INK, width: 2.6 },
    { color: 'white', width: 1.2 },
  ];
  return [
    {
      type: 'group',
      from: { facet: { name: `${data}Part`, data, groupby: 'part' } },
      marks: layers.map(
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
    },
  ];
}

function axis(orient: 'bottom' | 'left', scale: string, { ticks }: MapAxis): Axis {
  return {
    orient,
    scale,
    values: ticks.map(({ value }) => value),
    encode: { labels: { update: { text: { signal: tickText(ticks) } } } },
  };
}

const leftOutOf = (cell: HeatMapCell) => Object.values(cell.leftOut).reduce((sum, count) => sum + count, 0);
const isPartial = (cell: HeatMapCell) => cell.n > 0 && leftOutOf(cell) > 0;
const absentKind = ({ leftOut }: HeatMapCell) => (leftOut.diverged === undefined ? 'empty' : 'diverged');

/** What stands in the map instead of a colour, or on it. */
function legendItems({ cells, curves, uncertainty }: HeatMapTable): LegendItem[] {
  const absent = cells.filter(({ n }) => n === 0);
  const diverged = absent.filter((cell) => absentKind(cell) === 'diverged').length;
  const patches = [
    { symbol: { kind: 'absent', crossed: true }, text: 'no value: diverged', count: diverged },
    {
      symbol: { kind: 'absent', crossed: false },
      text: 'no value: failed or not run',
      count: absent.length - diverged,
    },
    { symbol: { kind: 'partial' }, text: 'some runs left out', count: cells.filter(isPartial).length },
    { symbol: { kind: 'uncertain' }, text: uncertainty, count: cells.filter(({ uncertain }) => uncertain).length },
  ] as const;
  return [
    ...curves.map(({ label, dash }) => ({ symbol: { kind: 'line', color: INK, dash } as const, text: label })),
    ...patches
      .filter(({ count }) => count > 0)
      .map(({ symbol, text, count }) => ({ symbol, text: `${text} (${count === 1 ? '1 cell' : `${count} cells`})` })),
  ];
}
