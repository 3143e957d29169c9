// Ensembles of small runs for tests and validations: through the engine, but on this thread and without files, because
// thousands of runs of a millisecond each are not worth storing.
import { setImmediate } from 'node:timers/promises';
import { lastValueFrom } from 'rxjs';
import { createRegistry } from '../../core/container.js';
import type { Plugin } from '../../core/contracts/component.js';
import { gather, type RunResult } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { openMemory } from '../../core/kernels/arena.js';
import { type RunConfig, resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';

export type Ensemble = <T>(
  scenario: Omit<Scenario, 'plugins' | 'title'>,
  read: (result: RunResult, config: RunConfig) => T,
) => Promise<T[]>;

/**
 * @param plugins that the scenarios may use; those listed in a scenario are not looked at
 * @returns a function that makes all runs of a scenario, in order, and gives what `read` finds in the result of each
 */
export function openEnsemble(plugins: readonly Plugin[]): Ensemble {
  const registry = createRegistry([...plugins]);
  const memory = openMemory();
  const load = (path: string): never => {
    throw new Error(`no file ${path} in this ensemble`);
  };
  return async (scenario, read) => {
    const listed = { ...scenario, title: 'ensemble', plugins: plugins.map(({ name }) => name) };
    const found = [];
    for (const config of resolveScenario(listed, registry, load).runs) {
      found.push(read(await lastValueFrom(gather(run(config, { registry, memory, load }))), config));
      // V8 collects nothing of the container of a run until the thread returns to the event loop.
      await setImmediate();
    }
    return found;
  };
}

/** All frames of a channel of numbers. @throws where the run has not ended well or has none */
export function numbersOf({ series, status }: RunResult, channel: string): Float64Array {
  const found = series.get(channel);
  if (!found || status !== 'completed') throw new Error(`a run ${status} without frames of ${channel}`);
  return found.data;
}
