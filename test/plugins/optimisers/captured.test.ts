// Steps that are captured and played have the bits of steps that are made call by call, bias corrections and schedules
// included; and so has a run that is broken off anywhere.
import { expect, test } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import { type Component, definePlugin } from '../../../core/contracts/component.js';
import { createSimulation } from '../../../core/engine/simulation.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import optimisers from '../../../plugins/optimisers/index.js';
import sgd from '../../../plugins/sgd/index.js';
import teacherStudent from '../../../plugins/teacher-student/index.js';

const noFiles = (path: string): never => {
  throw new Error(`no file ${path} in this test`);
};

const memory = openMemory();

/** Weights after these numbers of steps, one stretch after the other. */
function weights(component: Component, params: object, stretches: readonly number[]): Float64Array {
  const others = sgd.components.filter(({ name }) => name !== component.name);
  const plugins = [
    teacherStudent,
    definePlugin({ name: 'test', version: '0.0.0', components: [...others, component] }),
  ];
  const scenario = {
    title: 'Captured',
    plugins: plugins.map(({ name }) => name),
    steps: 1000,
    model: { use: 'teacher-student', hidden: 5, features: 4, samples: 50 },
    loss: { use: 'half-mean-square' },
    noise: { use: 'minibatch', batchSize: 3, order: 'reshuffled' },
    optimiser: { use: component.name, ...params },
  } as unknown as Scenario;
  const [config] = resolveScenario(scenario, createRegistry(plugins), noFiles).runs;
  const simulation = memory.withRoom((workspace) =>
    createSimulation(config, createRegistry(plugins), workspace, noFiles),
  );
  for (const steps of stretches) simulation.advance(simulation.clock.step + steps);
  return simulation.view.theta.slice();
}

const PARAMS: Readonly<Record<string, object>> = {
  'gradient-flow': { stepCheck: false },
  'nag-gs': { mass: 2 },
  adagrad: { slowing: 0.01 },
  sam: { base: 'adam' },
};

const all = [...optimisers.components, ...sgd.components].filter(({ kind }) => kind === 'optimiser');
const captured = all.filter(({ kernelsOnly }) => kernelsOnly !== undefined);

test('all but implicit can be captured', () => {
  expect(all.filter((component) => !captured.includes(component)).map(({ name }) => name)).toEqual(['implicit']);
});

test.each(captured.map((component) => [component.name, component] as const))('%s', (name, component) => {
  const follows = component.params.learningRate && 'schedulable' in component.params.learningRate;
  const rates = [0.001, ...(follows ? [{ peak: 0.001, warmUp: 50, cosine: 300, floor: 0.1 }] : [])];
  const clips = 'clip' in component.params ? [{}, { clip: 0.5 }] : [{}];
  for (const learningRate of rates) {
    for (const clip of clips) {
      const params = { ...PARAMS[name], learningRate, ...clip };
      const played = weights(component, params, [350]);
      expect(weights({ ...component, kernelsOnly: false }, params, [350])).toEqual(played);
      expect(weights(component, params, [1, 99, 3, 200, 47])).toEqual(played);
    }
  }
});
