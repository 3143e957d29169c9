// Runs of a scenario on this thread and without files, for tests and validations of many small runs: through the
// engine, with any of the plugins that come with eigenflow.
import { setImmediate } from 'node:timers/promises';
import { lastValueFrom } from 'rxjs';
import { createRegistry } from '../../core/container.js';
import type { Arena } from '../../core/contracts/environment.js';
import type { RunView } from '../../core/contracts/observer.js';
import { gather, type RunResult } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { createSimulation } from '../../core/engine/simulation.js';
import { openMemory } from '../../core/kernels/arena.js';
import { type RunConfig, resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import { builtinPlugins } from '../../plugins/builtin.js';

const memory = openMemory();
const load = (path: string): never => {
  throw new Error(`no file ${path} in this test`);
};

export interface Ended extends RunResult {
  readonly config: RunConfig;
  /** All frames of a channel, each a list of numbers. */
  frames(channel: string): readonly (readonly number[])[];
  /** The last frame of a channel. */
  last(channel: string): readonly number[];
}

async function registryOf({ plugins = [] }: Scenario) {
  const loaded = await Promise.all(plugins.map((name) => builtinPlugins[name]()));
  return createRegistry(loaded.map((plugin) => plugin.default));
}

/** What `read` finds in the first run of the scenario as it stands before its first step. */
export async function atStart<T>(scenario: Scenario, read: (view: RunView, arena: Arena) => T): Promise<T> {
  const registry = await registryOf(scenario);
  const [config] = resolveScenario(scenario, registry, load).runs;
  return memory.withRoom((workspace) =>
    read(createSimulation(config, registry, workspace, load).view, workspace.arena),
  );
}

/** Every run of the scenario, in order: that of its sweep, seeds innermost. */
export async function runInThread<T>(scenario: Scenario, read: (ended: Ended) => T): Promise<T[]> {
  const registry = await registryOf(scenario);
  const found: T[] = [];
  for (const config of resolveScenario(scenario, registry, load).runs) {
    const result = await lastValueFrom(gather(run(config, { registry, memory, load })));
    const frames = (channel: string) => {
      const series = result.series.get(channel);
      if (!series || result.status !== 'completed')
        throw new Error(`a run ${result.status} without frames of ${channel}`);
      const size = series.data.length / series.step.length;
      return Array.from(series.step, (_, i) => Array.from(series.data.subarray(i * size, (i + 1) * size)));
    };
    found.push(
      read({
        ...result,
        config,
        frames,
        last(channel) {
          const all = frames(channel);
          return all[all.length - 1];
        },
      }),
    );
    // V8 collects nothing of a run's container until the thread returns to the event loop.
    await setImmediate();
  }
  return found;
}
