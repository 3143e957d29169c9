// The map as a file: its cells in their colours, what its marks mean, and a table of what it knows of every cell.
import { expect, test } from 'vitest';
import { tabulateHeatMap } from '../../../../analysis/figures/draw/heat-map-table.js';
import { cellColors } from '../../../../analysis/figures/draw/phase-map-panel.js';
import { phaseMapCsv } from '../../../../analysis/figures/figure-csv.js';
import type { Picture } from '../../../../lab/page/drawing/export-picture.js';
import { svgSurface } from '../../../../lab/page/drawing/svg-surface.js';
import { PAPER } from '../../../../lab/page/drawing/theme.js';
import type { MarkedSpot } from '../../../../lab/page/map/draw-marks.js';
import { mapPicture } from '../../../../lab/page/map/map-picture.js';
import type { MapTable } from '../../../../lab/protocol.js';
import { parseCsv } from '../../../../node/files/csv-cell.js';
import { BATCH, phases, RATES, WIDTHS, x, y } from './phases.js';

const axes = { kind: 'phase-map', x, y } as const;
const at = { width: 520, height: 600 };

function svgOf({ draw }: Picture): string {
  const surface = svgSurface();
  draw(surface, { x: 5, y: 50, ...at }, PAPER);
  return surface.content();
}

/** Numbers with all digits that a double has; the median is that of the second seed. */
const lossOf = (width: number, rate: number, seed: number) => (1 + seed * 1e-3) / (3 * rate + width);
const numbers: MapTable = {
  kind: 'heat-map',
  table: tabulateHeatMap(
    { kind: 'heat-map', name: '', x, y, value: 'loss' },
    {
      xValues: { values: WIDTHS, divisors: WIDTHS.map(() => 1) },
      yValues: { values: RATES, divisors: RATES.map(() => BATCH) },
      seeds: 3,
      runs: WIDTHS.flatMap((width) =>
        RATES.flatMap((rate) => [0, 1, 2].map((seed) => ({ x: width, y: rate, value: lossOf(width, rate, seed) }))),
      ),
      title: 'Made up',
      where: 'samples = 40',
      valueLabel: 'training loss',
    },
  ),
};

test('every cell with a label has its colour, and the legend says what colours and marks mean', () => {
  const svg = svgOf(mapPicture(phases, axes, {}, []));
  if (phases.kind !== 'phase-map') throw new Error();
  const colorOf = cellColors(phases.table);
  const fills = [...svg.matchAll(/<rect [^>]*fill="(#[0-9a-f]+)"/g)].map(([, fill]) => fill);
  const present = phases.table.cells.filter(({ n }) => n > 0).map(colorOf);
  expect(fills.slice(0, present.length)).toEqual(present);
  for (const text of [
    'ordered',
    'no value: diverged (3 cells)',
    '1 / initial width',
    'T = learning rate / batch size',
  ]) {
    expect(svg).toContain(`>${text}</text>`);
  }
});

test('a heat map has its colours along a bar, with the name of the value', () => {
  const picture = mapPicture(numbers, { ...axes, kind: 'heat-map', value: 'loss' }, {}, []);
  expect(svgOf(picture)).toContain('>training loss</text>');
  expect(picture.sample).toBe('median over N\u00a0=\u00a03\u00a0seeds; 36\u00a0runs; samples = 40.');
});

test('cells that were computed again have their marks, but for those that are not yet', () => {
  const marks: MarkedSpot[] = [
    { spot: { column: 0, row: 0 }, mark: 'same' },
    { spot: { column: 1, row: 0 }, mark: 'same' },
    { spot: { column: 2, row: 2 }, mark: 'computing' },
  ];
  const svg = svgOf(mapPicture(phases, axes, {}, marks));
  expect(svg).toContain('>bits: as stored (2 cells)</text>');
  expect(svg).not.toContain('computing');
  // Each on its cell, and one in the legend.
  expect(svg.match(/<circle [^>]*r="8" fill="#/g)).toHaveLength(3);
});

test('entries of the legend stay on the page, in as many rows as they need', () => {
  const { height, draw } = mapPicture(phases, axes, {}, [{ spot: { column: 0, row: 0 }, mark: 'other' }]);
  const surface = svgSurface();
  draw(surface, { x: 0, y: 0, width: 500, height }, PAPER);
  const lowest = Math.max(...[...surface.content().matchAll(/<text [^>]*y="([\d.]+)"/g)].map(([, at]) => Number(at)));
  expect(lowest).toBeLessThan(height);
  expect(lowest).toBeGreaterThan(height - 30);
});

test('the table has a row for every cell, with all digits, under the names of axes and value', () => {
  const shared = { 'model.samples': 40 };
  const { csv } = mapPicture(numbers, { ...axes, kind: 'heat-map', value: 'loss' }, shared, []);
  const [header, ...rows] = parseCsv(csv);
  expect(header.slice(0, 9)).toEqual([
    ...['model.initialWidth', 'optimiser.learningRate', 'model.samples'],
    ...['1 / initial width', 'T = learning rate / batch size'],
    ...['median of training loss', '16 % quantile', '84 % quantile', 'n'],
  ]);
  expect(rows).toHaveLength(WIDTHS.length * RATES.length);
  for (const [width, rate, samples, right, up, value, , , n] of rows.map((row) => row.map(Number))) {
    expect([samples, right, up, n]).toEqual([40, 1 / width, rate / BATCH, 3]);
    expect(value).toBe(lossOf(width, rate, 1));
  }
});

test('the table of a phase map is that of a figure under other names, and no label of it is a formula', () => {
  if (phases.kind !== 'phase-map') throw new Error();
  const [own, figure] = [
    mapPicture(phases, axes, {}, []).csv,
    phaseMapCsv(phases.table, ['model.initialWidth', 'optimiser.learningRate']),
  ].map((csv) => parseCsv(csv));
  expect(own.slice(1)).toEqual(figure.slice(1));
  expect(own[0][4]).toBe('label by made-up');

  const evil = '=HYPERLINK("https://example.org","ordered")';
  const renamed = (label?: string) => (label === 'ordered' ? evil : label);
  const table = {
    ...phases.table,
    labels: phases.table.labels.map((label) => renamed(label) as string),
    cells: phases.table.cells.map((cell) => ({ ...cell, label: renamed(cell.label) })),
  };
  const { csv } = mapPicture({ kind: 'phase-map', table }, axes, {}, []);
  expect(parseCsv(csv).map((row) => row[4])).toContain(`'${evil}`);
  expect(csv).not.toMatch(/(^|,)"?=/m);
});
