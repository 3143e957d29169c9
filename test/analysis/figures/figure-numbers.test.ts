// The arithmetic of figures against plain computation: cell edges, statistics over seeds, ticks, what is left out.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellEdges } from '../../../analysis/figures/draw/edges.js';
import { formatNumber } from '../../../analysis/figures/draw/format.js';
import { gridTicks } from '../../../analysis/figures/draw/grid-ticks.js';
import { type HeatMapRun, tabulateHeatMap } from '../../../analysis/figures/draw/heat-map-table.js';
import { summarise } from '../../../analysis/figures/draw/statistics.js';
import { chooseTicks } from '../../../analysis/figures/draw/ticks.js';
import { quantile } from '../../../core/statistics/estimate.js';

describe('cell edges', () => {
  test('on a log axis lie at geometric means, and the outer ones as far out', () => {
    expect(cellEdges([1, 4, 16], 'log')).toEqual([0.5, 2, 8, 32]);
    expect(cellEdges([1, 2, 4], 'linear')).toEqual([0.5, 1.5, 3, 5]);
  });

  test('of any ascending centres enclose each centre; inner ones are geometric means', () => {
    const centres = fc
      .uniqueArray(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 })
      .map((values) => values.sort((a, b) => a - b))
      .filter((values) => values.every((value, i) => i === 0 || value / values[i - 1] > 1 + 1e-6));
    fc.assert(
      fc.property(centres, (values) => {
        const edges = cellEdges(values, 'log');
        expect(edges.length).toBe(values.length + 1);
        values.forEach((value, i) => {
          expect(edges[i]).toBeLessThan(value);
          expect(edges[i + 1]).toBeGreaterThan(value);
          if (i > 0) expect(edges[i]).toBeCloseTo(Math.sqrt(values[i - 1] * value), -Math.log10(value) + 6);
        });
      }),
    );
  });
});

describe('statistics', () => {
  test('agree with numpy.quantile', () => {
    // numpy.quantile([1, 2, 4, 8, 16], [0, 0.16, 0.5, 0.84, 1]) -> [1, 1.64, 4, 10.88, 16]
    const values = [1, 2, 4, 8, 16];
    expect([0, 0.16, 0.5, 0.84, 1].map((p) => +quantile(values, p).toFixed(12))).toEqual([1, 1.64, 4, 10.88, 16]);
    expect(summarise([16, 1, 4, 8, 2], 'median')).toEqual({
      value: 4,
      low: expect.closeTo(1.64, 12),
      high: expect.closeTo(10.88, 12),
      n: 5,
    });
  });

  test('the mean has its standard error', () => {
    const { value, low, high, n } = summarise([1, 2, 3, 4], 'mean');
    expect([value, n]).toEqual([2.5, 4]);
    expect(high - value).toBeCloseTo(Math.sqrt(5 / 3 / 4), 14);
    expect(value - low).toBeCloseTo(Math.sqrt(5 / 3 / 4), 14);
  });

  test.each(['median', 'mean'] as const)('the %s skips what is not finite and says how many entered', (statistic) => {
    expect(summarise([Number.NaN, 3, Number.POSITIVE_INFINITY], statistic)).toEqual({
      value: 3,
      low: Number.NaN,
      high: Number.NaN,
      n: 1,
    });
    expect(summarise([Number.NaN], statistic)).toMatchObject({ value: Number.NaN, n: 0 });
  });

  test('the median lies between the extremes and does not depend on order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
        const { value } = summarise(values, 'median');
        expect(value).toBeGreaterThanOrEqual(Math.min(...values));
        expect(value).toBeLessThanOrEqual(Math.max(...values));
        expect(summarise([...values].reverse(), 'median').value).toBe(value);
      }),
    );
  });
});

describe('ticks', () => {
  const labels = (...args: Parameters<typeof chooseTicks>) => chooseTicks(...args).map(({ label }) => label);

  test('are powers of ten on a logarithmic axis', () => {
    expect(labels(1e-3, 100, 'log')).toEqual(['10⁻³', '10⁻²', '10⁻¹', '10⁰', '10¹', '10²']);
  });
  test('fill short axes with 1, 2, 5, all written alike', () => {
    expect(labels(0.09, 0.6, 'log')).toEqual(['0.1', '0.2', '0.5']);
    expect(labels(2e-4, 2e-3, 'log')).toEqual(['2×10⁻⁴', '5×10⁻⁴', '10⁻³', '2×10⁻³']);
  });
  test('have equal decimals on linear axes', () => {
    expect(labels(0, 1, 'linear')).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(labels(-3, 3, 'linear')).toEqual(['−3', '−2', '−1', '0', '1', '2', '3']);
  });
  test('lie on the axis, ascending, for any ends', () => {
    const end = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(end, end, fc.constantFrom('log', 'linear'), (a, b, scale) => {
        fc.pre(Math.max(a, b) / Math.min(a, b) > 1.01);
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const values = chooseTicks(low, high, scale).map(({ value }) => value);
        expect(values.length).toBeGreaterThan(0);
        expect(values.length).toBeLessThan(12);
        values.forEach((value, i) => {
          const slack = scale === 'log' ? value * 1e-6 : (high - low) * 1e-6;
          expect(value).toBeGreaterThanOrEqual(low - slack);
          expect(value).toBeLessThanOrEqual(high + slack);
          if (i > 0) expect(value).toBeGreaterThan(values[i - 1]);
        });
      }),
    );
  });
  test('of a grid are powers of two where it is made of them, with 2⁰ among them', () => {
    const of = (positions: readonly number[]) => gridTicks(positions, 'log').map(({ label }) => label);
    expect(of(Array.from({ length: 12 }, (_, i) => 2 ** (i - 3)))).toEqual(['2⁻²', '2⁰', '2²', '2⁴', '2⁶', '2⁸']);
    expect(of([0.25, 1, 4])).toEqual(['2⁻²', '2⁰', '2²']);
  });
  test('of a grid lie on its values, however it is spaced, and name them to three digits', () => {
    // Before, an axis of these had ticks at powers of ten, where nothing was computed.
    const rates = Array.from({ length: 8 }, (_, i) => 0.125 * 2048 ** (i / 7));
    expect(gridTicks(rates, 'log').map(({ label }) => label)).toContain('0.125');
    const grid = fc.uniqueArray(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(grid, fc.constantFrom('log', 'linear'), (values, scale) => {
        const positions = values.sort((a, b) => a - b);
        const ticks = gridTicks(positions, scale);
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks.length).toBeLessThan(9);
        ticks.forEach(({ value, label }, i) => {
          expect(positions).toContain(value);
          expect(label).toBe(formatNumber(Number(value.toPrecision(3))));
          if (i > 0) expect(value).toBeGreaterThan(ticks[i - 1].value);
        });
      }),
    );
  });
  test('numbers are short and have a minus sign', () => {
    expect([0, -1.5, 123456, 1e-5, 0.1 + 0.2].map(formatNumber)).toEqual(['0', '−1.5', '1.23×10⁵', '10⁻⁵', '0.3']);
  });
});

describe('a heat map', () => {
  const run = (x: number, y: number, value: number, leftOut?: HeatMapRun['leftOut']): HeatMapRun => ({
    x,
    y,
    value,
    leftOut,
  });
  const table = tabulateHeatMap(
    {
      kind: 'heat-map',
      name: 'm',
      value: 'loss.loss',
      color: 'log',
      x: { axis: 'w', inverse: true },
      y: { axis: 'r', divideBy: 4 },
    },
    {
      xValues: { values: [1, 2, 4], divisors: [1, 1, 1] },
      yValues: { values: [4, 8], divisors: [4, 4] },
      seeds: 3,
      title: 'T',
      where: '',
      valueLabel: 'loss',
      runs: [
        run(1, 4, 1),
        run(1, 4, 5),
        run(1, 4, 2),
        run(2, 4, 100, 'diverged'),
        run(2, 4, 3),
        run(2, 4, Number.NaN),
        run(4, 8, 7, 'failed'),
      ],
    },
  );

  test('has ascending axes after inversion and division', () => {
    expect(table.x.positions).toEqual([0.25, 0.5, 1]);
    expect(table.x.values).toEqual([4, 2, 1]);
    expect(table.x.scale).toBe('log');
    expect(table.y.positions).toEqual([1, 2]);
  });

  test('takes no value from a run that is left out, and counts it by reason', () => {
    const cell = (x: number, y: number) =>
      table.cells.find(({ column, row }) => table.x.values[column] === x && table.y.values[row] === y);
    expect(cell(1, 4)).toMatchObject({ value: 2, n: 3, leftOut: {} });
    expect(cell(2, 4)).toMatchObject({ value: 3, n: 1, leftOut: { diverged: 1, 'not finite': 1 } });
    expect(cell(4, 8)).toMatchObject({ value: Number.NaN, n: 0, leftOut: { failed: 1 } });
    expect(table.leftOut).toEqual({ diverged: 1, 'not finite': 1, failed: 1 });
    expect(table.limits).toEqual([2, 3]);
  });
});
