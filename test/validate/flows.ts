// Small runs of the plugins `diagonal-network` and `matrix-factorisation` for their tests and validations: through the
// engine, but on this thread and without files.
import { setImmediate } from 'node:timers/promises';
import { lastValueFrom } from 'rxjs';
import { createRegistry } from '../../core/container.js';
import type { NamedArrays, NumberArray } from '../../core/contracts/arrays.js';
import { gather, type RunResult } from '../../core/engine/gather.js';
import { run } from '../../core/engine/run.js';
import { openMemory } from '../../core/kernels/arena.js';
import { resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import diagonalNetwork from '../../plugins/diagonal-network/index.js';
import matrixFactorisation from '../../plugins/matrix-factorisation/index.js';
import optimisers from '../../plugins/optimisers/index.js';
import sgd from '../../plugins/sgd/index.js';
import spectralStatistics from '../../plugins/spectral-statistics/index.js';
import spectrum from '../../plugins/spectrum/index.js';
import training from '../../plugins/training/index.js';

const plugins = [diagonalNetwork, matrixFactorisation, sgd, optimisers, training, spectrum, spectralStatistics];
const registry = createRegistry(plugins);
const memory = openMemory();

/** Arrays under the path that a scenario names. */
export function arraysOf(path: string, arrays: Readonly<Record<string, NumberArray>>): NamedArrays {
  return {
    source: path,
    digest: path,
    names: Object.keys(arrays),
    has: (name) => Object.hasOwn(arrays, name),
    get: (name) => arrays[name],
  };
}

/** The results of all runs of a scenario, in the order of its sweep. @param files arrays by path */
export async function runAll(
  scenario: Omit<Scenario, 'plugins' | 'title'>,
  files: Readonly<Record<string, NamedArrays>> = {},
): Promise<readonly RunResult[]> {
  const load = (path: string): NamedArrays => {
    const found = files[path];
    if (!found) throw new Error(`no file ${path} in this validation`);
    return found;
  };
  const listed = { ...scenario, title: 'flow', plugins: plugins.map(({ name }) => name) };
  const results: RunResult[] = [];
  for (const config of resolveScenario(listed, registry, load).runs) {
    results.push(await lastValueFrom(gather(run(config, { registry, memory, load }))));
    // V8 collects nothing of the container of a run before the thread returns to the event loop.
    await setImmediate();
  }
  return results;
}

/** Frames of a channel, each a list of numbers. */
export function frames({ series, status }: RunResult, channel: string): number[][] {
  const found = series.get(channel);
  if (!found || status !== 'completed') throw new Error(`a run ${status} without frames of ${channel}`);
  const size = found.data.length / found.step.length;
  return Array.from(found.step, (_, i) => Array.from(found.data.subarray(i * size, (i + 1) * size)));
}

/** First number of the last frame. */
export const last = (result: RunResult, channel: string) => frames(result, channel).at(-1)?.[0] ?? Number.NaN;
