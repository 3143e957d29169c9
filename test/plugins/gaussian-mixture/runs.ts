// Runs of the plugin `gaussian-mixture` for its tests and its validation: through the engine, on this thread and without
// files.
import { setImmediate } from 'node:timers/promises';
import { lastValueFrom } from 'rxjs';
import { createRegistry } from '../../../core/container.js';
import { gather, type RunResult } from '../../../core/engine/gather.js';
import { run } from '../../../core/engine/run.js';
import { openMemory } from '../../../core/kernels/arena.js';
import { resolveScenario } from '../../../core/scenario/resolve.js';
import type { Scenario } from '../../../core/scenario/scenario.js';
import gaussianMixture from '../../../plugins/gaussian-mixture/index.js';
import network from '../../../plugins/network/index.js';
import optimisers from '../../../plugins/optimisers/index.js';
import sgd from '../../../plugins/sgd/index.js';

const plugins = [gaussianMixture, sgd, optimisers, network];
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
