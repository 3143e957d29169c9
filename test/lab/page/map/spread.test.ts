// Cells that are checked are spread over the map, all different, and the same ones every time.
import { expect, test } from 'vitest';
import { spreadOver } from '../../../../lab/page/map/spread.js';

const grid = (columns: number, rows: number) =>
  Array.from({ length: columns * rows }, (_, i) => ({ column: i % columns, row: Math.floor(i / columns) }));

test('every quarter of a map has its share', () => {
  const chosen = spreadOver(grid(12, 12), 20);
  expect(new Set(chosen).size).toBe(20);
  for (const right of [false, true]) {
    for (const up of [false, true]) {
      const quarter = chosen.filter(({ column, row }) => column >= 6 === right && row >= 6 === up);
      expect(quarter.length).toBeGreaterThanOrEqual(4);
      expect(quarter.length).toBeLessThanOrEqual(6);
    }
  }
});

test('a small map is checked whole, a choice is made again the same', () => {
  expect(new Set(spreadOver(grid(3, 2), 20))).toHaveLength(6);
  expect(spreadOver(grid(5, 7), 9)).toEqual(spreadOver(grid(5, 7), 9));
  expect(spreadOver([], 20)).toEqual([]);
});
