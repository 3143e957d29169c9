// A study: a scenario with its plugins, its runs and all checks that need no computing, and what its manifest says.

import { createRegistry, type Registry } from '../../core/container.js';
import { COMPONENT_KINDS, CONTRACT_VERSION, type ComponentKind, type Plugin } from '../../core/contracts/component.js';
import { type Preflight, preflight } from '../../core/engine/preflight.js';
import { checkFigures } from '../../core/figures/check.js';
import { type Memory, openMemory } from '../../core/kernels/arena.js';
import { kernelBuild } from '../../core/kernels/create-kernels.js';
import type { KernelBuildName } from '../../core/kernels/kernels.js';
import { planAdaptive } from '../../core/phases/plan.js';
import { canonical, RESULTS_SCHEMA } from '../../core/scenario/identity.js';
import {
  type ArrayLoader,
  type ResolvedSweep,
  type ResolvedUse,
  resolveScenario,
  withDigests,
} from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { Manifest, ResolvedRun } from '../results/results-folder.js';
import { packageVersion } from '../scenario/load-module.js';
import { type BuiltinPlugins, loadPlugins, withUnlisted } from '../scenario/load-plugins.js';
import { createArrayLoader, type LoadedScenario, scenarioFolderFrom } from '../scenario/load-scenario.js';
import { codeOf, type PluginCode } from '../scenario/plugin-code.js';
import { filesOfStudy } from './files-of-study.js';

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
  { scenario, folder }: LoadedScenario,
  builtin: BuiltinPlugins,
  build: KernelBuildName = 'strict',
  load: ArrayLoader = createArrayLoader(folder),
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

/** Code of the plugins that runs are computed with. A classifier computes none. */
export function codeOfStudy({ registry, sweep }: Study): PluginCode {
  const used = new Map<string, Plugin>();
  const use = (kind: ComponentKind, { use: name }: ResolvedUse) => {
    const key = `${kind} ${name}`;
    if (!used.has(key)) used.set(key, registry.owner(kind, name));
  };
  for (const { model, loss, noise, optimiser, observers } of sweep.runs) {
    use('model', model);
    use('loss', loss);
    use('noise', noise);
    use('optimiser', optimiser);
    for (const observer of Object.values(observers)) use('observer', observer);
  }
  return codeOf([...new Set(used.values())]);
}

function citationsOf({ registry, sweep }: Study): string[] {
  const [run] = sweep.runs;
  const used = [
    registry.find('model', run.model.use, 'model'),
    registry.find('loss', run.loss.use, 'loss'),
    registry.find('noise', run.noise.use, 'noise'),
    registry.find('optimiser', run.optimiser.use, 'optimiser'),
    ...Object.entries(run.observers).map(([name, { use }]) => registry.find('observer', use, `observers.${name}`)),
    ...(run.classifier ? [registry.find('classifier', run.classifier.use, 'classifier')] : []),
  ];
  return [...new Set(used.flatMap((component) => component.cite))].sort();
}

/** Unit of a swept parameter, where its component declares one. */
function axisUnit({ registry, sweep }: Study, axis: string): string {
  const [run] = sweep.runs;
  const slot = axis.slice(0, axis.lastIndexOf('.'));
  const name = axis.slice(axis.lastIndexOf('.') + 1);
  const kind = COMPONENT_KINDS.find((candidate) => candidate === slot) ?? (slot.startsWith('observers.') && 'observer');
  if (!kind || kind === 'classifier') return '1';
  const use = kind === 'observer' ? run.observers[slot.slice('observers.'.length)] : run[kind];
  const parameter = use && registry.find(kind, use.use, slot).params[name];
  return parameter && 'unit' in parameter ? parameter.unit : '1';
}

function resolvedRun({ sweep, registry, load }: Study): ResolvedRun {
  const { rootSeed, length, limits, model, loss, noise, optimiser, observers, classifier } = sweep.runs[0];
  return {
    rootSeed,
    length,
    limits,
    model: withDigests(registry, 'model', model, load),
    loss: withDigests(registry, 'loss', loss, load),
    noise: withDigests(registry, 'noise', noise, load),
    optimiser: withDigests(registry, 'optimiser', optimiser, load),
    ...(classifier ? { classifier: withDigests(registry, 'classifier', classifier, load) } : {}),
    observers: Object.fromEntries(
      Object.entries(observers).map(([name, { when, ...use }]) => [
        name,
        { ...withDigests(registry, 'observer', use, load), when },
      ]),
    ),
  };
}

/**
 * @param out the results folder
 * @param player who makes the steps, where they are made: for the record, since the bits do not depend on it
 */
export function manifestOf(study: Study, out: string, player?: string): Manifest {
  const { scenario, registry, sweep, memory } = study;
  const { name, hash, portable } = kernelBuild(memory.build);
  const code = codeOfStudy(study);
  const files = filesOfStudy(registry, sweep, study.load);
  return {
    format: 'eigenflow-results',
    schema: RESULTS_SCHEMA,
    title: scenario.title,
    scenario,
    scenarioFolder: scenarioFolderFrom(out, study.folder),
    versions: {
      eigenflow: packageVersion(),
      node: process.version,
      plugins: Object.fromEntries(registry.plugins.map((plugin) => [plugin.name, plugin.version])),
      contract: CONTRACT_VERSION,
      ...(Object.keys(code).length > 0 ? { code } : {}),
    },
    resolved: resolvedRun(study),
    ...(files.length > 0 ? { files } : {}),
    citations: citationsOf(study),
    kernels: { name, hash, portable, ...(player === undefined ? {} : { player }) },
    axes: sweep.grid.axes.map((axis) => ({ ...axis, unit: axisUnit(study, axis.name) })),
    seeds: sweep.grid.seeds,
    channels: study.preflight.channels,
    labels: study.preflight.labels,
  };
}
