// A study: a scenario with its plugins, its runs and all checks that need no computing, and what its manifest says.

import { createRegistry, type Registry } from '../../core/container.js';
import { type Preflight, preflight } from '../../core/engine/preflight.js';
import { checkFigures } from '../../core/figures/check.js';
import { type Memory, openMemory } from '../../core/kernels/arena.js';
import type { KernelBuildName } from '../../core/kernels/kernels.js';
import { planAdaptive } from '../../core/phases/plan.js';
import { canonical } from '../../core/scenario/identity.js';
import { type ArrayLoader, type ResolvedSweep, resolveScenario } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { Manifest } from '../results/results-folder.js';
import { packageVersion } from '../scenario/load-module.js';
import { type BuiltinPlugins, loadPlugins, withUnlisted } from '../scenario/load-plugins.js';
import { createArrayLoader, type LoadedScenario, scenarioFolderFrom } from '../scenario/load-scenario.js';
import { describeStudy } from './manifest.js';

/** A scenario that has passed every check that can be made without running it. */
export interface Study {
  readonly scenario: Scenario;
  readonly folder: string;
  readonly registry: Registry;
  readonly sweep: ResolvedSweep;
  readonly preflight: Preflight;
  readonly memory: Memory;
  readonly load: ArrayLoader;
}

/**
 * @param load finds arrays while the study is prepared: for files that will have been written when it runs
 * @throws EigenflowError naming the first mistake; nothing has been written by then
 */
export async function prepareStudy(
  { scenario, folder, results }: LoadedScenario,
  builtin: BuiltinPlugins,
  build: KernelBuildName = 'strict',
  load: ArrayLoader = createArrayLoader(folder, results),
): Promise<Study> {
  const registry = createRegistry(await loadPlugins(scenario.plugins, folder, builtin));
  const memory = openMemory(build);
  const sweep = await withUnlisted(builtin, () => resolveScenario(scenario, registry, load, build));
  if (scenario.sweep?.adaptive) planAdaptive(scenario.sweep.adaptive, sweep.grid);
  const found = preflight(sweep, registry, memory, load);
  checkFigures(scenario.figures ?? [], {
    ...sweep.grid,
    channels: found.channels,
    frameCounts: found.frameCounts,
    classifiers: scenario.classifier ? { [scenario.classifier.use]: found.labels } : {},
    scenario,
  });
  return { scenario, folder, registry, sweep, preflight: found, memory, load };
}

/** The same study on the grid of the folder's scenario, which another process may have extended. */
export function withSweepOf(study: Study, { scenario: { sweep } }: Manifest): Study {
  if (canonical({ sweep }) === canonical({ sweep: study.scenario.sweep })) return study;
  const scenario = { ...study.scenario, sweep };
  return { ...study, scenario, sweep: resolveScenario(scenario, study.registry, study.load, study.memory.build) };
}

/**
 * @param out the results folder
 * @param player who makes the steps, where they are made: for the record, since the bits do not depend on it
 */
export function manifestOf(study: Study, out: string, player?: string): Manifest {
  return describeStudy(study, {
    build: study.memory.build,
    player,
    scenarioFolder: scenarioFolderFrom(out, study.folder),
    versions: { eigenflow: packageVersion(), node: process.version },
  });
}
