// More to measure of runs that are stored: what they have measured is taken over, and observers that were added look at the
// stored weights, to the bytes of computing the runs with them; or the runs are computed, with the reason.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Scenario } from '../../core/scenario/scenario.js';
import { type Computed, compute } from './studies.js';

const before: Scenario = {
  title: 'Before',
  plugins: ['teacher-student', 'sgd', 'training', 'spectrum', 'phases', 'stability'],
  seed: 5,
  steps: 240,
  model: { use: 'teacher-student', hidden: 8, features: 4, samples: 40, trained: ['W', 'Z'] },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 7, order: 'reshuffled' },
  optimiser: { use: 'momentum', learningRate: { ramp: [0.4, 0.1], over: 200 }, momentum: 0.5 },
  observers: {
    W: { use: 'weights', block: 'W', when: { every: 40 } },
    Z: { use: 'weights', block: 'Z', when: { every: 20 } },
    path: { use: 'epoch-mean-loss', when: { every: 60 } },
  },
  sweep: { axes: { 'model.initialWidth': [0.5, 2] }, seeds: 2 },
};
const withMore = (more: Scenario['observers'], observers = before.observers): Scenario => ({
  ...before,
  title: 'After',
  observers: { ...more, ...observers },
});

const filesOf = ({ out }: Computed) =>
  Object.fromEntries(
    readdirSync(join(out, 'runs'))
      .sort()
      .map((file) => [file, readFileSync(join(out, 'runs', file)).toString('base64')]),
  );
const reasons = ({ events }: Computed) => [
  ...new Set(events.flatMap((event) => (event.type === 'from-start' ? [event.reason] : []))),
];
const stepsMade = ({ events }: Computed) =>
  events.reduce((sum, event) => sum + (event.type === 'steps' ? event.count : 0), 0);

describe('runs with stored weights', async () => {
  const first = await compute(before);

  test.each<[string, Scenario['observers']]>([
    [
      'losses and levels',
      {
        loss: { use: 'full-loss', when: { every: 80 } },
        test: { use: 'test-loss', when: 'end' },
        levels: { use: 'gram-spectrum', block: 'W', when: { at: [0, 120, 'end'] } },
      },
    ],
    ['an overlap with the start', { overlap: { use: 'overlap', when: { every: 120 } } }],
    ['the loss of the coming batch', { batch: { use: 'batch-loss', when: { every: 40 } } }],
    ['a random start of its own', { sharp: { use: 'sharpness', when: { at: [0, 'end'] } } }],
    [
      'waiting times that are frames',
      {
        waiting: { use: 'two-time-overlap', waiting: [0, 80], unit: 'steps', when: { every: 40 } },
      },
    ],
  ])('are not computed again for %s', async (_what, more) => {
    const scenario = withMore(more);
    const after = await compute(scenario, { continueFrom: first.out });
    expect(reasons(after)).toEqual([]);
    expect(stepsMade(after)).toBe(0);
    expect(filesOf(after)).toEqual(filesOf(await compute(scenario)));
  });

  test('nor for fewer observers, or another order of them', async () => {
    const { Z, W } = before.observers ?? {};
    const scenario = { ...before, observers: { Z, W } as Scenario['observers'] };
    const after = await compute(scenario, { continueFrom: first.out });
    expect(stepsMade(after)).toBe(0);
    expect(filesOf(after)).toEqual(filesOf(await compute(scenario)));
  });

  test.each<[string, Scenario, RegExp]>([
    [
      'frames without weights',
      withMore({ loss: { use: 'full-loss', when: { every: 20 } } }),
      /observers\.loss measures at step 20, where the weights of all blocks are not stored; an observer "weights"/,
    ],
    [
      'a path between frames',
      withMore({ mean: { use: 'epoch-mean-gradient-norm', when: { every: 120 } } }),
      /observers\.mean: measures along the path between two frames/,
    ],
    [
      'shadow trajectories, which take the steps of the optimiser',
      withMore({
        chaos: { use: 'lyapunov-exponent', unit: 'steps', transient: 20, length: 60, blocks: 3, when: { at: [120] } },
      }),
      /observers\.chaos: asks for the state of the optimiser, for losses along the run or for shadow trajectories/,
    ],
    [
      'waiting times without a frame',
      withMore({ waiting: { use: 'two-time-overlap', waiting: [10], unit: 'steps', when: { every: 40 } } }),
      /observers\.waiting: refers to steps without a frame/,
    ],
  ])('are computed again for %s: the reason is told', async (_what, scenario, reason) => {
    const after = await compute(scenario, { continueFrom: first.out });
    expect(reasons(after)).toEqual([expect.stringMatching(reason)]);
    expect(stepsMade(after)).toBe(4 * 240);
    expect(filesOf(after)).toEqual(filesOf(await compute(scenario)));
  });

  test('of another seed are none of these', async () => {
    const scenario = { ...withMore({ loss: { use: 'full-loss', when: { every: 80 } } }), seed: 6 };
    const after = await compute(scenario, { continueFrom: first.out });
    expect(stepsMade(after)).toBe(4 * 240);
  });

  test('the folder itself says how', async () => {
    const again = compute(withMore({ loss: { use: 'full-loss' } }), { out: first.out });
    await expect(again).rejects.toThrow(/they differ in observers\.loss.*with --continue-from .* look at the weights/);
  });
});
