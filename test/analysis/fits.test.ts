// Laws fitted over the seeds of every cell: values against closed forms, runs that broke off, the table as it is stored.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FitRequest, fitCells } from '../../analysis/fits/fit-cells.js';
import { writeFits } from '../../analysis/fits/write-fits.js';
import { gaussianLaw, semicircleLaw, surmiseLaw, twoLevelLaw } from '../../core/theory/random-matrix/level-laws.js';
import { parseCsv } from '../../node/files/csv-cell.js';
import levelRepulsion from '../../scenarios/level-repulsion.js';
import { temporaryFolder } from '../node/files/temporary-folder.js';
import { compute } from '../node/studies.js';
import { pairSigma } from '../plugins/solvable/theory/pair-spacing.js';
import { levelAt, writeSyntheticStudy } from './synthetic-study.js';

const folder = temporaryFolder();
const study = join(folder, 'study');
// Two cells; of the second, seed 0 diverged after 3 of 4 frames and seed 1 has not been run.
writeSyntheticStudy(study, {
  widths: [0.5, 1],
  rates: [0.25],
  activations: ['tanh'],
  seeds: 6,
  status: (cell, seed) => (cell === 0 || seed > 1 ? 'completed' : seed === 0 ? 'diverged' : undefined),
});
const request: FitRequest = { law: gaussianLaw, of: 'spectrum.levels', frame: 'last', levels: [1] };

/** Mean with its error, and standard deviation, of the level over seeds. */
function moments(values: readonly number[]) {
  const centre = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (values.length - 1);
  return [centre, Math.sqrt(variance / values.length), Math.sqrt(variance)];
}

describe('a fit over seeds', () => {
  const { cells } = fitCells(study, request);

  test('takes the runs of each cell that were not broken off', () => {
    expect(cells.map(({ axes, fit, leftOut }) => [axes['model.initialWidth'], fit.n, leftOut])).toEqual([
      [0.5, 6, 0],
      [1, 4, 2],
    ]);
  });

  test('of one level: mean with its standard error, standard deviation', () => {
    for (const [cell, seeds] of [
      [0, [0, 1, 2, 3, 4, 5]],
      [1, [2, 3, 4, 5]],
    ] as const) {
      const [centre, error, deviation] = moments(seeds.map((seed) => levelAt(cell, seed, 3, 1)));
      const { quantities } = cells[cell].fit;
      expect(quantities.centre.value).toBeCloseTo(centre, 10);
      expect(quantities.centre.error).toBeCloseTo(error, 10);
      expect(quantities.sigma.value).toBeCloseTo(deviation, 10);
    }
  });

  test('at a given frame has the run that diverged later as well', () => {
    const [, second] = fitCells(study, { ...request, frame: 2 }).cells;
    expect([second.fit.n, second.leftOut]).toEqual([5, 1]);
    const values = [0, 2, 3, 4, 5].map((seed) => levelAt(1, seed, 2, 1));
    expect(second.fit.quantities.centre.value).toBeCloseTo(moments(values)[0], 10);
  });

  test('of a spacing is that of two levels', () => {
    const { cells: spacings } = fitCells(study, {
      law: surmiseLaw,
      of: 'spectrum.levels',
      frame: 'last',
      levels: [2, 0],
    });
    for (const { fit } of spacings) expect(fit.quantities.spacing.value).toBeCloseTo(2 / 1024, 12);
  });

  test('finds a channel by the name of its component', () => {
    expect(fitCells(study, { ...request, of: 'gram-spectrum.levels' }).channel).toBe('spectrum.levels');
  });
});

test('the table holds what was fitted; what is not known is empty', async () => {
  const path = await writeFits(study, fitCells(study, { ...request, law: semicircleLaw, levels: undefined }));
  expect(path).toBe(join(study, 'fits', 'semicircle.csv'));
  const [header, ...rows] = parseCsv(readFileSync(path, 'utf8'));
  const at = (row: number, name: string) => rows[row][header.indexOf(name)];
  expect(rows).toHaveLength(2);
  expect([at(1, 'model.initialWidth'), at(1, 'model.activation'), at(1, 'channel'), at(1, 'levels')]).toEqual([
    '1',
    'tanh',
    'spectrum.levels',
    '0 1 2',
  ]);
  expect([at(1, 'n'), at(1, 'left out'), at(1, 'frame'), at(1, 'p value')]).toEqual(['4', '2', 'last', '']);
  expect(Number(at(0, 'radius')) / Number(at(0, 'sigma'))).toBeCloseTo(Math.sqrt(8), 12);
  expect(Number(at(0, 'sigma error'))).toBeGreaterThan(0);
});

describe('refused, with nothing written:', () => {
  const other = join(folder, 'other');
  writeSyntheticStudy(other, { seeds: 1 });
  test.each<[string, Partial<FitRequest>, string]>([
    ['a channel that there is not', { of: 'spectrum.level' }, '--of: no channel called "spectrum.level"; did you mean'],
    [
      'a matrix',
      { of: 'weights.W' },
      '--of: weights.W has frames of 2 x 3; fits take a channel of numbers or of lists',
    ],
    [
      'a level that there is not',
      { levels: [3] },
      '--levels: spectrum.levels has no level 3; it has 3, counted from 0',
    ],
    ['a level twice', { levels: [1, 1] }, '--levels: names a level twice'],
    ['too many levels', { levels: [0, 1] }, '--levels: the law gaussian takes 1 number of each run; chosen of'],
    ['one level of a pair', { law: twoLevelLaw }, '--levels: the law two-level takes 2 numbers of each run'],
    [
      'a number as a cluster',
      { law: semicircleLaw, of: 'loss.loss', levels: undefined },
      'takes 2 numbers or more of each run',
    ],
    ['a frame that there is not', { frame: 9 }, '--of: no cell has two runs with a frame 9 in which'],
    ['one seed', {}, '--of: no cell has two completed runs in which spectrum.levels is finite'],
  ])('%s', (_what, changes, message) => {
    expect(() => fitCells(other, { ...request, ...changes })).toThrow(message);
    expect(existsSync(join(other, 'fits'))).toBe(false);
  });
});

test('two levels that repel, 150 seeds: sqrt(pi) sigma is the mean spacing, and that of the theory', async () => {
  const setting = { learningRate: 0.1, batchSize: 16, noiseWidth: 0.1 };
  const { figures: _figures, ...scenario } = levelRepulsion;
  const { out } = await compute({
    ...scenario,
    epochs: undefined,
    steps: 150,
    model: { use: 'linear-teacher-student', data: 'per-seed', samples: 8000 },
    observers: { levels: { use: 'singular-values', block: 'W', when: 'end' } },
    sweep: { seeds: 150 },
  });
  const of = { of: 'levels.values', frame: 'last' } as const;
  const [pair] = fitCells(out, { ...of, law: twoLevelLaw }).cells;
  const [spacing] = fitCells(out, { ...of, law: surmiseLaw }).cells;
  const law = pair.fit.quantities.spacing;
  const measured = spacing.fit.quantities.spacing;
  const theory = Math.sqrt(Math.PI) * pairSigma(setting);
  for (const { value, error } of [law, measured]) {
    expect(error).toBeLessThan(0.06 * theory);
    // The start is forgotten and the next order in T is below 1 %.
    expect(Math.abs(value - theory)).toBeLessThan(4 * error + 0.01 * theory);
  }
  expect(Math.abs(law.value - measured.value)).toBeLessThan(3 * measured.error);
  expect(pair.fit.pValue).toBeGreaterThan(0.005);
  expect(spacing.fit.pValue).toBeGreaterThan(0.001);
});
