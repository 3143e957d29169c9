// Lines of places where a value is least: one for every seed, summarised like values, against plain computation; what is
// left out, and what is refused.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type LineRun, tabulateLines } from '../../../analysis/figures/draw/line-table.js';
import { minimumOf } from '../../../analysis/figures/draw/minima.js';
import { describeSample } from '../../../analysis/figures/draw/sample.js';
import { openFigureData } from '../../../analysis/figures/figure-data.js';
import { readLines } from '../../../analysis/figures/figure-tables.js';
import { drawFigures } from '../../../analysis/figures/figures.js';
import type { LineDeclaration } from '../../../core/contracts/figure.js';
import { checkFigures } from '../../../core/figures/check.js';
import { missingNeeds } from '../../../core/figures/needs.js';
import { jackknife } from '../../../core/statistics/jackknife.js';
import { parseCsv } from '../../../node/files/csv-cell.js';
import { temporaryFolder } from '../../node/files/temporary-folder.js';
import { writeSyntheticStudy } from '../synthetic-study.js';

describe('the place of one seed', () => {
  const run = (place: number, value: number) => ({ place, value });

  test('is the lowest point of a parabola of logarithms on a logarithmic axis', () => {
    const best = 0.3;
    const rates = [1, 1 / 16, 1 / 8, 1 / 4, 1 / 2];
    const runs = rates.map((rate) => run(rate, Math.exp(3 * Math.log(rate / best) ** 2 - 5)));
    expect(minimumOf(runs, 'log').value).toBeCloseTo(Math.log(best), 12);
  });

  test('is that of the values themselves where one of three is not positive, on a linear axis as it is', () => {
    const runs = [-1, 0, 1, 2].map((x) => run(x, (x - 0.4) ** 2 - 0.2));
    expect(minimumOf(runs, 'linear').value).toBeCloseTo(0.4, 12);
  });

  test('stands on the axis beside runs that diverged', () => {
    const runs = [run(1, 4), run(2, 3), { place: 4, value: Number.NaN, leftOut: 'diverged' as const }];
    expect(minimumOf(runs, 'log')).toEqual({ value: expect.closeTo(Math.log(2), 14) });
  });

  test.each([
    ['no minimum', [run(1, 1), run(2, 2), run(4, 3)]],
    ['no minimum', [run(1, 3), run(2, 2), run(4, 1)]],
    ['diverged', [1, 2, 4].map((place) => ({ place, value: Number.NaN, leftOut: 'diverged' as const }))],
    ['missing', [run(1, 3), run(2, 1), { place: 4, value: Number.NaN, leftOut: 'missing' as const }]],
    ['failed', [run(1, 3), { place: 2, value: Number.NaN, leftOut: 'failed' as const }, run(4, 1)]],
  ])('is not known: %s', (leftOut, runs) => {
    expect(minimumOf(runs, 'log')).toEqual({ value: Number.NaN, leftOut });
  });
});

describe('over seeds', () => {
  const rates = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2];
  const bests = [0.2, 0.25, 0.4, 0.7, 0.3];
  const widths = [
    [64, 64],
    [128, 128],
  ];
  const declaration: LineDeclaration = {
    kind: 'line',
    name: 'best',
    value: 'loss.loss',
    x: { axis: 'model.hidden', entry: 0, label: 'width' },
    leastAlong: { axis: 'optimiser.learningRate' },
    statistic: 'mean',
  };
  /** Seeds of the wide networks have their best rate at half that of the narrow ones. */
  const runs: LineRun[] = widths.flatMap((x, w) =>
    bests.flatMap((best, seed) =>
      rates.map((along) => ({ x, along, seed, value: Math.exp(Math.log((along * (1 + w)) / best) ** 2) })),
    ),
  );
  const source = {
    xValues: { values: widths, divisors: [1, 1] },
    alongValues: { values: rates, divisors: rates.map(() => 1) },
    seeds: bests.length,
    runs,
    title: 'Best rate',
    where: '',
    valueLabel: 'training loss',
  };

  test('the mean is geometric on a logarithmic axis, and its error that of a jackknife over seeds', () => {
    const { series, valueLabel, yScale, x } = tabulateLines(declaration, source);
    const logarithms = bests.map(Math.log);
    const { value, error } = jackknife(logarithms, (some) => some.reduce((sum, one) => sum + one, 0) / some.length);
    for (const [w, cell] of series[0].cells.entries()) {
      expect(cell.n).toBe(bests.length);
      expect(cell.value).toBeCloseTo(Math.exp(value) / (1 + w), 10);
      expect(cell.low).toBeCloseTo(Math.exp(value - error) / (1 + w), 10);
      expect(cell.high).toBeCloseTo(Math.exp(value + error) / (1 + w), 10);
    }
    expect([valueLabel, yScale]).toEqual(['learning rate of the least training loss', 'log']);
    // Lists of widths stand at the number that was chosen of them.
    expect([x.positions, x.scale]).toEqual([[64, 128], 'log']);
  });

  test('the median is that of the places', () => {
    const { series } = tabulateLines({ ...declaration, statistic: 'median' }, source);
    expect(series[0].cells[0].value).toBeCloseTo(0.3, 10);
  });

  test('seeds without a minimum are left out and counted; the sample says of how many runs the minima are', () => {
    const beyond = runs.map((run) =>
      run.seed === 3 && run.x === widths[0] ? { ...run, value: 1 / Number(run.along) } : run,
    );
    const table = tabulateLines(declaration, { ...source, runs: beyond });
    expect(table.series[0].cells.map(({ n, leftOut }) => [n, leftOut])).toEqual([
      [4, { 'no minimum': 1 }],
      [5, {}],
    ]);
    expect(describeSample(table).replaceAll('\u00a0', ' ')).toBe(
      'mean over N = 5 seeds; 10 minima of 60 runs, 1 left out (1 no minimum)',
    );
  });
});

describe('from stored results', () => {
  const study = join(temporaryFolder(), 'study');
  const widths = [1, 2, 4, 8, 16, 32, 64];
  writeSyntheticStudy(study, { widths, seeds: 3, status: () => 'completed' });
  const figure: LineDeclaration = {
    kind: 'line',
    name: 'least',
    value: 'spectrum.levels',
    element: [0],
    x: { axis: 'optimiser.learningRate' },
    series: { axis: 'model.activation' },
    leastAlong: { axis: 'model.initialWidth' },
  };

  test('every seed has its own place: of levels 2^(cell % 7) those beside the least are 2^3 and 2^4', async () => {
    const data = openFigureData(study);
    expect(() => checkFigures([figure], data.ground)).not.toThrow();
    const { table, runs } = readLines(data, figure);
    expect(runs).toHaveLength(widths.length * 4 * 3);
    const [tanh, erf] = table.series;
    // A step of the axis is an octave: (3 - 4)/(2 (3 + 4)) of one.
    expect(erf.cells.map(({ value }) => Math.log2(value))).toEqual([
      expect.closeTo(5 - 1 / 14, 10),
      expect.closeTo(1 - 1 / 14, 10),
    ]);
    // Least at an end of the axis, for all seeds of the first rate.
    expect(tanh.cells[0]).toMatchObject({ value: Number.NaN, n: 0, leftOut: { 'no minimum': 3 } });
    await drawFigures(study, { offered: [figure], only: ['least'], formats: ['svg'] });
    const csv = parseCsv(readFileSync(join(study, 'figures', 'least.csv'), 'utf8'));
    expect(csv[0].at(-1)).toBe('no minimum');
    expect(csv.slice(1).map((row) => row.at(-1))).toContain('3');
    expect(readFileSync(join(study, 'figures', 'least.svg'), 'utf8')).toContain('least at an end of the axis');
  });

  test.each<[object, string]>([
    [{ leastAlong: { axis: 'model.width' } }, 'figures[0].leastAlong.axis: no sweep axis called "model.width"'],
    [
      { leastAlong: { axis: 'model.activation' }, series: undefined, where: undefined },
      'figures[0]: the sweep also varies model.initialWidth',
    ],
    [
      { leastAlong: { axis: 'model.activation' }, series: { axis: 'model.initialWidth' } },
      'figures[0].leastAlong.axis: model.activation = "tanh" is no number; choose an axis of numbers',
    ],
    [
      { leastAlong: { axis: 'optimiser.learningRate' }, x: { axis: 'model.initialWidth' } },
      'figures[0].leastAlong.axis: optimiser.learningRate has 2 values; between its ends a minimum takes 3 or more',
    ],
    [
      { leastAlong: { axis: 'noise.batchSize' } },
      'figures[0].leastAlong.axis: varies together with the x axis; choose an independent one',
    ],
    [
      { leastAlong: { axis: 'model.activation' } },
      'figures[0].leastAlong.axis: varies together with model.activation; choose an independent one',
    ],
    [{ leastAlong: 'model.initialWidth' }, 'figures[0].leastAlong: expected { axis: "PATH", ... }'],
    [{ lastAbove: { levels: [1], label: 'w' } }, 'figures[0].lastAbove: marks a value, and `leastAlong` draws places'],
    [{ value: { labels: ['a'] } }, 'figures[0].leastAlong: a run has a label or has it not'],
    [
      { x: { axis: 'optimiser.learningRate', entry: 0 } },
      'figures[0].x.entry: optimiser.learningRate = 0.25 has no number 0 (from 0); leave `entry` out',
    ],
  ])('%j is answered', (change, message) => {
    const changed = { ...figure, ...change } as LineDeclaration;
    expect(() => checkFigures([changed], openFigureData(study).ground)).toThrow(message);
  });

  test('a folder without the axis is told what it lacks', () => {
    const { ground } = openFigureData(study);
    expect(missingNeeds({ ...figure, leastAlong: { axis: 'noise.temperature' } }, ground)).toEqual([
      'a sweep over noise.temperature',
    ]);
  });
});
