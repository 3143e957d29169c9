// Runs of the plugin `nonequilibrium` for its tests and its validation: through the engine, on this thread, without
// files.
import { lastValueFrom } from 'rxjs';
import { createRegistry } from '../../../core/container.js';
import type { NamedArrays } from '../../../core/contracts/arrays.js';
import { defineObserver, definePlugin } from '../../../core/contracts/component.js';
import { vector } from '../../../core/contracts/observer.js';
import { gather, type RunResult } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import network from '../../../plugins/network/index.js';
import nonequilibrium from '../../../plugins/nonequilibrium/index.js';
import optimisers from '../../../plugins/optimisers/index.js';
import sgd from '../../../plugins/sgd/index.js';
import spectrum from '../../../plugins/spectrum/index.js';

/** Targets of all samples, which no channel of the plugin shows. */
const targets = defineObserver({
  name: 'targets',
  summary: 'Targets of all samples',
  params: {},
  cite: [],
  create: (_params, { run: { model }, arena }) => {
    const pass = model.open(model.samples);
    const batch = arena.indices(model.samples).map((_, i) => i);
    const out = arena.vector(model.samples);
    const rows = arena.indices(model.samples);
    rows.set(batch);
    return {
      channels: { y: vector('sample', model.samples, '1', 'targets') },
      observe(frame) {
        pass.targets(rows, model.samples, out);
        frame.y.set(out);
      },
    };
  },
});
const ofTests = definePlugin({ name: 'of-tests', version: '0.1.0', components: [targets] });

const plugins = [ofTests, nonequilibrium, sgd, optimisers, network, spectrum];
const registry = createRegistry(plugins);
const memory = openMemory();

/** Every run of a scenario. @param files arrays by the path that the scenario names */
export async function runAll(
  scenario: Omit<Scenario, 'plugins'>,
  files: Readonly<Record<string, NamedArrays>> = {},
): Promise<RunResult[]> {
  const load = (path: string) => {
    const found = Object.entries(files).find(([name]) => path.endsWith(name));
    if (!found) throw new Error(`no file ${path} in this test`);
    return found[1];
  };
  const { runs } = resolveScenario({ ...scenario, plugins: plugins.map(({ name }) => name) }, registry, load);
  const results: RunResult[] = [];
  for (const config of runs) results.push(await lastValueFrom(gather(run(config, { registry, memory, load }))));
  return results;
}

/** The last frame of a channel. */
export function lastOf({ series, status }: RunResult, channel: string): Float64Array {
  const found = series.get(channel);
  if (!found || status !== 'completed') throw new Error(`a run ${status} without frames of ${channel}`);
  const size = found.data.length / found.step.length;
  return found.data.slice(-size);
}

export const numberOf = (result: RunResult, channel: string) => lastOf(result, channel)[0];

/** The regression of arXiv:2306.03521, learning rates in units of eta N/s^2 with N = 200 and s = 0.1. */
export const PER_ETA = 200 / 0.1 ** 2;
export const regression = {
  title: 'regression',
  seed: 1,
  steps: 0,
  model: { use: 'bump-regression' },
  loss: { use: 'half-mean-square' },
  noise: { use: 'minibatch', batchSize: 10, order: 'fresh-subset' },
  optimiser: { use: 'sgd', learningRate: 1e-7 * PER_ETA, weightDecay: 0.001 },
} as const;
