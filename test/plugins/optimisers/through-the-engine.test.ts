// The same trajectories of PyTorch as a user gets them: the model `network`, its losses, minibatches and schedules, by
// the engine, which captures the steps that are kernel calls alone and plays them.
import { describe, expect, test } from 'vitest';
import { createRegistry } from '../../../core/container.js';
import { createSimulation } from '../../../core/engine/simulation.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import network from '../../../plugins/network/index.js';
import optimisers from '../../../plugins/optimisers/index.js';
import sgd from '../../../plugins/sgd/index.js';
import { blocksOf, largestDifference, networkOf, reference, setting, TOLERANCES } from '../network/build.js';
import { settingOf } from './settings.js';

const FILES = [
  ...['sgd', 'sgd-weight-decay', 'momentum', 'nesterov', 'clip-sgd', 'clip-adam', 'gradient-flow', 'sam', 'sam-adam'],
  ...['adam', 'adam-l2', 'adam-large-eps', 'adamw', 'amsgrad', 'amsgrad-decoupled', 'parametrisation-mup-adam'],
  ...['rmsprop', 'rmsprop-momentum', 'rmsprop-centered', 'adagrad', 'adagrad-accumulator'],
  ...['sign-sgd', 'sign-momentum', 'lion', 'lion-decay'],
  ...['muon', 'muon-hidden-only', 'muon-exact', 'muon-usual-rate'],
  ...['schedule-warmup', 'schedule-cosine', 'schedule-wsd'],
] as const;

/** What the file does not say of a parametrisation. */
const MODELS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'parametrisation-mup-adam': { parametrisation: 'mup', baseWidth: 4 },
};

const plugins = [network, optimisers, sgd];
const registry = createRegistry(plugins);
const memory = openMemory();

describe('as PyTorch, through the engine', () => {
  test.each(FILES)('%s', (name) => {
    const file = reference(name);
    const layers = file.get('dims').data.length - 1;
    const blocks = Array.from({ length: layers }, (_, l) => [`W${l + 1}`, `b${l + 1}`]).flat();
    const { component, params } = settingOf(file, blocks);
    const loss = file.text('loss');
    const delta = file.has('loss_args_delta') ? { delta: setting(file, 'loss_args_delta', 1) } : {};
    const scenario = {
      title: name,
      plugins: plugins.map((plugin) => plugin.name),
      steps: 1000,
      model: { use: 'network', ...networkOf(file), ...MODELS[name] },
      loss: { use: loss, ...delta },
      noise: { use: 'minibatch', batchSize: setting(file, 'batch', 1), order: 'cyclic' },
      optimiser: { use: component.name, ...params },
    } as unknown as Scenario;
    const load = () => file;
    const [config] = resolveScenario(scenario, registry, load).runs;
    const simulation = memory.withRoom((workspace) => createSimulation(config, registry, workspace, load));
    const { model, theta } = simulation.view;
    file.get('steps').data.forEach((step, frame) => {
      simulation.advance(step);
      for (const [block, values] of blocksOf(model, theta)) {
        const all = file.get(`${block}_at_steps`).data;
        const expected = all.subarray(frame * values.length, (frame + 1) * values.length);
        expect(largestDifference(values, expected), `${block} after ${step} steps`).toBeLessThanOrEqual(
          TOLERANCES[step],
        );
      }
    });
  });
});
