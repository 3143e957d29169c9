// What stands at a place of the map is told in words: axes as drawn, label with its band, N, and why there is none.
import { expect, test } from 'vitest';
import { axisWords, readCell, sayCell } from '../../../../lab/page/map/reading.js';
import { phases } from './phases.js';

test('axes are told as their ticks have them', () => {
  expect(axisWords(phases, { column: 2, row: 1 })).toBe('T 2⁻³, 1 / initial width 1');
});

test('a label comes with its probability, the band of it, N, and the other labels', () => {
  expect(sayCell(phases, { column: 3, row: 0 })).toMatch(/: ordered 0\.8\d \(0\.\d+ to 1\), N 2$/);
  expect(readCell(phases, { column: 1, row: 0 })).toMatchObject({ main: 'ordered', n: 2, more: ['1 jammed'] });
});

test('a cell without a label says why', () => {
  expect(readCell(phases, { column: 0, row: 0 })).toEqual({ main: 'diverged', n: 0, more: [] });
  expect(sayCell(phases, { column: 0, row: 0 })).toMatch(/: diverged$/);
});

test('between cells nothing is stored, and it says so', () => {
  expect(readCell(phases, { column: 0.5, row: 0 })).toBeUndefined();
  expect(sayCell(phases, { column: 0.5, row: 0 })).toContain('nothing is stored here');
});
