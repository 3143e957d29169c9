// Steps that are recorded and played leave the bytes of steps that are made one by one: networks, losses, orders of
// samples, optimisers, observers in between, divergence, and runs that are broken off.

import { lastValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { createRegistry } from '../../core/container.js';
import type { Component, Plugin } from '../../core/contracts/component.js';
import type { Optimiser } from '../../core/contracts/optimiser.js';
import { gather } from '../../core/engine/result.js';
import { run } from '../../core/engine/run.js';
import { type RunConfig, resolveScenario } from '../../core/scenario/run-config.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { breakOff, builtin, context, digestOf, networkScenario, resultOf } from './runs.js';

/** The same components, none of which says that its steps can be recorded. */
function stepByStep(component: Component): Component {
  return {
    ...component,
    create(params: never, environment) {
      const made = component.create(params, environment) as object;
      return Object.defineProperties(
        {},
        {
          ...Object.getOwnPropertyDescriptors(made),
          recordable: { value: false },
        },
      ) as ReturnType<Component['create']>;
    },
  };
}

const slow: readonly Plugin[] = builtin.map((plugin) => ({ ...plugin, components: plugin.components.map(stepByStep) }));
const slowRegistry = createRegistry(slow);

async function digests(config: RunConfig): Promise<[recorded: string, oneByOne: string]> {
  const oneByOne = await lastValueFrom(gather(run(config, { ...context, registry: slowRegistry })));
  return [digestOf(config, await resultOf(config)), digestOf(config, oneByOne)];
}

const base: Scenario = {
  ...networkScenario,
  // More than two rounds of what is drawn ahead, and not a multiple of it.
  steps: 257,
  observers: {
    weights: { use: 'weights', block: 'W', when: { at: [0, 1, 3, 99, 100, 101, 200, 'end'] } },
    // Draws the batch of the coming step in between.
    ahead: { use: 'batch-loss', when: { every: 37 } },
    mean: { use: 'epoch-mean-loss', when: { every: 50 } },
    full: { use: 'full-loss', when: { every: 64 } },
  },
};

const configOf = (changes: Partial<Scenario>) =>
  resolveScenario({ ...base, ...changes }, context.registry, context.load).runs[0];

const deep = { use: 'teacher-student', inputs: 3, hidden: [7, 5], features: 4, outputs: 2, samples: 40 };
const deepObservers = { ...base.observers, weights: { use: 'weights', block: 'W2', when: { every: 33 } } };
const worlds: Record<string, Partial<Scenario>> = {
  'the published protocol': {},
  'reshuffled batches that straddle epochs, momentum and weight decay': {
    noise: { use: 'minibatch', batchSize: 7, order: 'reshuffled' },
    optimiser: { use: 'momentum', learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3 },
  },
  'fresh subsets and nesterov': {
    noise: { use: 'minibatch', batchSize: 5, order: 'fresh-subset' },
    optimiser: { use: 'nesterov', learningRate: 0.1, momentum: 0.5 },
  },
  'single samples drawn with replacement, weight decay': {
    noise: { use: 'minibatch', batchSize: 1, order: 'iid' },
    optimiser: { use: 'sgd', learningRate: 0.2, weightDecay: 0.01 },
  },
  'a deep network with all of its matrices trained, relu': {
    model: { ...deep, activation: 'relu', trained: ['M', 'W1', 'W2', 'Z'] },
    observers: deepObservers,
  },
  'several outputs, erf': { model: { ...deep, activation: 'erf', trained: ['W1', 'W2'] }, observers: deepObservers },
  'linear layers': { model: { ...deep, activation: 'identity', trained: ['W2'] }, observers: deepObservers },
  'the whole data set': { noise: { use: 'full-batch' } },
};

test.each(Object.entries(worlds))('%s', async (_what, changes) => {
  const [recorded, oneByOne] = await digests(configOf(changes));
  expect(recorded).toBe(oneByOne);
});

test('the optimiser is asked once, for a recording of all steps', async () => {
  let asked = 0;
  const counting = (component: Component): Component => ({
    ...component,
    create(params: never, environment) {
      const made = component.create(params, environment) as Optimiser;
      const step: Optimiser['step'] = (...parts) => {
        asked += 1;
        made.step(...parts);
      };
      return { ...made, step };
    },
  });
  const counted = builtin.map((plugin) => ({
    ...plugin,
    components: plugin.components.map((one) => (one.kind === 'optimiser' ? counting(one) : one)),
  }));
  await lastValueFrom(run(configOf({}), { ...context, registry: createRegistry(counted) }));
  expect(asked).toBe(1);
});

test('a run that diverges does so at the same step', async () => {
  const config = configOf({ optimiser: { use: 'sgd', learningRate: 40 }, limits: { loss: 0.5 } });
  const result = await resultOf(config);
  expect(result.status).toBe('diverged');
  expect(result.steps).toBeLessThan(257);
  const [recorded, oneByOne] = await digests(config);
  expect(recorded).toBe(oneByOne);
});

test.each([1, 55, 100, 199])('broken off at step %i and gone on with', async (step) => {
  const config = configOf({});
  const whole = digestOf(config, await resultOf(config));
  const checkpoint = structuredClone(await breakOff(config, step));
  expect(digestOf(config, await resultOf(config, checkpoint))).toBe(whole);
});
