// The map as it is kept: all that the panel shows of it, with its legend, and its cells as a table.
import { CHARACTER_WIDTH } from '../../../analysis/figures/draw/style.js';
import { heatMapCsv, phaseMapCsv } from '../../../analysis/figures/figure-csv.js';
import type { MapTable, MapView, Place } from '../../protocol.js';
import type { Picture } from '../drawing/export-picture.js';
import { legendNote, legendOf, SYMBOL, symbolShapes, symbolWidth } from './draw-legend.js';
import { BAR_HEIGHT, barShapes, type MapInks, mapShapes, plotBox } from './draw-map.js';
import { BITS, badge, type MarkedSpot, markShapes } from './draw-marks.js';
import { paint, type Shape } from './shapes.js';
import { isRow } from './spot.js';

/** Unit: pixels. */
const WIDTH = 480;
const HEIGHT = 460;
const PITCH = 18;
const TEXT_SIZE = 10;
const AFTER_SYMBOL = 5;
const BETWEEN = 14;

interface Entry {
  readonly text: string;
  /** Of the symbol. */
  readonly width: number;
  shapes(x: number, y: number, inks: MapInks): Shape[];
}

function entriesOf(map: MapTable, marks: readonly MarkedSpot[]): Entry[] {
  const checks = [...new Set(marks.map(({ mark }) => mark))].map((mark): Entry => {
    const { length } = marks.filter((each) => each.mark === mark);
    return {
      text: `${BITS[mark].words} (${length === 1 ? '1 cell' : `${length} cells`})`,
      width: SYMBOL + 4,
      shapes: (x, y) => badge({ x: x + SYMBOL / 2 + 2, y: y + SYMBOL / 2 }, mark),
    };
  });
  const others = legendOf(map).map(
    ({ symbol, text }): Entry => ({
      text,
      width: symbolWidth(symbol),
      shapes: (x, y, inks) => symbolShapes(symbol, inks, x, y),
    }),
  );
  return [...others, ...checks];
}

/** Entries from left to right, in as many rows as they need. */
function inRows(entries: readonly Entry[]) {
  let [x, row] = [0, 0];
  return entries.map((entry) => {
    const length = entry.width + AFTER_SYMBOL + entry.text.length * TEXT_SIZE * CHARACTER_WIDTH.normal;
    if (x > 0 && x + length > WIDTH) [x, row] = [0, row + 1];
    const at = { entry, x, row };
    x += length + BETWEEN;
    return at;
  });
}

/** One row a cell. @param shared values of axes that the map does not show */
function csvOf(map: MapTable, { x, y }: MapView['declaration'], shared: Place['at']): string {
  const axes = [x.axis, y.axis] as const;
  const labels = { x: map.table.x.label, y: map.table.y.label, shared };
  return map.kind === 'phase-map'
    ? phaseMapCsv(map.table, axes, { ...labels, value: `label by ${map.table.classifier}` })
    : heatMapCsv(map.table, axes, { ...labels, value: `${map.table.statistic} of ${map.table.valueLabel}` });
}

/** @param where values of axes that the map does not show @param marks of cells that were computed again */
export function mapPicture(
  map: MapTable,
  declaration: MapView['declaration'],
  where: Place['at'],
  marks: readonly MarkedSpot[],
): Picture {
  const found = marks.filter(({ mark }) => mark !== 'computing');
  const entries = inRows(entriesOf(map, found));
  const bar = map.kind === 'heat-map' && !isRow(map) ? BAR_HEIGHT + BETWEEN : 0;
  const rows = entries.length === 0 ? 0 : entries[entries.length - 1].row + 1;
  return {
    width: WIDTH + 2 * BETWEEN,
    height: HEIGHT + bar + BETWEEN + rows * PITCH,
    sample: legendNote(map),
    csv: csvOf(map, declaration, where),
    draw(surface, { x, y, width }, theme) {
      const plot = plotBox(map, { x, y, width, height: HEIGHT });
      const left = x + BETWEEN;
      paint(surface, [
        ...mapShapes(map, plot, theme),
        ...markShapes(map, plot, { marks: found }),
        ...(map.kind === 'heat-map' && bar > 0 ? barShapes(map, { ...plot, y: y + HEIGHT + BETWEEN }, theme) : []),
        ...entries.flatMap(({ entry, x: right, row }): Shape[] => {
          const top = y + HEIGHT + bar + BETWEEN + row * PITCH;
          const at = left + right + entry.width + AFTER_SYMBOL;
          const text = { text: entry.text, size: TEXT_SIZE, color: theme.ink, across: 'middle' } as const;
          return [...entry.shapes(left + right, top, theme), { kind: 'text', x: at, y: top + SYMBOL / 2, ...text }];
        }),
      ]);
    },
  };
}
