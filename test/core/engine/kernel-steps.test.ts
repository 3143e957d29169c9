// Steps that are captured and played leave the bytes of steps that are made one by one: networks, losses, orders of
// samples, optimisers, observers in between, divergence, and runs that are broken off.

import { lastValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import { type Component, defineOptimiser, definePlugin, type Plugin } from '../../../core/contracts/component.js';
import type { NoiseModel } from '../../../core/contracts/noise-model.js';
import type { Optimiser } from '../../../core/contracts/optimiser.js';
import { number } from '../../../core/contracts/parameters.js';
import { gather } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { type RunConfig, resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import { breakOff, builtin, context, digestOf, networkScenario, resultOf } from './runs.js';

/** The same components, none of which says that it leaves all arithmetic to kernels. */
const stepByStep = (component: Component): Component => ({ ...component, kernelsOnly: false });

const slow: readonly Plugin[] = builtin.map((plugin) => ({ ...plugin, components: plugin.components.map(stepByStep) }));
const slowRegistry = createRegistry(slow);

async function digests(config: RunConfig): Promise<[captured: string, oneByOne: string]> {
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

const steps = (...pieces: [number, number][]) => pieces;

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
  'batches that come again after 40 steps, at rates that do not': {
    noise: { use: 'minibatch', batchSize: 7, order: 'cyclic' },
    optimiser: { use: 'momentum', learningRate: { ramp: [0.02, 0.1], over: 150 }, momentum: 0.5 },
  },
  'the whole data set': { noise: { use: 'full-batch' } },
  'a learning rate that falls': {
    optimiser: { use: 'sgd', learningRate: { ramp: [0.25, 0.01], over: 200, shape: 'geometric' } },
  },
  'momentum with everything scheduled, and batches that straddle epochs': {
    noise: { use: 'minibatch', batchSize: 7, order: 'reshuffled' },
    optimiser: {
      use: 'momentum',
      learningRate: { ramp: [0.02, 0.1], over: 150 },
      momentum: { pieces: steps([0, 0], [99, 0.9], [201, 0.5]) },
      weightDecay: { pieces: steps([0, 1e-3], [120, 0]) },
    },
  },
  'nesterov with a scheduled momentum': {
    optimiser: { use: 'nesterov', learningRate: 0.1, momentum: { ramp: [0.9, 0], over: 300 } },
  },
  'a weight decay that is switched on': {
    optimiser: { use: 'sgd', learningRate: 0.2, weightDecay: { pieces: steps([0, 0], [101, 0.01]) } },
  },
};

test.each(Object.entries(worlds))('%s', async (_what, changes) => {
  const [captured, oneByOne] = await digests(configOf(changes));
  expect(captured).toBe(oneByOne);
});

/** How often a run of 257 steps draws a batch. */
async function drawn(noise: Scenario['noise']): Promise<number> {
  let times = 0;
  const counting = (component: Component): Component => ({
    ...component,
    create(params: never, environment) {
      const made = component.create(params, environment) as NoiseModel;
      const draw: NoiseModel['draw'] = (...parts) => {
        times += 1;
        return made.draw(...parts);
      };
      return { ...made, draw };
    },
  });
  const counted = builtin.map((plugin) => ({
    ...plugin,
    components: plugin.components.map((one) => (one.kind === 'noise' ? counting(one) : one)),
  }));
  const registry = createRegistry(counted);
  const observers = { full: { use: 'full-loss', when: { every: 64 } } };
  const [config] = resolveScenario({ ...base, noise, observers }, registry, context.load).runs;
  await lastValueFrom(run(config, { ...context, registry }));
  return times;
}

test('batches that come again are not drawn again', async () => {
  const [again, anew] = await Promise.all([
    drawn({ use: 'minibatch', batchSize: 7, order: 'cyclic' }),
    drawn({ use: 'minibatch', batchSize: 7, order: 'reshuffled' }),
  ]);
  // Three periods of 40 are kept, so that a hundred steps can be made without a pause.
  expect(anew - again).toBe(257 - 120);
});

/** How often a run asks its optimiser for a step. */
async function asked(optimiser: Scenario['optimiser'], plugins: readonly Plugin[] = builtin): Promise<number> {
  let times = 0;
  const counting = (component: Component): Component => ({
    ...component,
    create(params: never, environment) {
      const made = component.create(params, environment) as Optimiser;
      const step: Optimiser['step'] = (...parts) => {
        times += 1;
        made.step(...parts);
      };
      return { ...made, step };
    },
  });
  const counted = plugins.map((plugin) => ({
    ...plugin,
    components: plugin.components.map((one) => (one.kind === 'optimiser' ? counting(one) : one)),
  }));
  const registry = createRegistry(counted);
  const [config] = resolveScenario({ ...base, optimiser }, registry, context.load).runs;
  await lastValueFrom(run(config, { ...context, registry }));
  return times;
}

test('the optimiser is asked once, and all steps play what it called', async () => {
  expect(await asked({ use: 'sgd', learningRate: 0.1 })).toBe(1);
});

test('where parameters are scheduled it is asked three or four times for each, to see which numbers follow them', async () => {
  const learningRate = { ramp: [0.25, 0.01], over: 200 };
  expect(await asked({ use: 'sgd', learningRate })).toBeLessThanOrEqual(4);
  expect(await asked({ use: 'nesterov', learningRate, momentum: { ramp: [0.9, 0.1], over: 9 } })).toBeLessThanOrEqual(
    7,
  );
});

test('it is asked at every step where a parameter decides which kernels are called', async () => {
  const branching = defineOptimiser({
    name: 'branching',
    summary: 'Calls another kernel where there is no weight decay',
    params: { decay: number({ doc: 'weight decay', unit: '1', schedulable: true }) },
    cite: [],
    kernelsOnly: true,
    create: (params, { kernels }) => ({
      state: [],
      stepSize: () => 0.1,
      step(theta, objective) {
        objective.evaluate(theta);
        if (params.decay > 0) kernels.scale(0.99, theta, theta.length);
        kernels.axpy(-0.1, objective.gradient, theta.length, theta);
      },
    }),
  });
  const own = definePlugin({ name: 'own', version: '1.0.0', components: [branching] });
  const decay = { ramp: [0, 0.01], over: 200 };
  expect(await asked({ use: 'branching', decay }, [...builtin, own])).toBeGreaterThan(257);
});

test.each([
  ['constant', 40],
  ['rising', { ramp: [0.1, 40], over: 20 }],
])('a run that diverges at a %s learning rate does so at the same step', async (_how, learningRate) => {
  const config = configOf({ optimiser: { use: 'sgd', learningRate }, limits: { loss: 0.5 } });
  const result = await resultOf(config);
  expect(result.status).toBe('diverged');
  expect(result.steps).toBeLessThan(257);
  const [captured, oneByOne] = await digests(config);
  expect(captured).toBe(oneByOne);
});

const falling = { use: 'sgd', learningRate: { ramp: [0.25, 0.01], over: 200 } };
test.each([
  [1, networkScenario.optimiser],
  [55, networkScenario.optimiser],
  [100, networkScenario.optimiser],
  [199, networkScenario.optimiser],
  [55, falling],
  [199, falling],
])('broken off at step %i and gone on with, optimiser %o', async (step, optimiser) => {
  const config = configOf({ optimiser });
  const whole = digestOf(config, await resultOf(config));
  const checkpoint = structuredClone(await breakOff(config, step));
  expect(digestOf(config, await resultOf(config, checkpoint))).toBe(whole);
});
