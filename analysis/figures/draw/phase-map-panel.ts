// A phase map as a panel: a colour for each label, paler where it is less probable, with the boundaries that were found.
import type { Mark } from 'vega';
import { type LegendItem, legend } from './legend.js';
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
import { labelColors, probableColor } from './palette.js';
import type { Panel, PlotRoom } from './panel.js';
import type { PhaseCell, PhaseMapTable } from './phase-map-table.js';
import { describeSample } from './sample.js';
import { INK, labelSpace } from './style.js';

/** Unit: pixels. */
const RIGHT = 8;
const MOST_HEIGHT = 330;

export function phaseMapPanel(table: PhaseMapTable, boxWidth: number, room?: PlotRoom): Panel {
  const left = Math.max(UPRIGHT + labelSpace(table.y.ticks.map(({ label }) => label)), room?.left ?? 0);
  const width = boxWidth - left - Math.max(RIGHT, room?.right ?? 0);
  const size: MapSize = { left, width, height: Math.min(MOST_HEIGHT, width) };
  const colorOf = cellColors(table);
  const key = legend(phaseLegend(table), { x: 0, y: size.height + BELOW }, width);
  return {
    kind: 'map',
    title: table.title,
    sample: `${describeSample(table)}; by ${table.classifier}; paler: less probable`,
    notes: table.note ? [table.note] : [],
    width: boxWidth,
    height: size.height + BELOW + key.height,
    left,
    plot: size,
    body: {
      data: [
        ...frameData(table, (cell) => ({ color: colorOf(cell) })),
        { name: 'crossings', values: [...table.crossings] },
      ],
      scales: frameScales(table, size),
      axes: frameAxes(table, width),
      marks: [
        ...frameMarks(table, size, { field: 'color' }),
        { type: 'group', clip: true, encode: { enter: sized(size) }, marks: crossingMarks() },
        ...key.marks,
      ],
    },
  };
}

const sized = ({ width, height }: MapSize) => ({ width: { value: width }, height: { value: height } });

/** Labels that occur, each with the surest colour that it has in the map; then boundaries, curves and absences. */
export function phaseLegend(table: PhaseMapTable): LegendItem[] {
  const colorOf = cellColors(table);
  const seen = table.labels.flatMap((text) => {
    const cells = table.cells.filter(({ label }) => label === text);
    if (cells.length === 0) return [];
    const surest = cells.reduce((best, cell) => (cell.probability.value > best.probability.value ? cell : best));
    return [{ symbol: { kind: 'swatch', color: colorOf(surest) } as const, text }];
  });
  const points = { symbol: { kind: 'boundary' } as const, text: 'boundary with its band (68 %)' };
  return [...seen, ...(table.crossings.length > 0 ? [points] : []), ...frameLegend(table, colorOf)];
}

/** Full colour for a sure label, nearly white for one that is no more probable than the others. */
export function cellColors({ labels }: PhaseMapTable): (cell: PhaseCell) => string {
  const colors = labelColors(labels);
  return ({ label = '', probability }) =>
    probableColor(colors.get(label) ?? '#ffffff', probability.value, labels.length);
}

function crossingMarks(): Mark[] {
  const bar = (stroke: string, width: number): Mark => ({
    type: 'rule',
    from: { data: 'crossings' },
    encode: {
      enter: {
        x: { scale: 'x', field: 'x' },
        x2: { scale: 'x', field: 'x2' },
        y: { scale: 'y', field: 'y' },
        y2: { scale: 'y', field: 'y2' },
        stroke: { value: stroke },
        strokeWidth: { value: width },
      },
    },
  });
  const point: Mark = {
    type: 'symbol',
    from: { data: 'crossings' },
    encode: {
      enter: {
        x: { scale: 'x', field: 'cx' },
        y: { scale: 'y', field: 'cy' },
        size: { value: 16 },
        fill: { value: 'white' },
        stroke: { value: INK },
        strokeWidth: { value: 0.8 },
      },
    },
  };
  return [bar('white', 2.4), bar(INK, 1.1), point];
}
