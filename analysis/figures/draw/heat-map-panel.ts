// A heat map as a panel: a number as colour, with a colour bar beside or below and a legend.
import { type BarPlace, colorBar } from './color-bar.js';
import { type ColorScale, colorScale } from './color-scale.js';
import { describeClamping, type HeatMapTable } from './heat-map-table.js';
import { legend } from './legend.js';
import type { MapAxis } from './map-axis.js';
import {
  BELOW,
  frameAxes,
  frameData,
  frameLegend,
  frameMarks,
  frameScales,
  type MapSize,
  UPRIGHT,
} from './map-frame.js';
import type { Panel, PlotRoom } from './panel.js';
import { describeSample } from './sample.js';
import { BAR_WIDTH, labelSpace, TEXT } from './style.js';
import { textLines, uprightLabel } from './text-marks.js';
import type { Tick } from './ticks.js';

/** Unit: pixels. */
const BAR_GAP = 12;
/** A map keeps at least this much however long its labels are, and takes no more however wide the page is. */
const LEAST_PLOT = 120;
const MOST_HEIGHT = 330;
/** A narrower box has the colour bar below. */
const NARROW = 240;

interface Layout extends MapSize {
  readonly bar: BarPlace;
  /** Where the legend begins. */
  readonly bottom: number;
}

export function heatMapPanel(table: HeatMapTable, boxWidth: number, room?: PlotRoom): Panel {
  const colors = colorScale(table);
  const barTicks = colors.ticks(boxWidth < NARROW ? 5 : 7);
  const layout = layOut(table.y, barTicks, boxWidth, room);
  const { left, width, height, bar, bottom } = layout;
  const items = frameLegend(table, ({ value }) => colors.colorOf(value));
  const key = legend(items, { x: 0, y: bottom }, boxWidth - left);
  const clamped = describeClamping(table);
  return {
    kind: 'map',
    title: table.title,
    sample: describeSample(table),
    notes: [...(clamped ? [clamped] : []), ...(table.note ? [table.note] : [])],
    width: boxWidth,
    height: bottom + key.height,
    left,
    plot: { width, height },
    body: {
      data: [
        ...frameData(table, ({ value }) => ({ value, color: colors.colorOf(value) })),
        { name: 'barSlices', values: slicesOf(colors) },
        { name: 'barTicks', values: barTicks.map(({ value, label }) => ({ value: colors.place(value), label })) },
      ],
      scales: [
        ...frameScales(table, layout),
        { name: 'bar', type: 'linear', domain: [0, 1], range: barRange(bar), zero: false, nice: false },
      ],
      axes: frameAxes(table, width),
      marks: [
        ...frameMarks(table, layout, { field: 'color' }),
        ...colorBar('barSlices', 'barTicks', bar, { field: 'color' }),
        ...(bar.orient === 'upright'
          ? [uprightLabel(table.valueLabel, boxWidth - left, height / 2, height)]
          : textLines([table.valueLabel], { x: width / 2, y: bar.y + 36 }, { size: TEXT.label, align: 'center' })),
        ...key.marks,
      ],
    },
  };
}

/** Gives the map what labels leave of the box. */
function layOut(y: MapAxis, barTicks: readonly Tick[], boxWidth: number, room?: PlotRoom): Layout {
  const left = Math.max(UPRIGHT + labelSpace(y.ticks.map(({ label }) => label)), room?.left ?? 0);
  if (boxWidth < NARROW) {
    const width = boxWidth - left - 6;
    const bar: BarPlace = { orient: 'lying', x: 0, y: width + BELOW, length: width };
    return { left, width, height: width, bar, bottom: bar.y + 44 };
  }
  const own = BAR_GAP + BAR_WIDTH + labelSpace(barTicks.map(({ label }) => label)) + UPRIGHT;
  const right = Math.max(own, room?.right ?? 0);
  const width = Math.max(LEAST_PLOT, boxWidth - left - right);
  const height = Math.min(MOST_HEIGHT, width);
  const bar: BarPlace = { orient: 'upright', x: width + BAR_GAP, y: 0, length: height };
  return { left: Math.min(left, boxWidth - right - width), width, height, bar, bottom: height + BELOW };
}

const barRange = ({ orient, x, y, length }: BarPlace): [number, number] =>
  orient === 'upright' ? [y + length, y] : [x, x + length];

/** Slices of the colour bar; it measures places on the scale, 0 to 1. */
export function slicesOf({ valueAt, colorOf }: ColorScale, count = 128) {
  return Array.from({ length: count }, (_, i) => ({
    color: colorOf(valueAt((i + 0.5) / count)),
    from: i / count,
    to: (i + 1) / count,
  }));
}
