// Places on a map lead to values of the swept axes and back, at cells and between them.
import { describe, expect, test } from 'vitest';
import {
  indexAlong,
  isCell,
  moved,
  partAlong,
  placeAt,
  positionAt,
  spotOf,
  valueAt,
} from '../../../../lab/page/map/spot.js';
import type { SweepAxis } from '../../../../lab/protocol.js';
import { axes, phases, RATES, WIDTHS, x, y } from './phases.js';

const { table } = phases;
const place = (column: number, row: number, others = {}) => placeAt(phases, { x, y }, axes, { column, row }, others);
const key = (name: string, more = {}) => ({ key: name, ctrlKey: false, shiftKey: false, ...more });

describe('a cell', () => {
  test('has the very values of the sweep, in the order in which they are drawn', () => {
    expect(place(0, 0)).toEqual({ [x.axis]: 4, [y.axis]: 0.25 });
    expect(place(3, 2)).toEqual({ [x.axis]: 0.5, [y.axis]: 1 });
  });

  test('is found again from its values', () => {
    for (const width of WIDTHS) {
      for (const rate of RATES) {
        const spot = spotOf(phases, { x, y }, { [x.axis]: width, [y.axis]: rate });
        expect(spot && place(spot.column, spot.row)).toEqual({ [x.axis]: width, [y.axis]: rate });
        expect(spot && isCell(spot)).toBe(true);
      }
    }
  });

  test('lies under the pointer wherever it is inside of its edges', () => {
    for (const [column, edge] of table.x.edges.slice(0, -1).entries()) {
      const [left, right] = [partAlong(table.x, edge), partAlong(table.x, table.x.edges[column + 1])];
      for (const part of [left + 1e-9, (left + right) / 2, right - 1e-9]) {
        expect(indexAlong(table.x, part, false)).toBe(column);
      }
    }
    expect(indexAlong(table.x, 1, false)).toBe(table.x.positions.length - 1);
  });
});

describe('between cells', () => {
  test('values lie where they are drawn: in the middle of a logarithmic axis at the geometric mean', () => {
    expect(place(0.5, 0)[x.axis]).toBe(Number(Math.sqrt(8).toPrecision(4)));
    expect(place(0, 1.5)[y.axis]).toBe(Number(Math.sqrt(0.5).toPrecision(4)));
    expect(positionAt(table.y, 1.5)).toBeCloseTo(Math.sqrt(0.5) / 4, 12);
  });

  test('a place is found again from its values', () => {
    const spot = spotOf(phases, { x, y }, place(1.3, 0.6));
    expect(spot?.column).toBeCloseTo(1.3, 3);
    expect(spot?.row).toBeCloseTo(0.6, 3);
  });

  test('the pointer is at centres and between them, never beyond the outermost', () => {
    const { x: axis } = table;
    axis.positions.forEach((position, i) => {
      expect(indexAlong(axis, partAlong(axis, position), true)).toBeCloseTo(i, 9);
    });
    expect([indexAlong(axis, 0, true), indexAlong(axis, 1, true)]).toEqual([0, 3]);
  });

  test('on a linear axis of 1 / value the value is that of the place as drawn', () => {
    const axis = { ...table.x, scale: 'linear' as const, values: [4, 2, 1], positions: [0.25, 0.5, 1] };
    expect(valueAt(axis, { inverse: true }, 1.5)).toBe(Number((1 / 0.75).toPrecision(4)));
    expect(positionAt(axis, 1.5)).toBe(0.75);
  });

  test('counts stay counts, and what is no number is that of the nearest cell', () => {
    const axis = { ...table.x, values: [1, 10, 100], positions: [1, 10, 100] };
    expect(valueAt(axis, {}, 0.5, true)).toBe(3);
    expect(valueAt(axis, {}, 0.5)).toBe(3.162);
    expect(valueAt({ ...axis, values: ['sgd', 'adam', 'momentum'] }, {}, 0.6)).toBe('adam');
  });

  test('values beside the axis have no place on the map', () => {
    expect(spotOf(phases, { x, y }, { [x.axis]: 100, [y.axis]: 1 })).toBeUndefined();
    expect(spotOf(phases, { x, y }, { [y.axis]: 1 })).toBeUndefined();
  });
});

describe('axes that the map does not show', () => {
  test('keep the values of the slice', () => {
    expect(place(0, 0, { epochs: 10 })).toEqual({ epochs: 10, [x.axis]: 4, [y.axis]: 0.25 });
  });

  test('go along with an axis that they vary with', () => {
    const zipped: SweepAxis[] = [...axes, { name: 'seedScale', values: ['a', 'b', 'c', 'd'], group: 0, whole: false }];
    expect(placeAt(phases, { x, y }, zipped, { column: 0, row: 0 }, { seedScale: 'a' })).toEqual({
      seedScale: 'd',
      [x.axis]: 4,
      [y.axis]: 0.25,
    });
  });
});

describe('keys', () => {
  const from = { column: 1, row: 1 };
  const to = (name: string, more = {}) => moved(from, key(name, more), [4, 3]);

  test('arrows go to the next cell, up is up', () => {
    expect(to('ArrowRight')).toEqual({ column: 2, row: 1 });
    expect(to('ArrowUp')).toEqual({ column: 1, row: 2 });
    expect(moved({ column: 0, row: 0 }, key('ArrowLeft'), [4, 3])).toEqual({ column: 0, row: 0 });
  });

  test('with Shift they go a tenth of a cell, without it back to the centre of one', () => {
    const between = to('ArrowLeft', { shiftKey: true });
    expect(between).toEqual({ column: 0.9, row: 1 });
    expect(between && moved(between, key('ArrowRight'), [4, 3])).toEqual({ column: 2, row: 1 });
  });

  test('Home, End, Page Up and Page Down go to the edges, with Control to the corners', () => {
    expect(to('Home')).toEqual({ column: 0, row: 1 });
    expect(to('End')).toEqual({ column: 3, row: 1 });
    expect(to('PageUp')).toEqual({ column: 1, row: 2 });
    expect(to('PageDown')).toEqual({ column: 1, row: 0 });
    expect(to('Home', { ctrlKey: true })).toEqual({ column: 0, row: 2 });
    expect(to('End', { ctrlKey: true })).toEqual({ column: 3, row: 0 });
  });

  test('other keys are left to the page', () => {
    expect(to('a')).toBeUndefined();
    expect(to('Tab')).toBeUndefined();
  });
});
