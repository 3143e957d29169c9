// The map of the page has the colours of the figures, its cells touch and fill the frame, and absences are crossed out.
import { expect, test } from 'vitest';
import { cellColors } from '../../../../analysis/figures/draw/phase-map-panel.js';
import { PAPER } from '../../../../lab/page/drawing/theme.js';
import { cellBox, mapShapes, plotBox } from '../../../../lab/page/map/draw-map.js';
import type { Shape } from '../../../../lab/page/map/shapes.js';
import type { MapTable } from '../../../../lab/protocol.js';
import { phases } from './phases.js';

const box = plotBox(phases, { x: 0, y: 0, width: 400, height: 400 });
const shapes = mapShapes(phases, box, PAPER);
const table = phases.table as Extract<MapTable, { kind: 'phase-map' }>['table'];
type Rect = Extract<Shape, { kind: 'rect' }>;
const filled = shapes.filter((shape): shape is Rect => shape.kind === 'rect' && shape.fill !== undefined);

test('each cell is filled with the colour that a figure gives it', () => {
  const colorOf = cellColors(table);
  const present = table.cells.filter(({ n }) => n > 0);
  expect(filled.slice(0, present.length).map(({ fill }) => fill)).toEqual(present.map(colorOf));
});

test('cells fill the frame: no gap, no overlap', () => {
  const area = filled.reduce((sum, { width, height }) => sum + width * height, 0);
  expect(filled).toHaveLength(table.cells.length);
  expect(area).toBe(Math.round(box.width) * Math.round(box.height));
});

test('a cell without a value is crossed out as in a figure', () => {
  const absent = table.cells.filter(({ n }) => n === 0);
  const strokes = shapes.filter((shape) => shape.kind === 'line' && shape.color === PAPER.hatch);
  expect(absent.length).toBeGreaterThan(0);
  // Diverged: two strokes each.
  expect(strokes).toHaveLength(2 * absent.length);
});

test('up is up: the first row lies at the bottom', () => {
  const place = cellBox(phases, box);
  expect(place({ column: 0, row: 0 }).yc).toBeGreaterThan(place({ column: 0, row: 1 }).yc);
  expect(place({ column: 0, row: 0 }).xc).toBeLessThan(place({ column: 1, row: 0 }).xc);
});
