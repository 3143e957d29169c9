// What is found before anything runs: one run for every value of every axis is created, and none makes a step.
import { describe, expect, it } from 'vitest';
import { createClassifier } from '../../../core/engine/classifier.js';
import { preflight } from '../../../core/engine/preflight.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { context, networkScenario, toyScenario } from './runs.js';

const { registry, load } = context;
const memory = openMemory();
const check = (changes: Partial<Scenario>, base = toyScenario) =>
  preflight(resolveScenario({ ...base, ...changes }, registry, load), registry, memory, load);

it('knows the channels, the labels and the number of weights', () => {
  const found = check({ observers: { position: { use: 'position' } }, classifier: { use: 'sign' } });
  expect(Object.keys(found.channels)).toEqual(['position.theta', 'position.size']);
  expect(found.channels['position.theta'].component).toBe('position');
  expect(found).toMatchObject({ labels: ['positive', 'negative'], weights: 4, totalSteps: 20 });
});

it('knows the steps of the whole sweep, also where an axis changes them', () => {
  expect(check({ sweep: { axes: { steps: [10, 30] }, seeds: 3 } }).totalSteps).toBe(120);
  const epochs = { steps: undefined, epochs: 2, sweep: { axes: { 'noise.batch': [1, 3, 12] }, seeds: 2 } };
  expect(check(epochs).totalSteps).toBe(2 * (24 + 8 + 2));
});

it('knows the largest shape of a channel where cells differ', () => {
  const sweep = { axes: { 'model.size': [2, 9, 5] } };
  expect(check({ observers: { position: { use: 'position' } }, sweep }).channels['position.theta'].shape).toEqual([9]);
});

describe('finds a mistake in the last value of any axis', () => {
  const position = { use: 'position' };
  const mistakes: [string, Partial<Scenario>, string][] = [
    [
      'a trigger after the end',
      { observers: { position: { ...position, when: { at: [15] } } }, sweep: { axes: { steps: [20, 15, 10] } } },
      'observers.position.when.at[0]: 15 is after the end of the run, which has 10 steps',
    ],
    [
      'a block that only some models have',
      {
        ...networkScenario,
        observers: { spectrum: { use: 'gram-spectrum', block: 'W' } },
        sweep: { axes: { 'limits.loss': [1e3, 1e4], 'model.trained': [['W'], ['M']] } },
      },
      'no block called "W"',
    ],
    [
      'two values that fit every other value, but not each other',
      { ...networkScenario, sweep: { axes: { 'noise.order': ['cyclic', 'reshuffled'], 'noise.batchSize': [4, 41] } } },
      'noise.batchSize: 41 samples cannot be distinct in a data set of 40',
    ],
    [
      'epochs of one-pass data',
      { steps: undefined, epochs: 1, sweep: { axes: { 'model.samples': [12, 'endless'] } } },
      'epochs: one-pass data have no epochs',
    ],
    [
      'a channel that a classifier needs',
      { classifier: { use: 'sign' } },
      'classifier: "sign" needs the channel position.theta; add an observer such as "position": { "use": "position" }',
    ],
    [
      'frames that no memory holds',
      {
        model: { use: 'line', size: 1000 },
        observers: { position: { ...position, when: { every: 1 } } },
        sweep: { axes: { steps: [10, 300_000] } },
      },
      'observers: the frames of one run take 6.8 GiB of memory; observe at fewer steps (see `when`)',
    ],
  ];
  it.each(mistakes)('%s', (_what, changes, message) => {
    expect(() => check(changes)).toThrow(message);
  });
});

it('takes the channel that a classifier needs from any observer of that component', () => {
  const found = check({ observers: { anything: { use: 'position' } }, classifier: { use: 'sign' } });
  expect(found.labels).toEqual(['positive', 'negative']);
});

it('a scenario without classifier has none', () => {
  const { runs } = resolveScenario(toyScenario, registry, load);
  expect(createClassifier(runs[0], registry, memory, load)).toBeUndefined();
});

it('tells of frames that take much memory, and of no others', () => {
  const position = { use: 'position', when: { every: 1 } };
  const warningsOf = (steps: number) =>
    check({ model: { use: 'line', size: 1000 }, observers: { position }, steps }).warnings.join();
  expect(warningsOf(30_000)).toContain('the frames of one run take 0.7 GiB of memory until it is stored');
  expect(warningsOf(3000)).not.toContain('memory');
});
