// Seeds that are copies: a task from a file whose batches come in a fixed order draws nothing, and all seeds of a cell are
// one run. They count as one wherever runs are counted, and a study says so before it starts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readMap } from '../../analysis/advice/read-map.js';
import { describeDataset } from '../../analysis/export/dataset.js';
import { exportDataset } from '../../analysis/export/index.js';
import { describeSample } from '../../analysis/figures/draw/sample.js';
import { openFigureData } from '../../analysis/figures/figure-data.js';
import { readHeatMap, readLines } from '../../analysis/figures/figure-tables.js';
import { readPhaseMap } from '../../analysis/figures/phase-tables.js';
import { fitCells } from '../../analysis/fits/fit-cells.js';
import { nameTrajectory } from '../../core/engine/trajectory.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { semicircleLaw } from '../../core/theory/random-matrix/level-laws.js';
import { parseCsv } from '../../node/files/csv-cell.js';
import { float64 } from '../../node/files/npy.js';
import { encodeNpz } from '../../node/files/npz.js';
import { markCopies } from '../../node/results/copies.js';
import { describeEndings } from '../../node/results/endings.js';
import { loadScenario } from '../../node/scenario/load-scenario.js';
import { prepareStudy } from '../../node/study/study.js';
import { builtinPlugins } from '../../plugins/builtin.js';
import { randomNetwork } from '../plugins/teacher-student/random-network.js';
import { type Computed, compute, newFolder } from './studies.js';

const SEEDS = 5;

function writeTask(folder: string): void {
  const { arrays } = randomNetwork([3, 6, 4, 1], ['W'], 12);
  const entries = Object.entries(arrays).map(([name, { data, shape }]) => [name, float64(data, shape)] as const);
  writeFileSync(join(folder, 'task.npz'), encodeNpz(new Map(entries)));
}

const given: Scenario = {
  title: 'A task from a file',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum', 'phases'],
  epochs: 10,
  // The width is that of the file, and only said: advice asks for it.
  model: { use: 'teacher-student', arrays: './task.npz', initialWidth: 1 },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'cyclic' },
  optimiser: { use: 'sgd', learningRate: 1 },
  observers: {
    loss: { use: 'full-loss', when: { points: 3 } },
    spectrum: { use: 'gram-spectrum', block: 'W', when: { points: 3 } },
    // Draws its inputs for every seed: the frames differ though the run is the same.
    overlap: { use: 'overlap', when: { points: 3 } },
  },
  sweep: { axes: { 'optimiser.learningRate': [0.5, 1] }, seeds: SEEDS },
  classifier: { use: 'outcome' },
};

const table = (path: string) => {
  const [header, ...rows] = parseCsv(readFileSync(path, 'utf8'));
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
};

async function warningsOf(scenario: Scenario, folder: string): Promise<readonly string[]> {
  const file = join(folder, 'warned.json');
  writeFileSync(file, JSON.stringify(scenario));
  return (await prepareStudy(await loadScenario(file), builtinPlugins)).preflight.warnings;
}

describe('seeds of a cell that are one run', () => {
  const folder = newFolder();
  let computed: Computed;
  beforeAll(async () => {
    writeTask(folder);
    computed = await compute(given, { folder });
  });

  test('are noticed though what was measured along them differs', () => {
    expect(computed.rows.map(({ copyOf }) => copyOf)).toEqual([0, 1].flatMap(() => [undefined, 0, 0, 0, 0]));
    expect(describeEndings(computed.rows, 10)).toBe(
      '10 runs: 10 completed; 8 of them repeat another seed of their cell bit for bit and do not count in N',
    );
    const names = table(join(computed.out, 'runs.csv')).map(({ trajectory }) => trajectory);
    expect(new Set(names).size).toBe(2);
  });

  test('count as one in cells, so that no probability rests on them', () => {
    const cells = table(join(computed.out, 'cells.csv'));
    expect(cells.map(({ n, copies }) => [n, copies])).toEqual([
      ['1', '4'],
      ['1', '4'],
    ]);
    // One run of one of four labels: (1 + 1/4)/(1 + 1).
    const largest = cells.map((cell) =>
      Math.max(...['learned', 'undecided'].map((l) => Number(cell[`probability ${l}`]))),
    );
    expect(largest).toEqual([0.625, 0.625]);
    for (const { n } of table(join(computed.out, 'boundaries.csv'))) expect(n).toBe('1');
  });

  test('count as one in figures, which say so', () => {
    const data = openFigureData(computed.out);
    const x = { axis: 'optimiser.learningRate' };
    const lines = readLines(data, { kind: 'line', value: 'loss.loss', x, statistic: 'mean' }).table;
    expect(lines.series[0].cells.map(({ n, low }) => [n, low])).toEqual([
      [1, Number.NaN],
      [1, Number.NaN],
    ]);
    expect(describeSample(lines).replace(/\u00a0/g, ' ')).toBe(
      'one seed; 10 runs, 8 left out (8 that repeat another seed)',
    );
    const y = { axis: 'optimiser.learningRate' };
    const map = readHeatMap(data, { kind: 'heat-map', value: { labels: ['learned'] }, x, y }).table;
    expect(map.cells.filter(({ n }) => n > 0).map(({ n }) => n)).toEqual([1, 1]);
    const phases = readPhaseMap(data, { kind: 'phase-map', x, y }).table;
    expect(phases.leftOut).toEqual({ copy: 8 });
  });

  test('are no realisations to fit', () => {
    const request = { law: semicircleLaw, of: 'spectrum.levels', frame: 'last' } as const;
    expect(() => fitCells(computed.out, request)).toThrow('8 runs repeat another seed of their cell bit for bit');
  });

  test('are marked in every export', async () => {
    const copyOf = describeDataset(computed.out).held.find(({ name }) => name === 'copy_of');
    expect(copyOf?.values).toEqual(Float64Array.from([0, 1].flatMap(() => [Number.NaN, 0, 0, 0, 0])));
    const rows = table(await exportDataset(computed.out, 'csv'));
    expect(new Set(rows.filter(({ seed }) => seed === '3').map(({ copy_of }) => copy_of))).toEqual(new Set(['0']));
    expect(new Set(rows.filter(({ seed }) => seed === '0').map(({ copy_of }) => copy_of))).toEqual(new Set(['']));
  });

  test('count as one instance of a map for advice', () => {
    expect(readMap(computed.out, 'outcome').runs).toHaveLength(2);
  });

  test('are warned of before anything is computed', async () => {
    expect(await warningsOf(given, folder)).toEqual([
      expect.stringMatching(/^the 5 seeds of a cell make the same run, which counts once: no random number/),
    ]);
    const independent = { ...given, sweep: { axes: given.sweep?.axes, independent: true } };
    expect(await warningsOf(independent, folder)).toEqual([
      expect.stringMatching(/^sweep\.independent has no effect: no random number/),
    ]);
  });
});

describe('seeds that differ', () => {
  test.each<[string, Partial<Scenario>]>([
    ['in the order of their batches', { noise: { use: 'minibatch', batchSize: 4, order: 'reshuffled' } }],
    ['in their label noise', { model: { use: 'teacher-student', arrays: './task.npz', labelNoise: 0.1 } }],
    ['in their task', { model: { use: 'teacher-student', samples: 12 } }],
  ])('%s are neither warned of nor taken for copies', async (_what, changes) => {
    const folder = newFolder();
    writeTask(folder);
    const scenario: Scenario = { ...given, ...changes };
    expect(await warningsOf(scenario, folder)).toEqual([]);
    const { rows } = await compute(scenario, { folder });
    expect(rows.every(({ copyOf }) => copyOf === undefined)).toBe(true);
  });
});

describe('the name of a trajectory', () => {
  const state = (theta: readonly number[], lossSum = 1) => ({
    step: 10,
    time: 1,
    theta: Float64Array.from(theta),
    lossSum: Float64Array.of(lossSum),
    optimiser: {},
    noise: [],
  });
  const frame = (step: number, ...data: number[]) => ({ step, data: Float64Array.from(data) });

  test('follows from the weights and the losses on the way, not from what was measured', () => {
    expect(nameTrajectory(state([1, 2]), [], () => [frame(5, 0.1)])).toBe(
      nameTrajectory(state([1, 2]), [], () => [frame(5, 0.2)]),
    );
    expect(nameTrajectory(state([1, 2]), [], () => [])).not.toBe(nameTrajectory(state([1, 3]), [], () => []));
    expect(nameTrajectory(state([1, 2], 1), [], () => [])).not.toBe(nameTrajectory(state([1, 2], 1.5), [], () => []));
  });
  test('tells runs apart that drew the same batch by chance and ended there', () => {
    expect(nameTrajectory(state([1, 2]), [4, 1], () => [])).not.toBe(nameTrajectory(state([1, 2]), [4, 2], () => []));
  });
  test('of runs that end without finite weights rests on frames from under way, and is none without', () => {
    const lost = state([Number.NaN], Number.NaN);
    expect(nameTrajectory(lost, [], () => [frame(0, 0.5)])).toBeUndefined();
    expect(nameTrajectory(lost, [], () => [frame(0, 0.5), frame(5, 0, 1, Number.NaN)])).toBeUndefined();
    const names = [0.1, 0.2].map((value) => nameTrajectory(lost, [], () => [frame(5, value)]));
    expect(new Set([...names, undefined]).size).toBe(3);
  });
});

describe('marks', () => {
  const row = (seed: number, trajectory: string | undefined, a = 1) => ({
    ...{ id: `${a}-${seed}`, axes: { a }, seed, status: 'completed', steps: 1, seconds: 0, label: '', message: '' },
    ...(trajectory === undefined ? {} : { trajectory }),
  });
  const marks = (rows: ReturnType<typeof row>[]) => markCopies(rows as never).map(({ copyOf }) => copyOf);

  test('go to all but the lowest seed, in whatever order the rows come', () => {
    expect(marks([row(2, 'x'), row(0, 'y'), row(1, 'x'), row(3, 'x')])).toEqual([1, undefined, undefined, 1]);
  });
  test('stay within a cell, and away from runs that noted no trajectory', () => {
    expect(marks([row(0, 'x', 1), row(1, 'x', 2), row(0, undefined), row(1, undefined)])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
  test('do not go to the same seed that was computed by another version', () => {
    expect(marks([row(0, 'x'), { ...row(0, 'x'), id: 'newer' }])).toEqual([undefined, undefined]);
  });
});
