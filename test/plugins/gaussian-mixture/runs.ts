// Runs of the plugin `gaussian-mixture` for its tests and its validation: through the engine, on this thread and without
// files.
import { setImmediate } from 'node:timers/promises';
import { lastValueFrom } from 'rxjs';
import { createRegistry } from '../../../core/container.js';
import { gather, type RunResult } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { createSimulation } from '../../../core/engine/simulation.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import gaussianMixture from '../../../plugins/gaussian-mixture/index.js';
import network from '../../../plugins/network/index.js';
import optimisers from '../../../plugins/optimisers/index.js';
import sgd from '../../../plugins/sgd/index.js';
import spectrum from '../../../plugins/spectrum/index.js';

const plugins = [gaussianMixture, sgd, optimisers, network, spectrum];
const registry = createRegistry(plugins);
const memory = openMemory();
const load = (path: string): never => {
  throw new Error(`no file ${path} here`);
};

/** What `read` finds in the result of every run. The thread returns to the event loop in between, so that V8 collects. */
export async function runAll<T>(scenario: Omit<Scenario, 'plugins'>, read: (result: RunResult) => T): Promise<T[]> {
  const { runs } = resolveScenario({ ...scenario, plugins: plugins.map(({ name }) => name) }, registry, load);
  const found: T[] = [];
  for (const config of runs) {
    found.push(read(await lastValueFrom(gather(run(config, { registry, memory, load })))));
    await setImmediate();
  }
  return found;
}

/** All frames of a channel of numbers. */
export function numbersOf({ series, status }: RunResult, channel: string): number[] {
  const found = series.get(channel);
  if (!found || status !== 'completed') throw new Error(`a run ${status} without frames of ${channel}`);
  return Array.from(found.data);
}

/** Inputs of the training set of every run, a row for each sample, times 1 or -1 as its label is 1 or 0. */
export function signedInputs(scenario: Omit<Scenario, 'plugins'>): Float64Array[][] {
  const { runs } = resolveScenario({ ...scenario, plugins: plugins.map(({ name }) => name) }, registry, load);
  return runs.map((config) =>
    memory.withRoom((workspace) => {
      const { model, theta } = createSimulation(config, registry, workspace, load).view;
      const { samples, size, layout } = model;
      const { arena } = workspace;
      const pass = model.open(samples);
      const indices = arena.indices(samples);
      for (let s = 0; s < samples; s++) indices[s] = s;
      const [out, ones, left] = [arena.vector(samples), arena.vector(samples).fill(1), arena.vector(samples)];
      const right = arena.vector(samples * size);
      pass.forward(theta, indices, samples, out);
      pass.sampleGradients?.factors(theta, indices, samples, ones, layout[0], left, right);
      pass.targets(indices, samples, out);
      return Array.from({ length: samples }, (_, s) =>
        Float64Array.from(right.subarray(s * size, (s + 1) * size), (x) => (out[s] > 0 ? x : -x)),
      );
    }),
  );
}
