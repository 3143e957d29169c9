// What an observer learns of the noise: its temperature and the size of the coming step, without disturbing the run.
import { lastValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import { defineObserver, definePlugin } from '../../../core/contracts/component.js';
import { observer, vector } from '../../../core/contracts/observer.js';
import { gather } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import langevin from '../../../plugins/langevin/index.js';
import { builtin, context, framesOf, networkScenario, toyScenario } from './runs.js';
import { toy } from './toy.js';

const thermometer = defineObserver({
  name: 'thermometer',
  summary: 'What the view says of the coming step',
  params: {},
  cite: [],
  create: (_params, { run }) =>
    observer({
      channels: { seen: vector('what', 3, '1', 'temperature, size of the coming step, of the last step') },
      observe(frame) {
        frame.seen.set([run.temperature, run.nextStepSize, run.clock.stepSize]);
      },
    }),
});
const plugin = definePlugin({ name: 'thermometer', version: '1.0.0', components: [thermometer] });
const registry = createRegistry([...builtin, langevin, toy, plugin]);

async function seen(scenario: Scenario): Promise<number[][]> {
  const observers = { view: { use: 'thermometer', when: { at: [0, 4] } } };
  const [config] = resolveScenario({ ...scenario, steps: 5, observers }, registry, context.load).runs;
  return framesOf(await lastValueFrom(gather(run(config, { ...context, registry }))), 'view.seen');
}

it('minibatches: learning rate / batch size, along a schedule', async () => {
  expect(await seen(networkScenario)).toEqual([
    [0.125, 0.5, 0],
    [0.125, 0.5, 0.5],
  ]);
  const optimiser = { use: 'sgd', learningRate: { ramp: [0.5, 0.1], over: 4 } };
  const [first, last] = await seen({ ...networkScenario, optimiser });
  expect(first).toEqual([0.125, 0.5, 0]);
  expect(last.map((value) => Number(value.toPrecision(12)))).toEqual([0.025, 0.1, 0.2]);
});

it('Langevin noise: its own temperature, whatever the step', async () => {
  const noise = { use: 'langevin', temperature: 0.01 };
  expect((await seen({ ...networkScenario, noise })).map(([temperature]) => temperature)).toEqual([0.01, 0.01]);
});

it('gradient descent: zero', async () => {
  expect((await seen({ ...networkScenario, noise: { use: 'full-batch' } })).map(([T]) => T)).toEqual([0, 0]);
});

it('noise that does not say: not measured', async () => {
  expect((await seen(toyScenario)).map(([temperature]) => temperature)).toEqual([Number.NaN, Number.NaN]);
});
