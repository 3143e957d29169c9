// Ensembles of tiny runs for the validations of the plugin `solvable`: through the engine, but on this thread and without
// files, because ten thousand runs of a millisecond each are not worth storing.
import { lastValueFrom } from 'rxjs';
import { openWorkbench } from '../../core/arena.js';
import { createRegistry } from '../../core/container.js';
import { gather, type RunResult } from '../../core/engine/result.js';
import { run } from '../../core/engine/run.js';
import { resolveScenario } from '../../core/scenario/run-config.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import sgd from '../../plugins/sgd/index.js';
import solvable from '../../plugins/solvable/index.js';
import spectralStatistics from '../../plugins/spectral-statistics/index.js';

const registry = createRegistry([solvable, sgd, spectralStatistics]);
const bench = openWorkbench();
const load = (path: string): never => {
  throw new Error(`no file ${path} in this validation`);
};

/** Of a scenario without sweep axes: one result for each seed. */
export async function runSeeds(scenario: Omit<Scenario, 'plugins'>): Promise<readonly RunResult[]> {
  const { runs } = resolveScenario(
    { ...scenario, plugins: [solvable.name, sgd.name, spectralStatistics.name] },
    registry,
    load,
  );
  const results: RunResult[] = [];
  for (const config of runs) results.push(await lastValueFrom(gather(run(config, { registry, bench, load }))));
  return results;
}

/** All frames of a channel, each a list of numbers. */
export function framesOf({ series, status }: RunResult, channel: string): readonly (readonly number[])[] {
  const found = series.get(channel);
  if (!found || status !== 'completed') throw new Error(`a run ${status} without frames of ${channel}`);
  const size = found.data.length / found.step.length;
  return Array.from(found.step, (_, i) => Array.from(found.data.subarray(i * size, (i + 1) * size)));
}
