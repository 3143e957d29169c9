// A task with first weights from a file, as a user writes it in JSON, against an implementation in numpy that shares
// nothing with eigenflow: weights after 300 steps of several optimisers.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { readNpz } from '../../../node/files/npz.js';
import { runPath } from '../../../node/results/results-folder.js';
import { readSeries } from '../../../node/results/run-file.js';
import { eigenflow } from '../../cli/command.js';
import { newFolder } from '../../node/studies.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const python = resolve(here, '../../../.venv/bin/python');
const isReady = existsSync(python);
const inCi = !['', 'false', undefined].includes(process.env.CI);
if (!isReady && !inCi) {
  console.warn('Skipped: Python is not installed. Run "sh test/python/setup.sh" once, then test again.');
}

const text = `{"title":"own task","plugins":["network","optimisers","sgd","training","spectrum"],"seed":1,"steps":300,
 "model":{"use":"network","data":"task.npz","targets":"classes","standardise":"none","hidden":[12,9],"activation":"tanh","bias":true,"initial":"task.npz"},
 "loss":{"use":"cross-entropy"},"noise":{"use":"minibatch","batchSize":8,"order":"cyclic"},
 "optimiser":{"use":"adam","learningRate":0.01},
 "observers":{"w1":{"use":"weights","block":"W1","when":{"at":[0,1,10,300]}},
              "loss":{"use":"full-loss","when":{"at":"end"}},"accuracy":{"use":"accuracy","when":{"at":"end"}}}}`;

const optimisers = {
  adam: { learningRate: 0.01 },
  adamw: { learningRate: 0.005, weightDecay: 0.1 },
  rmsprop: { learningRate: 0.002, smoothing: 0.95, momentum: 0.5, weightDecay: 0.01 },
  momentum: { learningRate: 0.05, momentum: 0.9, weightDecay: 0.001 },
  nesterov: { learningRate: 0.05, momentum: 0.8 },
  adagrad: { learningRate: 0.05 },
  lion: { learningRate: 0.002, weightDecay: 0.1 },
};

const FRAMES = [0, 1, 10, 300];
const BLOCKS = ['W1', 'b1', 'W2', 'b2', 'W3', 'b3'];
const TOLERANCE = 1e-10;

type Frame = Readonly<Record<string, readonly number[]>>;

interface Expected {
  readonly frames: Readonly<Record<string, Frame>>;
  readonly loss: number;
  readonly accuracy: { readonly train: number; readonly test: number };
}

const largestDifference = (a: ArrayLike<number>, b: readonly number[]) =>
  Math.max(...b.map((value, i) => Math.abs(a[i] - value)));

describe.skipIf(!isReady && !inCi)('a task of one’s own against numpy', async () => {
  const folder = newFolder();
  if (isReady) execFileSync(python, [join(here, '../../python/own_task.py'), folder]);
  const expected: Record<string, Expected> = isReady
    ? JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
    : {};

  /** The stored runs, in the order of the sweep. */
  async function compute(name: string, content: string) {
    writeFileSync(join(folder, `${name}.json`), content);
    const { status, stderr } = await eigenflow(folder, ['run', `${name}.json`, '--workers', '1']);
    expect(status, stderr).toBe(0);
    const out = join(folder, 'results', name);
    const [, ...rows] = readFileSync(join(out, 'runs.csv'), 'utf8').trim().split('\n');
    return rows.map((row) => {
      const run = readNpz(runPath(out, row.split(',')[0]));
      return (channel: string) => {
        const series = readSeries(run, channel);
        if (!series) throw new Error(`no ${channel}`);
        return series;
      };
    });
  }

  test('the scenario as it stands', async () => {
    const [series] = await compute('as-it-stands', text);
    const { frames, loss, accuracy } = expected.adam;
    const weights = series('w1.weights');
    expect([...weights.step]).toEqual(FRAMES);
    FRAMES.forEach((step, k) => {
      const size = frames[step].W1.length;
      expect(
        largestDifference(weights.data.subarray(k * size, (k + 1) * size), frames[step].W1),
        `step ${step}`,
      ).toBeLessThan(TOLERANCE);
    });
    expect(Math.abs(series('loss.loss').data[0] - loss)).toBeLessThan(TOLERANCE);
    expect(series('accuracy.train').data[0]).toBe(accuracy.train);
    expect(series('accuracy.test').data[0]).toBe(accuracy.test);
  });

  test('every block after 300 steps of each optimiser, which is an axis of one sweep', async () => {
    const scenario: Scenario = JSON.parse(text);
    const observers = Object.fromEntries(
      BLOCKS.map((block) => [block, { use: 'weights', block, when: { at: FRAMES } }] as const),
    );
    const axis = Object.entries(optimisers).map(([use, params]) => ({ use, ...params }));
    const swept = { ...scenario, observers, sweep: { axes: { optimiser: axis } } };
    const runs = await compute('optimisers', JSON.stringify(swept));
    Object.keys(optimisers).forEach((name, i) => {
      for (const block of BLOCKS) {
        const { data } = runs[i](`${block}.weights`);
        FRAMES.forEach((step, k) => {
          const values = expected[name].frames[step][block];
          const ours = data.subarray(k * values.length, (k + 1) * values.length);
          expect(largestDifference(ours, values), `${name}: ${block} at step ${step}`).toBeLessThan(TOLERANCE);
        });
      }
    });
  });
});
