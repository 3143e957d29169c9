// The kinds of figure beyond the plain map: contours, lines, phase maps and histograms against plain computation, and
// that the CSV holds the numbers that are drawn.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { GroupMark } from 'vega';
import { beforeAll, describe, expect, test } from 'vitest';
import { contourLines } from '../../../analysis/figures/draw/contour.js';
import { tabulateHistogram } from '../../../analysis/figures/draw/histogram-table.js';
import { linePlot } from '../../../analysis/figures/draw/line-table.js';
import { type MapAxis, mapAxis } from '../../../analysis/figures/draw/map-axis.js';
import { contourCurves, guideCurve } from '../../../analysis/figures/draw/map-curves.js';
import { drawFigure } from '../../../analysis/figures/draw-figure.js';
import { linesCsv } from '../../../analysis/figures/figure-csv.js';
import { openFigureData } from '../../../analysis/figures/figure-data.js';
import { readLines } from '../../../analysis/figures/figure-tables.js';
import { drawFigures } from '../../../analysis/figures/figures.js';
import { readDisagreement, readPhaseMap } from '../../../analysis/figures/phase-tables.js';
import type { FigureDeclaration, HistogramDeclaration, LineDeclaration } from '../../../core/contracts/figure.js';
import { checkFigures } from '../../../core/figures/check.js';
import { parseCsv } from '../../../node/files/csv-cell.js';
import { boundariesTable, verdictsTable } from '../../../node/results/verdict-tables.js';
import figuresPlugin from '../../../plugins/phase-diagram-figures/index.js';
import { temporaryFolder } from '../../node/files/temporary-folder.js';
import { lossAt, writeSyntheticStudy } from '../synthetic-study.js';

const folder = temporaryFolder();
const study = join(folder, 'study');
const where = { 'model.activation': 'tanh' };
const plane = { x: { axis: 'model.initialWidth' }, y: { axis: 'optimiser.learningRate' } } as const;
const widths = [0.5, 1, 2];
const seeds = 4;

/** Cells are numbered widths x rates x activations; tanh is the first of two activations. */
const cellOf = (width: number, rate: number) => (widths.indexOf(width) * 2 + [0.25, 0.5].indexOf(rate)) * 2;
/** Seed k of the wide cells is jammed from k = width on. */
const labelOf = (width: number, seed: number) => (seed < 4 / width - 1 ? 'ordered' : 'jammed');

beforeAll(() => {
  const rows = writeSyntheticStudy(study, { seeds, status: () => 'completed' });
  const path = join(study, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  manifest.scenario.classifier = { use: 'mine' };
  writeFileSync(path, JSON.stringify(manifest));
  const labels = ['ordered', 'jammed'];
  const axes = ['model.initialWidth', 'optimiser.learningRate', 'noise.batchSize', 'model.activation'];
  const verdicts = (label: (width: number, seed: number) => string) =>
    rows.map((row) => {
      const given = label(row.axes['model.initialWidth'] as number, row.seed);
      const probabilities = Object.fromEntries(labels.map((name) => [name, name === given ? 1 : 0]));
      return { label: given, probabilities, evidence: {} };
    });
  writeFileSync(join(study, 'verdicts.csv'), verdictsTable(rows, verdicts(labelOf), labels, axes));
  const at = { 'optimiser.learningRate': 0.5, 'noise.batchSize': 2, 'model.activation': 'tanh' };
  const crossing = { at, value: 1.25, low: 1, high: 1.5, found: 1, n: 4 };
  const boundary = {
    between: ['ordered', 'jammed'],
    along: 'model.initialWidth',
    level: 0.5,
    crossings: [crossing],
  } as const;
  writeFileSync(join(study, 'boundaries.csv'), boundariesTable([boundary], axes));
  mkdirSync(join(study, 'analysis', 'other'), { recursive: true });
  writeFileSync(
    join(study, 'analysis', 'other', 'verdicts.csv'),
    verdictsTable(
      rows,
      verdicts(() => 'ordered'),
      labels,
      axes,
    ),
  );
});

describe('a contour', () => {
  const axis = (values: readonly number[], scale: 'log' | 'linear'): MapAxis =>
    mapAxis({ axis: 'a', scale }, { values, divisors: values.map(() => 1) });

  test('of a product on logarithmic axes is where the product has the level', () => {
    const at = fc.uniqueArray(fc.integer({ min: -6, max: 6 }), { minLength: 2, maxLength: 7 });
    fc.assert(
      fc.property(at, at, fc.double({ min: -8, max: 8, noNaN: true }), (xs, ys, level) => {
        const sorted = (all: number[]) => [...all].sort((a, b) => a - b).map((e) => 2 ** e);
        const [x, y] = [axis(sorted(xs), 'log'), axis(sorted(ys), 'log')];
        const lines = contourLines(x, y, (c, r) => Math.log2(x.positions[c] * y.positions[r]), level);
        // Linear in both logarithms, so that interpolation is exact.
        for (const [px, py] of lines.flat()) expect(Math.log2(px * py)).toBeCloseTo(level, 9);
        const corners = x.positions.flatMap((px) => y.positions.map((py) => Math.log2(px * py) < level));
        expect(lines.length > 0).toBe(new Set(corners).size === 2);
      }),
    );
  });

  test('is one closed line around a hill', () => {
    const five = axis([1, 2, 3, 4, 5], 'linear');
    const [line, ...others] = contourLines(five, five, (c, r) => (c === 2 && r === 2 ? 1 : 0), 0.25);
    expect(others).toEqual([]);
    expect(line).toHaveLength(5);
    expect(line[0]).toEqual(line[4]);
    for (const [x, y] of line) expect(Math.abs(x - 3) + Math.abs(y - 3)).toBeCloseTo(0.75, 12);
  });

  test('ends a guide that is to end at it, and one that does not meet it goes on to the end', () => {
    const powers = axis([0.125, 0.25, 0.5, 1, 2, 4, 8], 'log');
    const cells = powers.positions.flatMap((px) => powers.positions.map((py) => ({ value: Math.log2(px * py) })));
    const place = fc.double({ min: -2.9, max: 2.9, noNaN: true });
    fc.assert(
      fc.property(place, place, fc.boolean(), (level, at, upright) => {
        const contours = contourCurves({ levels: [level] }, powers, powers, cells, false);
        const guide = { ...(upright ? { x: 2 ** at } : { y: 2 ** at }), to: 'contour', label: '' } as const;
        const [[, end]] = guideCurve(guide, powers, powers, contours).lines;
        const meeting = level - at;
        const reached = Math.abs(meeting) <= 3 ? meeting : 3.5;
        expect(Math.log2(end[upright ? 1 : 0])).toBeCloseTo(reached, 9);
      }),
    );
  });

  test('leaves a guide through points where it is', () => {
    const five = axis([1, 2, 3, 4, 5], 'linear');
    const points = [
      [1, 5],
      [3, 2],
      [5, 2],
    ] as const;
    expect(guideCurve({ points, label: 'theory' }, five, five).lines).toEqual([points]);
  });

  test('has no line where a cell has no number', () => {
    const two = axis([1, 2], 'linear');
    expect(contourLines(two, two, (c, r) => (c + r === 0 ? Number.NaN : c), 0.5)).toEqual([]);
  });
});

describe('lines', () => {
  const declaration: LineDeclaration = {
    kind: 'line',
    name: 'lines',
    value: 'loss.loss',
    x: plane.x,
    series: { axis: 'optimiser.learningRate', label: 'rate' },
    where,
  };

  test('are medians over seeds with their quantiles, one line per value', () => {
    const { table } = readLines(openFigureData(study), declaration);
    expect(table.series.map(({ label }) => label)).toEqual(['rate = 0.25', 'rate = 0.5']);
    const cell = table.series[1].cells[2];
    const losses = Array.from({ length: seeds }, (_, seed) => lossAt(cellOf(2, 0.5), seed, 3));
    expect(cell.value).toBeCloseTo((losses[1] + losses[2]) / 2, 14);
    // numpy.quantile of four equally spaced values at 0.16 and 0.84.
    expect(cell.low).toBeCloseTo(losses[0] + 0.48 * (losses[1] - losses[0]), 14);
    expect(cell.high).toBeCloseTo(losses[3] - 0.48 * (losses[3] - losses[2]), 14);
    expect(cell.n).toBe(4);
  });

  test('mark the midpoint after the last value above a level', () => {
    const fraction: LineDeclaration = {
      ...declaration,
      value: { labels: ['ordered'] },
      series: undefined,
      where: { ...where, 'optimiser.learningRate': 0.25 },
      lastAbove: { levels: [0.6], label: 'w_c' },
    };
    const levels = { levels: [0.6, 0.8, 0.2, 1], label: 'w_c' };
    const { table } = readLines(openFigureData(study), fraction);
    expect(table.series[0].cells.map(({ value }) => value)).toEqual([1, 0.75, 0.25]);
    expect(table.guides).toEqual([{ x: 1.5, label: 'w_c = 1.5', dash: 0 }]);
    const several = { ...fraction, value: 'loss.loss', lastAbove: { ...levels, value: fraction.value } } as const;
    const other = readLines(openFigureData(study), several).table;
    expect(other.guides).toEqual([
      { x: 1.5, label: 'w_c (60\u00a0%) = 1.5', dash: 0 },
      { x: 0.75, label: 'w_c (80\u00a0%) = 0.75', dash: 1 },
    ]);
    expect(other.unmarked).toEqual([
      'No w_c (20\u00a0%): above up to the last point',
      'No w_c (100\u00a0%): nowhere above',
    ]);
    const two = { ...several, series: plane.y, where };
    expect(() => checkFigures([two], openFigureData(study).ground)).toThrow(
      'marks places of one line, and there are 2',
    );
  });

  test('have a law beside them, summarised alike, in one more curve each and one more column', () => {
    const law: LineDeclaration = { ...declaration, theory: 'spectrum.levels', theoryLabel: 'law', element: [1] };
    const { table } = readLines(openFigureData(study), { ...law, value: 'spectrum.levels' });
    const alone = readLines(openFigureData(study), { ...law, value: 'spectrum.levels', theory: undefined });
    const valuesOf = ({ value }: { readonly value: number }) => value;
    expect(table.series.map(({ theory = [] }) => theory.map(valuesOf))).toEqual(
      alone.table.series.map(({ cells }) => cells.map(valuesOf)),
    );
    const { curves } = linePlot(table);
    expect(curves.map(({ label }) => label)).toEqual(['rate = 0.25', 'rate = 0.5', 'law', '']);
    expect(curves[3].points.map(({ y }) => y)).toEqual(alone.table.series[1].cells.map(valuesOf));
    const [header, first] = linesCsv(table, ['width', 'rate']).split('\n');
    expect(header.split(',').at(-1)).toBe('law');
    expect(Number(first.split(',').at(-1))).toBe(alone.table.series[0].cells[0].value);
    const check = (figure: LineDeclaration) => () => checkFigures([figure], openFigureData(study).ground);
    expect(check({ ...law, value: { labels: ['ordered'] } })).toThrow('a fraction of runs has no law');
    expect(check({ ...law, value: 'spectrum.levels', theory: 'loss.loss' })).toThrow('figures[0].element: loss.loss');
    expect(check({ ...law, value: 'spectrum.levels', theory: 'loss.law' })).toThrow('figures[0].theory');
  });

  test('multiply the number of every run by a factor', () => {
    const [once, twice] = [1, 2].map((factor) => readLines(openFigureData(study), { ...declaration, factor }).table);
    const values = ({ series }: typeof once) => series.flatMap(({ cells }) => cells.map(({ value }) => value));
    expect(values(twice)).toEqual(values(once).map((value) => 2 * value));
  });

  test('of chosen values only', () => {
    const { table, runs } = readLines(openFigureData(study), { ...declaration, seriesValues: [0.5] });
    expect(table.series.map(({ label }) => label)).toEqual(['rate = 0.5']);
    expect(runs).toHaveLength(3 * seeds);
  });
});

describe('a phase map', () => {
  test('has the most frequent label of a cell, its probability, and boundaries where they are stored', () => {
    const { table } = readPhaseMap(openFigureData(study), { kind: 'phase-map', ...plane, where });
    const at = (column: number) => table.cells.filter((cell) => cell.column === column)[0];
    expect([0, 1, 2].map((column) => at(column).label)).toEqual(['ordered', 'ordered', 'jammed']);
    expect([0, 1, 2].map((column) => at(column).counts)).toEqual([
      [4, 0],
      [3, 1],
      [1, 3],
    ]);
    // Mean of a beta law with half a count added to both of two labels.
    expect(at(1).probability.value).toBeCloseTo(3.5 / 5, 14);
    expect(at(0).uncertain).toBe(false);
    expect(table.crossings).toEqual([{ cx: 1.25, x: 1, x2: 1.5, cy: 0.5, y: 0.5, y2: 0.5 }]);
  });

  test('of two classifiers shows where they disagree', () => {
    const { table } = readDisagreement(openFigureData(study), { kind: 'classifier-comparison', ...plane, where });
    const fractions = table.cells.filter(({ row }) => row === 0).map(({ value }) => value);
    expect(fractions).toEqual([0, 0.25, 0.75]);
    const figure: FigureDeclaration = { kind: 'classifier-comparison', name: 'c', ...plane, where };
    expect(drawFigure(openFigureData(study), figure).csv).toHaveLength(3);
  });
});

test('a histogram is the mean over seeds, with the law beside it', () => {
  const declaration: HistogramDeclaration = {
    kind: 'histogram',
    name: 'h',
    value: 'v',
    theory: 't',
    range: [-1, 1],
    xLabel: 'x',
  };
  const runs = (scale: number) => [0, 1].map((seed) => [1, 2, 3, 2].map((value) => ({ value: scale * value + seed })));
  const table = tabulateHistogram(declaration, {
    cells: [{ label: '', measured: [...runs(1), [{ value: Number.NaN, leftOut: 'diverged' }]], theory: runs(2) }],
    seeds: 3,
    title: 'T',
    where: '',
    valueLabel: 'v',
  });
  expect(table.centres).toEqual([-0.75, -0.25, 0.25, 0.75]);
  expect(table.curves.map(({ kind, bins }) => [kind, ...bins.map(({ value }) => value)])).toEqual([
    ['measured', 1.5, 2.5, 3.5, 2.5],
    ['theory', 2.5, 4.5, 6.5, 4.5],
  ]);
  // Two values one apart: standard error of the mean 1/2.
  expect(table.curves[0].bins[0].high).toBeCloseTo(2, 14);
  expect(table.leftOut).toEqual({ diverged: 1 });
});

test.each<[string, FigureDeclaration, readonly string[]]>([
  ['a map', { kind: 'heat-map', name: 'm', value: 'loss.loss', ...plane, where }, ['value', 'median']],
  [
    'lines',
    { kind: 'line', name: 'l', value: 'loss.loss', x: plane.x, where: { ...where, 'optimiser.learningRate': 0.5 } },
    ['y', 'median'],
  ],
])('the CSV of %s holds the numbers that are drawn', (_, figure, [field, column]) => {
  const { spec, csv } = drawFigure(openFigureData(study), figure);
  const plot = spec.marks?.find((mark): mark is GroupMark => mark.type === 'group' && 'data' in mark) as GroupMark;
  const [data] = plot.data as { values: Record<string, number>[] }[];
  const drawn = data.values.map((datum) => datum[field]);
  const [header, ...rows] = parseCsv(csv[0]);
  expect(rows.length).toBeGreaterThan(2);
  expect(drawn).toEqual(rows.map((row) => Number(row[header.indexOf(column)])));
});

test('figures of a plugin are drawn where they fit, and it is said what the others miss', async () => {
  const offered = figuresPlugin.figures ?? [];
  const { paths, left } = await drawFigures(study, { offered, formats: ['svg'] });
  // The sweep of the study also varies the activation: only what needs no grid fits.
  expect(paths.some((path) => path.endsWith('fig1.svg'))).toBe(true);
  const reasons = new Map(left.map(({ name, reason }) => [name, reason]));
  expect(reasons.get('lyapunov')).toBe(
    "not stored: lyapunov-exponent.perEpoch (an observer { use: 'lyapunov-exponent' })",
  );
  expect(reasons.get('criterion-fraction')).toBe(
    'not stored: verdicts of dyson-boundary-published (eigenflow analyse FOLDER --classifiers dyson-boundary-published)',
  );
  expect(reasons.get('phases')).toContain('the sweep also varies model.activation');
  await expect(drawFigures(study, { offered, only: ['fig5'] })).rejects.toThrow(
    "fig5 cannot be drawn: not stored: overlap.q (an observer { use: 'overlap' }), field-alignment.hs (an observer",
  );
});
