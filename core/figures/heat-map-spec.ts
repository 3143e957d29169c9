// A heat map as a Vega specification. Positions of the frame, colour bar and legend are explicit: what is drawn does not
// depend on how wide some machine thinks a letter is.
import type { Axis, Spec } from 'vega';
import { boxes, diagonals, dots, patchLegend } from './cell-marks.js';
import { barSlices, colorBar } from './color-bar.js';
import { wrapText } from './format.js';
import {
  describeClamping,
  describeSample,
  type HeatMapCell,
  type HeatMapTable,
  type MapAxis,
} from './heat-map-table.js';
import {
  BAR_WIDTH,
  COLUMN_WIDTH,
  CONFIG,
  charactersIn,
  EMPTY,
  FAINT,
  LINE_HEIGHT,
  labelSpace,
  SEQUENTIAL,
  TEXT,
} from './style.js';
import { outline, textLines, tickText, uprightLabel } from './text-marks.js';
import { chooseTicks, type Tick } from './ticks.js';

/** Unit: pixels. */
const MARGIN = 6;
const BAR_GAP = 12;
const PATCH_PITCH = 15;
/** Space under the map for ticks and the label of the axis. */
const BELOW = 42;
/** Space beside the ticks for a label that is turned upwards. */
const UPRIGHT = 16;
/** A map keeps this much however long its labels are. */
const LEAST_PLOT = 140;

interface Layout {
  /** Space left of the map. */
  readonly left: number;
  /** Side of the map. */
  readonly plot: number;
}

export function heatMapSpec(table: HeatMapTable): Spec {
  const { x, y, color, limits } = table;
  const present = table.cells.filter(({ n }) => n > 0);
  const absent = table.cells.filter(({ n }) => n === 0);
  const patches = legendPatches(table);
  const barTicks = chooseTicks(limits[0], limits[1], color, []);
  const layout = layOut(y, barTicks);
  const { left, plot } = layout;
  const text = layOutText(table, patches.length, layout);
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    description: `${table.title}. ${describeSample(table)}`,
    width: plot,
    height: plot,
    padding: { left, top: text.top, right: COLUMN_WIDTH - left - plot, bottom: text.bottom },
    autosize: 'none',
    background: CONFIG.background,
    config: { axis: CONFIG.axis },
    data: [
      { name: 'present', values: present.map((cell) => box(cell, table)) },
      { name: 'absent', values: absent.map((cell) => ({ ...box(cell, table), kind: absentKind(cell) })) },
      { name: 'partial', values: present.filter(isPartial).map((cell) => box(cell, table)) },
      { name: 'barSlices', values: barSlices(limits, color) },
      { name: 'barTicks', values: barTicks },
      { name: 'patches', values: patches.map((patch, i) => ({ ...patch, y: plot + BELOW + i * PATCH_PITCH })) },
    ],
    scales: [
      { name: 'x', type: x.scale, domain: ends(x), range: 'width', zero: false, nice: false },
      { name: 'y', type: y.scale, domain: ends(y), range: 'height', zero: false, nice: false },
      { name: 'color', type: color, domain: [...limits], range: { scheme: SEQUENTIAL }, clamp: true, zero: false },
      { name: 'bar', type: color, domain: [...limits], range: 'height', zero: false, nice: false },
    ],
    axes: [axis('bottom', 'x', x), axis('left', 'y', y)],
    marks: [
      boxes('present', { scale: 'color', field: 'value' }),
      boxes('absent', { value: EMPTY }),
      ...diagonals('absent', "datum.kind === 'diverged'"),
      dots('partial'),
      outline(0, 0, plot, plot),
      ...textLines([x.label], { x: plot / 2, y: plot + 31 }, { size: TEXT.label, align: 'center' }),
      uprightLabel(y.label, MARGIN + TEXT.label - left, plot / 2, plot),
      ...colorBar('barSlices', 'barTicks', plot + BAR_GAP, plot),
      uprightLabel(table.valueLabel, COLUMN_WIDTH - left - MARGIN, plot / 2, plot),
      ...patchLegend('patches'),
      ...text.marks,
    ],
  };
}

/** Gives the map what labels leave of the column's width. */
function layOut(y: MapAxis, barTicks: readonly Tick[]): Layout {
  const left = MARGIN + UPRIGHT + labelSpace(y.ticks.map(({ label }) => label));
  const right = BAR_GAP + BAR_WIDTH + labelSpace(barTicks.map(({ label }) => label)) + UPRIGHT;
  const plot = Math.max(LEAST_PLOT, COLUMN_WIDTH - left - right);
  return { left: Math.min(left, COLUMN_WIDTH - right - plot), plot };
}

const ends = ({ edges }: MapAxis) => [edges[0], edges[edges.length - 1]];

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
function legendPatches({ cells }: HeatMapTable) {
  const absent = cells.filter(({ n }) => n === 0);
  const diverged = absent.filter((cell) => absentKind(cell) === 'diverged').length;
  const patches = [
    { kind: 'diverged', text: 'no value: diverged', count: diverged },
    { kind: 'empty', text: 'no value: failed or not run', count: absent.length - diverged },
    { kind: 'partial', text: 'some runs left out', count: cells.filter(isPartial).length },
  ];
  return patches
    .filter(({ count }) => count > 0)
    .map(({ kind, text, count }) => ({ kind, text: `${text} (${count === 1 ? '1 cell' : `${count} cells`})` }));
}

/** Title and sample above the map, small print below it. */
function layOutText(table: HeatMapTable, patches: number, { left, plot }: Layout) {
  const width = COLUMN_WIDTH - 2 * MARGIN;
  const small = charactersIn(width, TEXT.small);
  const title = wrapText(table.title, charactersIn(width, TEXT.title, 'bold'));
  const sample = wrapText(describeSample(table), small);
  const print = [describeClamping(table), table.note].flatMap((line) => (line ? wrapText(line, small) : []));

  const titleHeight = title.length * TEXT.title * LINE_HEIGHT;
  const top = Math.ceil(MARGIN + titleHeight + sample.length * TEXT.small * LINE_HEIGHT + 8);
  const printStart = plot + BELOW + patches * PATCH_PITCH + (patches > 0 ? 6 : 0);
  const bottom = Math.ceil(printStart - plot + print.length * TEXT.small * LINE_HEIGHT + MARGIN);
  const x = MARGIN - left;
  const firstLine = MARGIN - top + TEXT.title;
  return {
    top,
    bottom,
    marks: [
      ...textLines(title, { x, y: firstLine }, { size: TEXT.title, weight: 'bold' }),
      ...textLines(sample, { x, y: firstLine + titleHeight - 1 }, { size: TEXT.small, color: FAINT }),
      ...textLines(print, { x, y: printStart + TEXT.small }, { size: TEXT.small, color: FAINT }),
    ],
  };
}
