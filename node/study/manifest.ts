// What the manifest of a study says, told from the study and from where it is computed. No file is touched here: a tab writes the
// same manifest as a disk.
import type { Registry } from '../../core/container.js';
import { COMPONENT_KINDS, CONTRACT_VERSION, type ComponentKind, type Plugin } from '../../core/contracts/component.js';
import type { Preflight } from '../../core/engine/preflight.js';
import { kernelBuild } from '../../core/kernels/create-kernels.js';
import type { KernelBuildName } from '../../core/kernels/kernels.js';
import { RESULTS_SCHEMA } from '../../core/scenario/identity.js';
import { type ArrayLoader, type ResolvedSweep, type ResolvedUse, withDigests } from '../../core/scenario/resolve.js';
import type { Scenario } from '../../core/scenario/scenario.js';
import type { Manifest, ResolvedRun } from '../results/check-manifest.js';
import { codeOf, type PluginCode } from '../scenario/plugin-code.js';
import { filesOfStudy } from './files-of-study.js';

/** A study as far as its manifest speaks of it. */
export interface DescribedStudy {
  readonly scenario: Scenario;
  readonly registry: Registry;
  readonly sweep: ResolvedSweep;
  readonly preflight: Preflight;
  readonly load: ArrayLoader;
}

/** What computes a study. */
export interface ComputedBy {
  readonly build: KernelBuildName;
  /** Who makes the steps, for the record: the bits do not depend on it. */
  readonly player?: string;
  /** Where relative paths of the scenario lead, as seen from the results folder. */
  readonly scenarioFolder: string;
  readonly versions: { readonly eigenflow: string; readonly node: string };
}

/** Code of the plugins that runs are computed with. A classifier computes none. */
export function codeOfStudy({ registry, sweep }: Pick<DescribedStudy, 'registry' | 'sweep'>): PluginCode {
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

function citationsOf({ registry, sweep }: DescribedStudy): string[] {
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
function axisUnit({ registry, sweep }: DescribedStudy, axis: string): string {
  const [run] = sweep.runs;
  const slot = axis.slice(0, axis.lastIndexOf('.'));
  const name = axis.slice(axis.lastIndexOf('.') + 1);
  const kind = COMPONENT_KINDS.find((candidate) => candidate === slot) ?? (slot.startsWith('observers.') && 'observer');
  if (!kind || kind === 'classifier') return '1';
  const use = kind === 'observer' ? run.observers[slot.slice('observers.'.length)] : run[kind];
  const parameter = use && registry.find(kind, use.use, slot).params[name];
  return parameter && 'unit' in parameter ? parameter.unit : '1';
}

function resolvedRun({ sweep, registry, load }: DescribedStudy): ResolvedRun {
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

export function describeStudy(
  study: DescribedStudy,
  { build, player, scenarioFolder, versions }: ComputedBy,
): Manifest {
  const { scenario, registry, sweep, preflight } = study;
  const { name, hash, portable } = kernelBuild(build);
  const code = codeOfStudy(study);
  const files = filesOfStudy(registry, sweep, study.load);
  return {
    format: 'eigenflow-results',
    schema: RESULTS_SCHEMA,
    title: scenario.title,
    scenario,
    scenarioFolder,
    versions: {
      ...versions,
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
    channels: preflight.channels,
    labels: preflight.labels,
  };
}
