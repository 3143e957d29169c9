// Ensembles of tiny runs for the tests and validations of the plugin `solvable`: through the engine, but on this thread and without
// files, because ten thousand runs of a millisecond each are not worth storing.
import { setImmediate } from 'node:timers/promises';
import { lastValueFrom } from 'rxjs';
import { createRegistry } from '../../core/container.js';
import { gather, type RunResult } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { openMemory } from '../../core/kernels/arena.js';
import { resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import langevin from '../../plugins/langevin/index.js';
import sgd from '../../plugins/sgd/index.js';
import solvable from '../../plugins/solvable/index.js';
import spectralStatistics from '../../plugins/spectral-statistics/index.js';

const plugins = [solvable, sgd, langevin, spectralStatistics];
const registry = createRegistry(plugins);
const memory = openMemory();
const load = (path: string): never => {
  throw new Error(`no file ${path} in this validation`);
};

/**
 * Of a scenario without sweep axes: what `read` finds in the result of each seed.
 *
 * The thread returns to the event loop after each run: until it does, V8 collects nothing of the container of a run,
 * because the targets of weak references are kept alive as long as a task lasts.
 */
export async function runSeeds<T>(scenario: Omit<Scenario, 'plugins'>, read: (result: RunResult) => T): Promise<T[]> {
  const { runs } = resolveScenario({ ...scenario, plugins: plugins.map(({ name }) => name) }, registry, load);
  const found: T[] = [];
  for (const config of runs) {
    found.push(read(await lastValueFrom(gather(run(config, { registry, memory, load })))));
    await setImmediate();
  }
  return found;
}

/** All frames of a channel, each a list of numbers. */
export function framesOf({ series, status }: RunResult, channel: string): readonly (readonly number[])[] {
  const found = series.get(channel);
  if (!found || status !== 'completed') throw new Error(`a run ${status} without frames of ${channel}`);
  const size = found.data.length / found.step.length;
  return Array.from(found.step, (_, i) => Array.from(found.data.subarray(i * size, (i + 1) * size)));
}
