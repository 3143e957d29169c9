// What colours and marks of a map mean: entries for the page and for files, with their symbols as shapes.
import { across } from '../../../analysis/figures/draw/absence.js';
import { colorScale } from '../../../analysis/figures/draw/color-scale.js';
import { describeClamping } from '../../../analysis/figures/draw/heat-map-table.js';
import type { LegendItem, LegendSymbol } from '../../../analysis/figures/draw/legend.js';
import { frameLegend } from '../../../analysis/figures/draw/map-frame.js';
import { phaseLegend } from '../../../analysis/figures/draw/phase-map-panel.js';
import { describeSample } from '../../../analysis/figures/draw/sample.js';
import { INK } from '../../../analysis/figures/draw/style.js';
import type { MapTable } from '../../protocol.js';
import type { MapInks } from './draw-map.js';
import type { Shape } from './shapes.js';
import { isRow } from './spot.js';

export function legendOf(map: MapTable): LegendItem[] {
  if (map.kind === 'phase-map') return phaseLegend(map.table);
  const { colorOf } = colorScale(map.table);
  if (!isRow(map)) return frameLegend(map.table, ({ value }) => colorOf(value));
  const points = { symbol: { kind: 'boundary' } as const, text: `${map.table.statistic} with its band (68 %)` };
  return [points, ...frameLegend(map.table, () => 'white')];
}

/** What stands below the legend: the sample, values beyond the colours, and what the study says of the map. */
export function legendNote(map: MapTable): string {
  const { runs, note } = map.table;
  const sample = runs === 0 ? undefined : describeSample(map.table as Parameters<typeof describeSample>[0]);
  const paler = map.kind === 'phase-map' ? '; paler: less probable' : '';
  const clamped = map.kind === 'heat-map' ? describeClamping(map.table) : undefined;
  return [sample && `${sample}${paler}.`, clamped, note && `${note}.`.replace(/\.\.$/, '.')].filter(Boolean).join(' ');
}

/** Height of a symbol, and width of all but lines; unit: pixels. */
export const SYMBOL = 12;
const LINE_LENGTH = 20;

export const symbolWidth = ({ kind }: LegendSymbol) => (kind === 'line' ? LINE_LENGTH : SYMBOL);

/** From its upper left corner. */
export function symbolShapes(symbol: LegendSymbol, inks: MapInks, x = 0, y = 0): Shape[] {
  const half = SYMBOL / 2;
  const patch = (fill: string): Shape => ({ kind: 'rect', x, y, width: SYMBOL, height: SYMBOL, fill });
  const disc = (radius: number, width: number): Shape => ({
    kind: 'circle',
    x: x + half,
    y: y + half,
    radius,
    fill: 'white',
    stroke: INK,
    width,
  });
  const line = (
    color: string,
    width: number,
    from: readonly [number, number],
    to: readonly [number, number],
  ): Shape => ({
    kind: 'line',
    points: [from, to].map(([right, down]) => [x + right, y + down] as const),
    color,
    width,
  });
  switch (symbol.kind) {
    case 'swatch':
      return [patch(symbol.color)];
    case 'absent': {
      const box = { x0: 0, x1: SYMBOL, xc: half, y0: SYMBOL, y1: 0, yc: half };
      return [
        patch(inks.empty),
        ...symbol.strokes.map((stroke) => {
          const ends = across(box, stroke);
          return line(inks.hatch, 1, [ends.x, ends.y], [ends.x2, ends.y2]);
        }),
      ];
    }
    case 'partial':
      return [patch(symbol.color), disc(2.5, 0.8)];
    case 'uncertain':
      return [
        patch(symbol.color),
        ...[INK, 'white'].flatMap((color, i) => {
          const width = i === 0 ? 1.7 : 0.8;
          return [
            line(color, width, [0, half], [half, 0]),
            line(color, width, [0, SYMBOL], [SYMBOL, 0]),
            line(color, width, [half, SYMBOL], [SYMBOL, half]),
          ];
        }),
      ];
    case 'boundary':
      return [line(inks.ink, 1.2, [half, 0], [half, SYMBOL]), disc(2.4, 0.9)];
    default: {
      const dash = 'dash' in symbol ? symbol.dash : undefined;
      return [{ ...line(inks.ink, 1.4, [0, half], [LINE_LENGTH, half]), dash } as Shape];
    }
  }
}
