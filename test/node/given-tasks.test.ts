// Tasks with targets from a file: what is measured on held-out inputs is measured on the test part of the task, or refused.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeSample } from '../../analysis/figures/draw/sample.js';
import { openFigureData } from '../../analysis/figures/figure-data.js';
import { readLines } from '../../analysis/figures/figure-tables.js';
import { writeReport } from '../../analysis/report/report.js';
import type { NumberArray } from '../../core/contracts/arrays.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { float64 } from '../../node/files/npy.js';
import { encodeNpz, readNpz } from '../../node/files/npz.js';
import { plainForward } from '../plugins/teacher-student/plain-network.js';
import { normals, randomNetwork } from '../plugins/teacher-student/random-network.js';
import { compute, newFolder } from './studies.js';

const SAMPLES = 60;
const TEST_SAMPLES = 40;
const network = randomNetwork([3, 6, 4, 1], ['W'], SAMPLES);

/** A task that has nothing to do with the teacher in the file, with noise that no network can fit on the test part. */
const inputs = (n: number): NumberArray => ({
  shape: [n, 3],
  data: Float64Array.from(normals(3 * n), (x) => 2 * x + 1),
});
const targets = (x: NumberArray): NumberArray => {
  const noise = normals(x.shape[0]);
  const data = Float64Array.from(noise, (each, s) => Math.sin(x.data[3 * s]) - 0.3 * x.data[3 * s + 1] + 0.3 * each);
  return { shape: [x.shape[0], 1], data };
};
const x = inputs(SAMPLES);
const x_test = inputs(TEST_SAMPLES);
const task = { ...network.arrays, x, y: targets(x) };
const testPart = { x_test, y_test: targets(x_test) };

const scenario: Scenario = {
  title: 'A task with its own targets',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum', 'phases'],
  epochs: 200,
  model: { use: 'teacher-student', arrays: './task.npz' },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 4, order: 'reshuffled' },
  optimiser: { use: 'sgd', learningRate: 0.05 },
  observers: {
    weights: { use: 'weights', block: 'W', when: { at: [0, 'end'] } },
    loss: { use: 'full-loss', when: { at: [0, 'end'] } },
    test: { use: 'test-loss', when: { at: [0, 'end'] } },
    overlap: { use: 'overlap', when: { at: [0, 'end'] } },
    spectrum: { use: 'gram-spectrum', block: 'W', when: { at: [0, 'end'] } },
  },
  sweep: { seeds: 2 },
  classifier: { use: 'outcome' },
};

function folderWith(arrays: Readonly<Record<string, NumberArray>>): string {
  const folder = newFolder();
  const entries = Object.entries(arrays).map(([name, { data, shape }]) => [name, float64(data, shape)] as const);
  writeFileSync(join(folder, 'task.npz'), encodeNpz(new Map(entries)));
  return folder;
}

describe('with its test part in the file', () => {
  const computed = compute(scenario, { folder: folderWith({ ...task, ...testPart }) });

  test('the test loss and the overlap are those of these inputs and targets', async () => {
    const { out, rows } = await computed;
    const run = readNpz(join(out, 'runs', `${rows[0].id}.npz`));
    const [M, W, Z] = network.initial;
    const flat = run.get('weights.weights').data;
    const rowsAt = (frame: number) => W.map((row, k) => row.map((_, l) => flat[frame * 24 + k * 6 + l]));
    const forward = (frame: number) =>
      Array.from({ length: TEST_SAMPLES }, (_, s) =>
        plainForward([M, rowsAt(frame), Z], 'tanh', [...x_test.data.subarray(3 * s, 3 * s + 3)]),
      );
    for (const frame of [0, 1]) {
      const passes = forward(frame);
      const expected =
        passes.reduce((sum, { outputs }, s) => sum + (outputs[0] - testPart.y_test.data[s]) ** 2, 0) / TEST_SAMPLES / 2;
      expect(run.get('test.loss').data[frame]).toBeCloseTo(expected, 12);
    }
    const [start, end] = [forward(0), forward(1)].map((passes) => passes.map(({ layerInputs }) => layerInputs[2]));
    const q = end.flatMap((phi, s) => phi.map((value, i) => value * start[s][i]));
    expect(run.get('overlap.q').data[1]).toBeCloseTo(q.reduce((a, b) => a + b, 0) / q.length, 12);
  });

  test('falls with the training loss, and the outcome is not a frozen network', async () => {
    const { out, rows } = await computed;
    const run = readNpz(join(out, 'runs', `${rows[0].id}.npz`));
    const fall = (channel: string) => run.get(channel).data[1] / run.get(channel).data[0];
    expect(fall('loss.loss')).toBeLessThan(0.5);
    expect(fall('test.loss')).toBeLessThan(0.7);
    expect(rows.map(({ label }) => label)).not.toContain('frozen');
  });

  test('errors over seeds say that they leave out the scatter of inputs that all seeds share', async () => {
    const { out } = await computed;
    const data = openFigureData(out);
    expect(data.ground.channels['test.loss'].leavesOut).toBe(
      'the scatter of the 40 test inputs, which all seeds share',
    );
    expect(data.ground.channels['loss.loss'].leavesOut).toBeUndefined();
  });
});

describe('without a test part', () => {
  test.each(['overlap', 'test'])('%s is refused: path, mistake and remedy', async (name) => {
    const { classifier: _, ...rest } = scenario;
    const observers = { [name]: scenario.observers?.[name] as never };
    await expect(compute({ ...rest, observers }, { folder: folderWith(task) })).rejects.toThrow(
      new RegExp(
        `^observers\\.${name}: ${scenario.observers?.[name].use} needs held-out inputs, and .*task\\.npz has none: it gives the ` +
          'training targets y, and no x_test\\. Add the test part of the task, x_test \\(samples x 3\\) and y_test \\(samples x 1\\)',
      ),
    );
  });

  test('what needs none is measured', async () => {
    const { classifier: _, ...rest } = scenario;
    const { loss, spectrum } = scenario.observers ?? {};
    const { rows } = await compute({ ...rest, observers: { loss, spectrum } as never }, { folder: folderWith(task) });
    expect(rows.map(({ status }) => status)).toEqual(['completed', 'completed']);
  });
});

test('where all seeds share their test inputs, figures and report say what errors leave out', async () => {
  const common: Scenario = {
    ...scenario,
    epochs: 1,
    model: { use: 'teacher-student', samples: 20, testSamples: 16, testInputs: 'common' },
    sweep: { axes: { 'optimiser.learningRate': [0.05, 0.1] }, seeds: 3 },
    figures: [
      { kind: 'line', name: 'overlap', value: 'overlap.q', x: { axis: 'optimiser.learningRate' }, statistic: 'mean' },
      { kind: 'line', name: 'loss', value: 'loss.loss', x: { axis: 'optimiser.learningRate' }, statistic: 'mean' },
    ],
  };
  const left = 'errors leave out the scatter of the 16 test inputs, which all seeds share';
  const { out } = await compute(common);
  const [overlap, loss] = common.figures ?? [];
  const sentence = (figure: typeof overlap) => describeSample(readLines(openFigureData(out), figure as never).table);
  expect(sentence(overlap)).toContain(left);
  expect(sentence(loss)).not.toContain('leave out');
  const report = readFileSync(await writeReport(out), 'utf8');
  expect(report).toContain(left);

  const perSeed = { ...common, model: { ...common.model, testInputs: 'per-seed' } };
  const { out: other } = await compute(perSeed);
  expect(describeSample(readLines(openFigureData(other), overlap as never).table)).not.toContain('leave out');
});
